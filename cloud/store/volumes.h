// What the conversations of one sensor carried in one hour or one day, in one value:
// traffic_hour.packed and traffic_day.packed. docs/decisions/0009.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace osect::store {

// Whole by itself: sides and service stand with the counters, so that a ranking needs no other
// table before it names what it shows. Sides are endpoints, which never change; which device an
// endpoint belongs to is asked when it is shown.
struct Volumes {
  struct Service {
    std::string transport;
    std::int64_t port = 0;
    std::string protocol;
    auto operator<=>(const Service&) const = default;
  };
  struct Row {
    std::int64_t conversation = 0;
    std::int64_t client = 0;  // endpoint
    std::int64_t server = 0;  // endpoint
    std::size_t service = 0;  // position in services
    std::int64_t packets_up = 0;
    std::int64_t packets_down = 0;
    std::int64_t bytes_up = 0;
    std::int64_t bytes_down = 0;
    std::int64_t flows = 0;
    bool operator==(const Row&) const = default;
  };

  std::vector<Service> services;
  std::vector<Row> rows;  // ascending by conversation, each once

  bool operator==(const Volumes&) const = default;
};

// Version 2: a byte 2, then varints: the services (transport, port, protocol), the number of rows,
// and the columns one after the other; identifiers as differences from the row before. A row takes
// some 14 bytes.
[[nodiscard]] std::string pack(const Volumes& volumes);
// Fails on bytes that pack() did not write: a damaged database.
Result<Volumes> unpack_volumes(std::string_view bytes);

}  // namespace osect::store
