// libFuzzer: batches of arbitrary columns to rows; what can be read must survive being packed and
// read again.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "osect/v1/record.pb.h"
#include "proto/made_records.h"
#include "sensor/condense/pack.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace condense = osect::condense;
  if (size > 0 && data[0] == 0xff) {  // as bytes of the spool
    (void)condense::unpack_alone(std::string(data + 1, data + size));
    return 0;
  }
  osect::v1::MadeRecords made(data, size);
  condense::Dictionary dictionary;
  condense::References references;
  while (!made.is_at_end()) {  // the batches of a stream, up to the first that is refused
    const auto content = condense::unpack(made.next(), dictionary, references);
    if (!content) break;
    if (!condense::unpack_alone(condense::pack_alone(*content))) std::abort();
  }
  return 0;
}
