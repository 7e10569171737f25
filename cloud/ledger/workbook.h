// The customer's file as tables of text: .xlsx (ECMA-376) and .csv in UTF-8 or Windows-31J.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "cloud/ledger/complaint.h"

namespace osect::ledger {

struct Sheet {
  std::string name;  // of a .csv: empty
  // As a person sees them: a formula's last value, a date as 2026-11-23, a number without needless
  // zeros. Row and column 0 are the file's first; a row may be shorter than others. UTF-8.
  std::vector<std::vector<std::string>> rows;
  // A value that covers several cells stands in each of them.
};

struct Workbook {
  std::vector<Sheet> sheets;  // hidden ones too, in the file's order
  std::string encoding;       // of a .csv: "UTF-8" or "Shift_JIS"
};

constexpr std::size_t kFileBytesMax = 32U << 20;
constexpr std::size_t kRowsMax = 20'000;
constexpr std::size_t kColumnsMax = 256;
constexpr std::size_t kCellBytesMax = 4'096;

// What cannot be read is refused with a sentence that says what to do: an encrypted workbook, an
// .xls, a third encoding, a file that is damaged or unpacks to more than can be meant.
Read<Workbook> read_workbook(std::string_view bytes);

Read<Workbook> read_csv(std::string_view bytes);
Read<Workbook> read_xlsx(std::string_view bytes);

}  // namespace osect::ledger
