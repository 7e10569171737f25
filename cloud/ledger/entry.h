// One row of the customer's ledger, understood.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/address.h"
#include "cloud/ledger/columns.h"
#include "cloud/ledger/complaint.h"

namespace osect::ledger {

struct Entry {
  std::size_t row = 0;  // of the sheet, the first is 0
  std::vector<MacAddress> macs;
  std::vector<IpAddress> ips;
  std::map<std::string, std::string> texts;  // by field; none is empty
  std::vector<std::pair<std::string, std::string>>
      unknown;  // header and value, in the sheet's order

  [[nodiscard]] std::string text(const std::string& field) const {
    const auto found = texts.find(field);
    return found == texts.end() ? std::string() : found->second;
  }
};

// Why a row, or a cell of it, is not taken.
struct Problem {
  std::size_t row = 0;
  std::size_t column = 0;  // the row as a whole: where it begins
  Complaint what;
};

struct Entries {
  std::vector<Entry> rows;
  std::vector<Problem> problems;  // of rows that are left out
};

// The rows below the header. Empty rows and repeated headers are passed over; a row with a cell
// that is not what its column says, or with nothing to know a machine by, is a problem and left
// out.
[[nodiscard]] Entries read_entries(const Sheet& sheet, const Columns& columns);

}  // namespace osect::ledger
