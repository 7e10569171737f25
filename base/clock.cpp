// The system clock and RFC 3339 text.
#include "base/clock.h"

#include <fmt/format.h>

#include <chrono>

namespace osect {

TimeNs system_now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string rfc3339(TimeNs time) {
  namespace ch = std::chrono;
  const ch::sys_time<ch::nanoseconds> point{ch::nanoseconds(time)};
  const auto day = ch::floor<ch::days>(point);
  const ch::year_month_day date(day);
  const ch::hh_mm_ss clock(ch::floor<ch::microseconds>(point - day));
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

}  // namespace osect
