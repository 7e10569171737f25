// What a spreadsheet shows of a number: SpreadsheetML's number formats (ECMA-376 part 1, 18.8.30).
#pragma once

#include <string>
#include <string_view>

namespace osect::ledger {

// Whether a format shows a date or a time of day; `code` is empty for the formats built in, which
// have numbers only (18.8.30, with those of Japanese editions).
[[nodiscard]] bool is_date_format(int id, std::string_view code);

// "2026-11-23", "2026-11-23 14:05:00" or "14:05:00"; the number as it is when it is no date.
// `is_1904`: days are counted from 1904-01-01, as old Macintosh workbooks do.
[[nodiscard]] std::string date_text(double days, bool is_1904);

// Without needless zeros, and without an exponent where it can be done: 12345, 0.5.
[[nodiscard]] std::string number_text(std::string_view stored);

}  // namespace osect::ledger
