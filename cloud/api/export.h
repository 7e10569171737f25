// Lists as files: .csv for anything, .xlsx for Excel; built in an unlinked temporary file, row by
// row.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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

// What a client asked for: format, locale, columns.
struct ExportRequest {
  bool is_xlsx = false;
  bool is_japanese = false;
  std::vector<const ExportColumn*> columns;
};
[[nodiscard]] ExportRequest read_export(Context& context, std::span<const ExportColumn> columns);

// The whole list under its filters as an attachment "<name>-<date>.<format>".
[[nodiscard]] Response export_list(Context& context, const ListQueries& queries,
                                   std::span<const store::Param> filters, Paging paging,
                                   const ExportRequest& wanted, std::string_view name);

// A CSV field: quoted where needed, and disarmed where a spreadsheet would take it for a formula.
[[nodiscard]] std::string csv_field(std::string_view text);

}  // namespace osect::api
