// How often the operations of one sensor were done in one hour, in one value:
// operation_hour.packed. docs/decisions/0009.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace osect::store {

struct OperationCounts {
  struct Row {
    std::int64_t operation = 0;
    std::int64_t count = 0;
    std::int64_t errors = 0;
    bool operator==(const Row&) const = default;
  };

  std::vector<Row> rows;  // ascending by operation, each once

  bool operator==(const OperationCounts&) const = default;
};

// Version 1: a byte 1, then varints: the number of rows, and the columns one after the other;
// operations as differences from the row before. A row takes some 4 bytes.
[[nodiscard]] std::string pack(const OperationCounts& counts);
// Fails on bytes that pack() did not write: a damaged database.
Result<OperationCounts> unpack_operation_counts(std::string_view bytes);

}  // namespace osect::store
