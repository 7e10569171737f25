// libFuzzer: a run of frames of any link type through the decoder; every limit small, so that all
// are reached.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "sensor/decode/cursor.h"
#include "sensor/decode/decoder.h"

namespace osect::decode {
namespace {

// Looks at every byte it is given: a view outside the frame is then a finding.
struct Reader final : Sink {
  void on_segment(const Segment& segment) override {
    for (const std::uint8_t byte : segment.payload) sum += byte;
    for (const std::uint8_t byte : segment.tcp_options) sum += byte;
    if (segment.flow != nullptr) sum += segment.flow->packets[index(segment.from)];
  }
  void on_stream(const StreamPiece& piece) override {
    for (const std::uint8_t byte : piece.bytes) sum += byte;
    if (piece.bytes.empty()) std::abort();
  }
  void on_stream_end(Flow& flow) override { sum += flow.bytes[0]; }
  void on_flow_end(Flow& flow) override { sum += flow.bytes[1]; }
  std::uint64_t sum = 0;
};

}  // namespace
}  // namespace osect::decode

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace capture = osect::capture;
  namespace decode = osect::decode;
  decode::DecodeLimits limits;
  limits.flows_max = 8;
  limits.stream_bytes_max = 16 << 10;
  limits.fragment_bytes_max = 8 << 10;
  decode::Reader sink;
  decode::Decoder decoder(limits, sink);
  decode::Cursor in({data, size});
  osect::TimeNs time = osect::kSecondNs;
  std::uint64_t frames = 0;
  // Each frame: link type, milliseconds since the one before, bytes missing at its end, length.
  while (in.left() >= 5) {
    const auto link = static_cast<capture::LinkType>(in.u8());
    time += in.u8() * 20'000'000LL;
    const std::uint8_t missing = in.u8();
    const auto view = in.bytes(std::min<std::size_t>(in.be16(), in.left()));
    const std::vector<std::uint8_t> frame(view.begin(), view.end());
    decoder.decode({.time = time,
                    .bytes = frame,
                    .wire_length = static_cast<std::uint32_t>(frame.size()) + missing,
                    .link = link});
    ++frames;
  }
  decoder.finish();
  if (decoder.counters().packets != frames) std::abort();
  return 0;
}
