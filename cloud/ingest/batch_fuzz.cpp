// libFuzzer: what a sensor with a valid certificate may send instead of batches.
#include <cstdint>

#include "cloud/ingest/decoder.h"
#include "osect/v1/uplink.pb.h"
#include "proto/made_records.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  osect::ingest::Decoder decoder{osect::ingest::Dictionary{}};
  osect::v1::Batch message;
  std::uint64_t sequence = 0;
  if (size > 0 && data[0] == 0xff) {  // as bytes, compressed or said to be
    message.set_sequence(1);
    message.set_compression(static_cast<osect::v1::Compression>(size > 1 ? data[1] % 4 : 0));
    message.set_records(data + 1, size - 1);
    (void)decoder.decode(message);
    return 0;
  }
  osect::v1::MadeRecords made(data, size);
  while (!made.is_at_end()) {  // the batches of a stream, up to the first that is refused
    message.set_sequence(++sequence);
    message.set_records(made.next().SerializeAsString());
    if (!decoder.decode(message)) break;
  }
  return 0;
}
