// Headers against the words of columns.toml.
#include "cloud/ledger/columns.h"

#include <toml++/toml.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "cloud/ledger/columns_text.h"
#include "cloud/ledger/values.h"

namespace osect::ledger {
namespace {

constexpr std::size_t kHeaderRowsMax = 40;

struct Word {
  std::string text;
  std::string field;
};
struct Known {
  std::vector<std::string> fields;
  std::vector<Word> words;  // the longest first
};

const Known& known() {
  static const Known once = [] {
    Known made;
    const auto table = toml::parse(kColumnsText);
    for (const auto& node : *table["field"].as_array()) {
      const auto& field = *node.as_table();
      made.fields.push_back(*field["name"].value<std::string>());
      for (const auto& word : *field["words"].as_array())
        made.words.push_back({*word.value<std::string>(), made.fields.back()});
    }
    std::stable_sort(made.words.begin(), made.words.end(),
                     [](const Word& a, const Word& b) { return a.text.size() > b.text.size(); });
    return made;
  }();
  return once;
}

// Lower case, half width, without spaces and signs: what is compared.
std::string comparable(std::string_view header) {
  std::string out;
  for (const char c : half_width(header)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80 || std::isalnum(byte) != 0) out += static_cast<char>(std::tolower(byte));
  }
  return out;
}

bool may_be_many(std::string_view field) {
  return field == "mac" || field == "ip" || field == "notes";
}

std::size_t distinct_fields(const std::vector<std::string>& row) {
  std::set<std::string> fields;
  for (const std::string& cell : row)
    if (auto field = guess_field(cell); !field.empty()) fields.insert(std::move(field));
  return fields.size();
}

}  // namespace

const std::vector<std::string>& field_names() {
  return known().fields;
}

std::string guess_field(std::string_view header) {
  const std::string text = comparable(header);
  // A sentence that happens to contain a word is no header.
  constexpr std::size_t kHeaderBytesMax = 60;
  if (text.empty() || text.size() > kHeaderBytesMax) return {};
  for (const Word& word : known().words) {
    // Short words of letters (ip, os, id) are headers by themselves only.
    const bool is_short = word.text.size() <= 4 && static_cast<unsigned char>(word.text[0]) < 0x80;
    if (is_short ? text == word.text : text.find(word.text) != std::string::npos) return word.field;
  }
  return {};
}

Columns guess_columns(const Sheet& sheet) {
  Columns columns;
  std::size_t most = 0;
  bool is_found = false;
  for (std::size_t i = 0; i < std::min(sheet.rows.size(), kHeaderRowsMax); ++i) {
    const auto fields = distinct_fields(sheet.rows[i]);
    const auto cells = static_cast<std::size_t>(std::count_if(
        sheet.rows[i].begin(), sheet.rows[i].end(), [](const auto& c) { return !c.empty(); }));
    if (fields > most || (!is_found && cells >= 2)) {
      most = fields;
      columns.header_row = i;
      is_found = true;
    }
  }
  return is_found ? columns_at(sheet, columns.header_row) : columns;
}

Columns columns_at(const Sheet& sheet, std::size_t header_row) {
  Columns columns;
  columns.header_row = header_row;
  if (header_row >= sheet.rows.size()) return columns;
  std::set<std::string> taken;
  for (const std::string& header : sheet.rows[columns.header_row]) {
    std::string field = guess_field(header);
    if (!field.empty() && !may_be_many(field) && !taken.insert(field).second) field.clear();
    columns.headers.push_back(half_width(header));
    columns.fields.push_back(std::move(field));
  }
  return columns;
}

}  // namespace osect::ledger
