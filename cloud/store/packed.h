// The counters of one batch in one value, traffic_minute.packed: written by ingest, folded into
// totals and hours, read wherever minutes are drawn.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace osect::store {

// Ids are those of the tables; counters are of this batch; times are milliseconds since 1970-01-01
// UTC.
struct Packed {
  struct Conversation {
    std::int64_t id = 0;
    std::int64_t packets_up = 0;
    std::int64_t packets_down = 0;
    std::int64_t bytes_up = 0;
    std::int64_t bytes_down = 0;
    std::int64_t flows = 0;
    std::int64_t first_ms = 0;
    std::int64_t last_ms = 0;
    bool operator==(const Conversation&) const = default;
  };
  struct Endpoint {
    std::int64_t id = 0;
    std::int64_t packets = 0;
    std::int64_t bytes = 0;
    std::int64_t first_ms = 0;
    std::int64_t last_ms = 0;
    bool operator==(const Endpoint&) const = default;
  };
  struct Operation {
    std::int64_t id = 0;
    std::int64_t count = 0;
    std::int64_t errors = 0;
    std::int64_t cycle_us = 0;
    std::int64_t jitter_us = 0;
    std::int64_t first_ms = 0;
    std::int64_t last_ms = 0;
    bool operator==(const Operation&) const = default;
  };

  std::int64_t begin_ms = 0;
  std::int64_t end_ms = 0;
  std::vector<Conversation> conversations;
  std::vector<Endpoint> endpoints;
  std::vector<Operation> operations;

  bool operator==(const Packed&) const = default;
};

// Version 1: a byte 1, then varints (LEB128; signed ones zigzag): begin, length, and for each of
// the three tables the number of rows followed by its columns one after the other, ids as
// differences, times as distances from the batch's ends. A conversation polled all the time costs
// about 10 bytes.
[[nodiscard]] std::string pack(const Packed& packed);
// Fails on bytes that pack() did not write: a damaged database.
Result<Packed> unpack(std::string_view bytes);

}  // namespace osect::store
