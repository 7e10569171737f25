// When a pipeline reports: what is new ten times a second, counters at the interval's end, on the
// frames' own clock.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>

#include "sensor/pipeline.h"

namespace osect::sensor {

enum class ReportKind : std::uint8_t { news, interval };

// Owned and used by the pipeline's thread. Intervals begin at multiples of their length.
class Reporter {
 public:
  using Sink = std::function<void(ReportKind kind, observe::Report&& report)>;
  // False: nobody can take a report now. Nothing is lost by that: the pipeline goes on counting.
  using HasRoom = std::function<bool()>;

  Reporter(Pipeline& pipeline, TimeNs interval, HasRoom has_room, Sink sink)
      : pipeline_(pipeline),
        interval_(interval),
        has_room_(std::move(has_room)),
        sink_(std::move(sink)) {}

  // It is now so late; to be called before a frame of this time is taken.
  void advance(TimeNs now) {
    if (now >= next_ || now < earliest_) [[unlikely]]
      report(now);
  }
  // The capture is over: the rest.
  void finish();

 private:
  void report(TimeNs now);

  Pipeline& pipeline_;
  const TimeNs interval_;
  const HasRoom has_room_;
  const Sink sink_;
  TimeNs next_ = std::numeric_limits<TimeNs>::min();      // something is to be done
  TimeNs earliest_ = std::numeric_limits<TimeNs>::min();  // before it the clock was set back
  TimeNs interval_end_ = 0;
  bool has_begun_ = false;
};

}  // namespace osect::sensor
