// One batch as rows: what condense hands to the spool and takes from it to put it on the wire.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "sensor/observe/report.h"

namespace osect::condense {

// Decides what is given up first when there is no room: counters before novelty.
enum class Kind : std::uint8_t { counters = 1, novelty = 2 };

// Something that was not recorded, declared rather than hidden.
struct Gap {
  std::string reason;  // the closed set of osect.v1.Gap
  TimeNs begin = 0;
  TimeNs end = 0;
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;

  bool operator==(const Gap&) const = default;
};

// The box itself, at the end of the interval.
struct Health {
  std::string version;
  std::uint64_t uptime_s = 0;
  std::uint32_t cpu_permille = 0;
  std::uint64_t memory_bytes = 0;
  std::uint64_t spool_bytes = 0;
  std::uint64_t disk_free_bytes = 0;
  std::optional<std::int32_t> temperature_c;
  std::uint64_t uplink_bytes = 0;

  bool operator==(const Health&) const = default;
};

// Rows of all ports, merged by key, one row a key. Times of rows lie within [rows.begin, rows.end].
struct Content {
  Kind kind = Kind::counters;
  observe::Report rows;
  std::vector<Gap> gaps;
  std::optional<Health> health;

  // What the conversations counted: the loss to declare when the batch is given up.
  [[nodiscard]] std::uint64_t packets() const;
  [[nodiscard]] std::uint64_t bytes() const;
};

}  // namespace osect::condense
