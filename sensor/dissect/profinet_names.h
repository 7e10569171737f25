// What PROFINET numbers: makers of devices, record data.
#pragma once

#include <cstdint>
#include <string_view>

#include "sensor/dissect/statement.h"

namespace osect::dissect::profinet {

// "" for those that nobody told us.
[[nodiscard]] std::string_view vendor_name(std::uint16_t vendor);

// Record data by its index, IEC 61158-6-10, clause "Coding of the field Index".
// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): a table's row reads in its order
struct Record {
  std::uint16_t index;
  std::string_view word;
  Access read;   // what reading it is
  Access write;  // what writing it is
};
// Of an index that the standard leaves to the maker or to a profile: no word, read and write.
[[nodiscard]] const Record& record_of(std::uint16_t index);

}  // namespace osect::dissect::profinet
