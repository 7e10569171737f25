// Lists as files: .csv for anything, .xlsx for Excel; built in an unlinked temporary file, row by
// row.
#pragma once

#include <string>
#include <string_view>

#include "cloud/api/list.h"

namespace osect::api {

enum class CellKind : std::uint8_t { text, number, local_time };

// A column that can be exported: its cell is a text, "" for an empty one; numbers in decimal, times
// "YYYY-MM-DD HH:MM:SS".
struct ExportColumn {
  std::string_view name;
  std::string_view header_ja;
  std::string_view header_en;
  CellKind kind;
  std::string (*cell)(const store::Row&, bool is_japanese);
};

// The whole list under its filters and order as an attachment "<name>-<date>.<format>", in the
// format, locale and columns that the client asks for.
[[nodiscard]] Response answer_export(Context& context, const List& list);

// A table that is no list: its rows as texts, as cells are above.
struct Table {
  struct Column {
    std::string header;
    CellKind kind = CellKind::text;
  };
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows;
};
struct TableFormat {
  bool is_xlsx = false;
  bool is_japanese = false;
};
[[nodiscard]] TableFormat read_table_format(Context& context);
// As an attachment "<name>-<date>.<format>".
[[nodiscard]] Response table_response(const Context& context, std::string_view name,
                                      const TableFormat& format, const Table& table);

// A CSV field: quoted where needed, and disarmed where a spreadsheet would take it for a formula.
[[nodiscard]] std::string csv_field(std::string_view text);

}  // namespace osect::api
