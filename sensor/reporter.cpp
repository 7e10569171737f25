// Intervals and news on the frames' clock.
#include "sensor/reporter.h"

#include <algorithm>

namespace osect::sensor {
namespace {

constexpr TimeNs kNewsEvery = kSecondNs / 10;
// Frames of several ports and cores come a little out of order; a clock that was set back comes
// further.
constexpr TimeNs kDisorder = 5 * kSecondNs;

}  // namespace

void Reporter::report(TimeNs now) {
  const bool is_set_back = has_begun_ && now < earliest_;
  if (has_begun_ && (now >= interval_end_ || is_set_back)) {
    if (!has_room_()) {
      next_ = now + kNewsEvery;
      return;
    }
    sink_(ReportKind::interval,
          pipeline_.drain(is_set_back ? pipeline_.last_time() : interval_end_));
    has_begun_ = false;
  } else if (has_begun_ && has_room_()) {
    auto news = pipeline_.drain_new(now);
    if (!news.is_empty()) sink_(ReportKind::news, std::move(news));
  }
  if (!has_begun_) {
    interval_end_ = (now / interval_ + 1) * interval_;
    has_begun_ = true;
  }
  earliest_ = interval_end_ - interval_ - kDisorder;
  next_ = std::min(now + kNewsEvery, interval_end_);
}

void Reporter::finish() {
  pipeline_.finish();
  sink_(ReportKind::interval, pipeline_.drain(pipeline_.last_time()));
}

}  // namespace osect::sensor
