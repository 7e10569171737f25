// Time as the product carries it: nanoseconds since 1970-01-01 UTC inside the sensor, RFC 3339 in
// text.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace osect {

// Nanoseconds since 1970-01-01T00:00:00Z, leap seconds not counted (POSIX time).
using TimeNs = std::int64_t;

constexpr TimeNs kSecondNs = 1'000'000'000;
constexpr TimeNs kMinuteNs = 60 * kSecondNs;

// Where a component takes "now" from, so that tests and replays can bring their own time.
using Clock = std::function<TimeNs()>;

[[nodiscard]] TimeNs system_now();

// "2026-11-23T03:17:43.123456Z": RFC 3339, UTC, microseconds (truncated).
[[nodiscard]] std::string rfc3339(TimeNs time);

}  // namespace osect
