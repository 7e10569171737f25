// One batch as rows: what condense hands to the spool and takes from it to put it on the wire.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "sensor/condense/dictionary.h"
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

// Whom or what a row is about is said by number, of an entry of Rows::entries.
struct EndpointRow {
  std::uint32_t host = 0;
  bool is_new = false;
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
  TimeNs first = 0;
  TimeNs last = 0;
};

struct ConversationRow {
  std::uint32_t conversation = 0;
  std::uint32_t flows = 0;
  std::array<std::uint64_t, 2> packets{};
  std::array<std::uint64_t, 2> bytes{};
  TimeNs first = 0;
  TimeNs last = 0;
};

struct OperationRow {
  std::uint32_t operation = 0;
  std::uint32_t cycle_us = 0;
  std::uint32_t jitter_us = 0;
  std::uint64_t count = 0;
  std::uint64_t errors = 0;
  TimeNs first = 0;
  TimeNs last = 0;
};

struct FactRow {
  std::uint32_t subject = 0;
  std::uint32_t attribute = 0;
  std::uint32_t value = 0;
  std::uint32_t source = 0;
  std::uint8_t confidence = 0;
  std::uint64_t count = 0;
  TimeNs first = 0;
  TimeNs last = 0;
};

// Rows of all ports, merged by key, one row a key. Their times lie within [begin, end].
struct Rows {
  TimeNs begin = 0;
  TimeNs end = 0;
  Entries entries;
  std::vector<EndpointRow> endpoints;
  std::vector<ConversationRow> conversations;
  std::vector<OperationRow> operations;
  std::vector<FactRow> facts;
  std::vector<observe::EventRow> events;
  std::vector<observe::PortRow> ports;

  [[nodiscard]] bool is_empty() const {
    return endpoints.empty() && conversations.empty() && operations.empty() && facts.empty() &&
           events.empty();
  }
};

struct Content {
  Kind kind = Kind::counters;
  Rows rows;
  std::vector<Gap> gaps;
  std::optional<Health> health;

  // What the conversations counted: the loss to declare when the batch is given up.
  [[nodiscard]] std::uint64_t packets() const;
  [[nodiscard]] std::uint64_t bytes() const;
};

}  // namespace osect::condense
