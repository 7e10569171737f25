// Adds what was counted to the packed hours and days of a sensor. docs/decisions/0009.
#pragma once

#include <cstdint>
#include <map>

#include "base/result.h"
#include "cloud/store/packed.h"
#include "cloud/store/pool.h"

namespace osect::ingest {

constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::int64_t kDayMs = 24 * kHourMs;  // days are those of UTC

// Counters by the beginning of the hour or day in milliseconds since 1970-01-01 UTC, and by
// conversation.
using Counted = std::map<std::int64_t, std::map<std::int64_t, store::Packed::Conversation>>;

struct VolumesOf {
  std::int64_t organization = 0;
  std::int64_t site = 0;
  std::int64_t sensor = 0;
};

// Adds to traffic_hour, traffic_day and traffic_protocol_hour. Both hold the same counters. The
// caller keeps others from folding this sensor until the transaction ends.
Result<> fold_volumes(store::Transaction& transaction, const VolumesOf& of, const Counted& hours,
                      const Counted& days);

}  // namespace osect::ingest
