// Rows to entries.
#include "cloud/ledger/entry.h"

#include <algorithm>
#include <optional>

#include "cloud/ledger/values.h"

namespace osect::ledger {
namespace {

// By which a machine can be told from others.
bool can_be_known(const Entry& entry) {
  constexpr const char* kKeys[] = {"name", "serial", "host_name", "asset_number"};
  return !entry.macs.empty() || !entry.ips.empty() ||
         std::any_of(std::begin(kKeys), std::end(kKeys),
                     [&](const char* key) { return entry.texts.contains(key); });
}

template <typename Address>
void append(std::vector<Address>& to, const std::vector<Address>& from) {
  for (const Address& address : from)
    if (std::find(to.begin(), to.end(), address) == to.end()) to.push_back(address);
}

// Nothing: the cell is taken.
std::optional<Complaint> take_cell(Entry& entry, const std::string& field,
                                   const std::string& header, const std::string& cell) {
  if (field == "mac") {
    const auto macs = read_macs(cell);
    if (!macs) return macs.error();
    append(entry.macs, *macs);
  } else if (field == "ip") {
    const auto ips = read_ips(cell);
    if (!ips) return ips.error();
    append(entry.ips, *ips);
  } else if (field.empty()) {
    entry.unknown.emplace_back(header, cell);
  } else if (std::string text = half_width(cell); !is_blank(text)) {
    auto& there = entry.texts[field];
    there += (there.empty() ? "" : "\n") + text;
  }
  return std::nullopt;
}

}  // namespace

Entries read_entries(const Sheet& sheet, const Columns& columns) {
  Entries entries;
  for (std::size_t i = columns.header_row + 1; i < sheet.rows.size(); ++i) {
    const auto& cells = sheet.rows[i];
    if (cells.empty() || cells == sheet.rows[columns.header_row]) continue;
    Entry entry;
    entry.row = i;
    const auto problems_before = entries.problems.size();
    bool is_empty = true;
    for (std::size_t column = 0; column < cells.size(); ++column) {
      if (cells[column].find_first_not_of(" \t\r\n") == std::string::npos) continue;
      is_empty = false;
      const bool has_header = column < columns.headers.size();
      const auto what = take_cell(entry, has_header ? columns.fields[column] : "",
                                  has_header ? columns.headers[column] : "", cells[column]);
      if (what) entries.problems.push_back({i, column, *what});
    }
    if (is_empty) continue;
    if (entries.problems.size() == problems_before && !can_be_known(entry))
      entries.problems.push_back({i, 0, {Complaint::Kind::no_key, ""}});
    if (entries.problems.size() == problems_before) entries.rows.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace osect::ledger
