// The mirror doctor beside a running sensor: it looks for half a minute, now and then, and tells
// what changed; product.md, "Mirror-port doctor".
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sensor/observe/report.h"
#include "sensor/watch/mirror.h"

namespace osect::watch {

// How often the doctor looks, and for how long. Two looks follow each other at the start and after
// each surprise: what two in a row say is told, so that a burst is no fault.
struct MirrorTiming {
  TimeNs look = 30 * kSecondNs;
  TimeNs pause = 270 * kSecondNs;  // between two looks while nothing is wrong
  // While something is: whoever changes the switch's settings wants to see it mended.
  TimeNs pause_when_wrong = 30 * kSecondNs;
  TimeNs again = 24 * 60 * kMinuteNs;  // what was told is told again, so that it stays fresh
};

// Of one monitor port; owned and used by its thread. A look costs what decoding costs, and memory
// of some MiB while it lasts.
class MirrorWatch {
 public:
  explicit MirrorWatch(std::string port, const MirrorTiming& timing = {})
      : port_(std::move(port)), timing_(timing) {}

  void take(const capture::Frame& frame) {
    if (doctor_ != nullptr) doctor_->take(frame);
  }
  // A look begins or ends: turn() is to be called. `now` is on the clock of the frames.
  [[nodiscard]] bool is_due(TimeNs now) const { return now >= next_ || now < begun_; }
  // `counted`: what the port lost since it was opened. Gives events to be told: `mirror` with what
  // is wrong with the port now (a detail for each fault, COUNT/OF; none: nothing is), and
  // `mirror_fault` for each fault that is new, but for silence.
  [[nodiscard]] std::vector<observe::EventRow> turn(TimeNs now,
                                                    const capture::SourceCounters& counted);

 private:
  static constexpr std::size_t kFaults = 7;
  using Findings = std::array<std::optional<MirrorFinding>, kFaults>;

  void begin_look(TimeNs now, const capture::SourceCounters& counted);
  [[nodiscard]] Findings end_look(const capture::SourceCounters& counted);
  [[nodiscard]] std::vector<observe::EventRow> tell(TimeNs now, const Findings& found);

  std::string port_;
  MirrorTiming timing_;
  std::unique_ptr<MirrorDoctor> doctor_;  // null between looks
  capture::SourceCounters counted_;       // when the look began
  TimeNs begun_ = 0;                      // of the latest look
  TimeNs next_ = 0;
  std::optional<Findings> before_;  // what the look before found
  Findings told_;
  TimeNs told_at_ = 0;  // 0: never
};

}  // namespace osect::watch
