// Traffic over time: buckets, lines and gaps; from packed minutes, hours or days.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cloud/api/context.h"
#include "cloud/api/json.h"
#include "cloud/api/volumes.h"

namespace osect::api {

// Ranges up to this are drawn from minutes where that costs little.
constexpr TimeNs kMinutesNs = 72 * 60 * kMinuteNs;

// Whole buckets that cover a range. Days are UTC days.
struct Buckets {
  std::string step;  // minute, five_minutes, quarter_hour, hour, day
  std::int64_t width_s = 60;
  TimeNs begin = 0;
  std::size_t count = 0;

  [[nodiscard]] TimeNs end() const {
    return begin + static_cast<TimeNs>(count) * width_s * kSecondNs;
  }
  // Filled from minutes; hours and days are rolled up beforehand.
  [[nodiscard]] bool is_of_minutes() const { return width_s < 3600; }
  // The bucket of a time, nothing outside the range.
  [[nodiscard]] std::optional<std::size_t> index(TimeNs time) const;
};
[[nodiscard]] Buckets make_buckets(const Range& range, std::string_view step);
// Reads `step`; refuses one that would give too many buckets or narrower ones than `width_min_s`.
// Without it: made of minutes for a range up to `minutes_up_to`, as wide as gives some 300 of them
// at most.
[[nodiscard]] Buckets read_buckets(Context& context, const Range& range, TimeNs minutes_up_to,
                                   std::int64_t width_min_s = 60);

// What the two counters of a line are.
struct Measures {
  std::string_view first;  // what lines are ordered by
  std::string_view second;
};
inline constexpr Measures kTrafficMeasures{"bytes", "packets"};

// One line of a chart.
struct Line {
  std::string key;
  std::string name;
  std::optional<std::int64_t> device;
  std::vector<std::int64_t> first;
  std::vector<std::int64_t> second;

  explicit Line(std::size_t count) : first(count), second(count) {}
  void add(std::size_t bucket, std::int64_t more_first, std::int64_t more_second) {
    first[bucket] += more_first;
    second[bucket] += more_second;
  }
  [[nodiscard]] std::int64_t total_first() const;
  [[nodiscard]] std::int64_t total_second() const;
};

// The JSON of a TrafficSeries or OperationSeries. A bucket in which nothing was counted and for
// which no sensor of the scope sent anything is null: not known, which is not zero.
[[nodiscard]] Json series_json(Context& context, const Scope& scope, const Buckets& buckets,
                               const std::vector<Line>& lines,
                               const Measures& measures = kTrafficMeasures);

// The longest range whose lines of protocols or devices may be drawn from minutes: these have to be
// unpacked, so there must be few, because the range is short or because little of it is known.
[[nodiscard]] TimeNs unpacked_up_to(Context& context, const Scope& scope, const Range& range);

[[nodiscard]] Line total_line(Context& context, const Scope& scope, const Buckets& buckets);
// Largest first, `others` last if there are any.
[[nodiscard]] std::vector<Line> protocol_lines(Context& context, const Scope& scope,
                                               const Buckets& buckets);
[[nodiscard]] std::vector<Line> device_lines(Context& context, const Scope& scope,
                                             const Buckets& buckets);
// `sent` and `received`.
[[nodiscard]] std::vector<Line> lines_of_device(Context& context, std::int64_t device,
                                                const Buckets& buckets);

}  // namespace osect::api
