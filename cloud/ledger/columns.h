// Which column of a customer's sheet is what; columns.toml has the words.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cloud/ledger/workbook.h"

namespace osect::ledger {

// Names of fields as columns.toml, the API and the database have them.
[[nodiscard]] const std::vector<std::string>& field_names();

// "" when the header says nothing known.
[[nodiscard]] std::string guess_field(std::string_view header);

struct Columns {
  std::size_t header_row = 0;
  std::vector<std::string> headers;  // as written
  std::vector<std::string> fields;   // of each column; "": kept as it is, under its header
};

// The header is the row, among the first 40, whose cells name the most fields. Without any: the
// first row with two cells or more, and no field. Of several columns with one field only mac, ip
// and notes may be many; of the others the first counts.
[[nodiscard]] Columns guess_columns(const Sheet& sheet);

// The same with the header at this row, which a person has named.
[[nodiscard]] Columns columns_at(const Sheet& sheet, std::size_t header_row);

}  // namespace osect::ledger
