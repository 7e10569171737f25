// What is wrong with a mirror, told from what it shows; product.md, "Mirror-port doctor".
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sensor/capture/frame.h"
#include "sensor/capture/source.h"
#include "sensor/decode/decoder.h"

namespace osect::watch {

enum class MirrorFault : std::uint8_t {
  silent,          // nothing came
  broadcast_only,  // no frame of two stations talking to each other
  one_way,         // of most connections one direction only
  duplicated,      // frames came twice
  untagged,        // stations of several networks, no VLAN tag, or tags in one direction only
  oversubscribed,  // frames that were answered never came
  truncated,       // frames were cut
};

struct MirrorFinding {
  MirrorFault fault = MirrorFault::silent;
  // What it rests on: so many of so many frames, connections, networks or bytes, as the fault
  // counts.
  std::uint64_t count = 0;
  std::uint64_t of = 0;
};

// Watches one monitor port. Memory is bounded and taken at the start; owned and used by one thread.
class MirrorDoctor final : private decode::Sink {
 public:
  MirrorDoctor();

  void take(const capture::Frame& frame);
  // What the port itself lost counts as oversubscribed too.
  [[nodiscard]] std::vector<MirrorFinding> findings(const capture::SourceCounters& lost = {});
  // Whether enough was seen to say that the fault is not there.
  [[nodiscard]] bool has_judged(MirrorFault fault) const;
  [[nodiscard]] std::uint64_t frames() const { return frames_; }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

 private:
  static constexpr std::size_t kRecent = 1024;
  static constexpr std::size_t kNetworksMax = 64;
  struct Seen {
    std::uint64_t hash = 0;
    TimeNs time = 0;
  };

  void on_segment(const decode::Segment& segment) override;
  void on_stream(const decode::StreamPiece& piece) override;
  void on_stream_end(decode::Flow& flow) override;
  void on_flow_end(decode::Flow& flow) override;
  [[nodiscard]] bool came_before(const capture::Frame& frame, const decode::Segment& segment);
  void judge(const decode::Flow& flow);
  void note_network(const decode::Segment& segment);

  decode::Decoder decoder_;
  const capture::Frame* frame_ = nullptr;  // the one being decoded
  std::vector<Seen> recent_ = std::vector<Seen>(kRecent);
  std::size_t next_ = 0;
  std::vector<std::uint32_t> networks_;  // /24 of stations that asked for others by ARP
  std::uint64_t frames_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t unicast_ = 0;
  std::uint64_t tagged_ = 0;
  std::uint64_t duplicates_ = 0;
  std::uint64_t cut_ = 0;
  std::uint64_t stream_bytes_ = 0;
  std::uint64_t lost_bytes_ = 0;
  std::uint64_t connections_ = 0;  // TCP, with several segments of which some acknowledge
  std::uint64_t halves_ = 0;       // of which one direction never came
};

// The fault's word in records: "one_way" and the like.
[[nodiscard]] std::string_view name_of(MirrorFault fault);

// For a person: what was seen, why it is wrong, what to change on the switch. English or Japanese.
[[nodiscard]] std::string describe(const MirrorFinding& finding, bool is_japanese);

}  // namespace osect::watch
