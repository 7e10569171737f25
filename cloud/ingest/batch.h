// One batch of a sensor as values, everything in it checked; proto/osect/v1/record.proto.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"

namespace osect::ingest {

// How much of a dictionary is meant: the number of entries of each kind.
struct DictionaryCounts {
  std::uint64_t epoch = 0;
  std::uint32_t texts = 0;
  std::uint32_t hosts = 0;
  std::uint32_t conversations = 0;
  std::uint32_t operations = 0;

  bool operator==(const DictionaryCounts&) const = default;
};

struct Host {
  std::uint16_t vlan = 0;
  MacAddress mac;
  IpAddress ip;
};

// Dictionary ids below are positions counted from 1; words are those of the database.
struct ConversationKey {
  std::uint32_t client = 0;
  std::uint32_t server = 0;
  const char* transport = "";
  std::uint16_t port = 0;
  std::uint32_t protocol = 0;
};

struct OperationKey {
  std::uint32_t protocol = 0;
  std::uint32_t client = 0;
  std::uint32_t server = 0;
  std::uint32_t function = 0;
  std::uint32_t code = 0;
  const char* access = "";
  std::uint32_t target = 0;
};

// Milliseconds since 1970-01-01 UTC.
struct Seen {
  std::int64_t first_ms = 0;
  std::int64_t last_ms = 0;
};

struct EndpointCount {
  std::uint32_t host = 0;
  std::int64_t packets = 0;
  std::int64_t bytes = 0;
  Seen seen;
};

struct ConversationCount {
  std::uint32_t conversation = 0;
  std::int64_t flows = 0;
  std::int64_t packets_up = 0;
  std::int64_t packets_down = 0;
  std::int64_t bytes_up = 0;
  std::int64_t bytes_down = 0;
  Seen seen;
};

struct OperationCount {
  std::uint32_t operation = 0;
  std::int64_t count = 0;
  std::int64_t errors = 0;
  std::int64_t cycle_us = 0;
  std::int64_t jitter_us = 0;
  Seen seen;
};

struct FactRow {
  std::uint32_t host = 0;
  std::uint32_t attribute = 0;
  std::uint32_t value = 0;
  std::uint32_t source = 0;
  std::int32_t confidence = 0;
  std::int64_t count = 0;
  Seen seen;
};

struct EventRow {
  std::string kind;
  const char* severity = "";
  std::uint32_t host = 0;  // 0: of no host
  std::vector<std::pair<std::string, std::string>> detail;
  std::int64_t count = 0;
  Seen seen;
};

struct PortRow {
  std::string name;
  // packets, bytes, dropped_kernel, dropped_queue, malformed, unparsed, truncated, evicted
  std::array<std::int64_t, 8> counters{};
};

struct HealthRow {
  std::string version;
  std::int64_t uptime_s = 0;
  std::int64_t cpu_permille = 0;
  std::int64_t memory_bytes = 0;
  std::int64_t spool_bytes = 0;
  std::int64_t disk_free_bytes = 0;
  std::optional<std::int64_t> temperature_c;
  std::int64_t uplink_bytes = 0;
  std::optional<std::int64_t> clock_offset_ms;
};

struct GapRow {
  std::string reason;
  std::int64_t begin_ms = 0;
  std::int64_t end_ms = 0;
  std::int64_t packets = 0;
  std::int64_t bytes = 0;
};

struct Batch {
  std::uint64_t sequence = 0;
  bool is_new_epoch = false;
  std::int64_t begin_ms = 0;
  std::int64_t end_ms = 0;
  DictionaryCounts before;  // what the dictionary held before this batch's announcements
  std::string announced;    // these, serialized; empty when there are none
  std::vector<EndpointCount> endpoints;  // those implied by conversations included
  std::vector<ConversationCount> conversations;
  std::vector<OperationCount> operations;
  std::vector<FactRow> facts;
  std::vector<EventRow> events;
  std::vector<PortRow> ports;
  std::optional<HealthRow> health;
  std::vector<GapRow> gaps;
};

}  // namespace osect::ingest
