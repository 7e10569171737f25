// SpreadsheetML (ECMA-376 part 1, chapter 18): shared strings, styles, sheets with merged cells.
#include <fmt/format.h>

#include <charconv>
#include <map>
#include <utility>

#include "cloud/ledger/number_format.h"
#include "cloud/ledger/package.h"
#include "cloud/ledger/workbook.h"
#include "cloud/ledger/xml.h"

namespace osect::ledger {
namespace {

// "B5" is {4, 1}; what is no reference is refused.
struct Place {
  std::size_t row = 0;
  std::size_t column = 0;
};
std::optional<Place> place_of(std::string_view reference) {
  std::size_t column = 0;
  std::size_t i = 0;
  for (; i < reference.size() && reference[i] >= 'A' && reference[i] <= 'Z' && i < 3; ++i)
    column = column * 26 + static_cast<std::size_t>(reference[i] - 'A' + 1);
  std::size_t row = 0;
  const auto rest = reference.substr(i);
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), row);
  if (i == 0 || error != std::errc() || end != rest.data() + rest.size() || row == 0)
    return std::nullopt;
  return Place{row - 1, column - 1};
}

int integer(const std::string& text, int otherwise) {
  int value = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

Complaint broken(const std::string& part) {
  return {Complaint::Kind::damaged, part};
}

// Parts as the relationships of another part name them: id, kind and target.
struct Relations {
  std::map<std::string, std::string> by_id;
  std::string office_document;
};
Read<Relations> read_relations(Package& package, const std::string& part,
                               const std::string& folder) {
  const auto text = package.read(part);
  if (!text) return text.error();
  Relations relations;
  Xml xml(*text);
  while (xml.next()) {
    if (!xml.begins("Relationship")) continue;
    const std::string target = xml.attribute("Target");
    const std::string path = target.starts_with('/') ? target.substr(1) : folder + target;
    relations.by_id[xml.attribute("Id")] = path;
    if (xml.attribute("Type").ends_with("/officeDocument")) relations.office_document = path;
  }
  if (xml.is_broken()) return broken(part);
  return relations;
}

class Reader {
 public:
  explicit Reader(Package package) : package_(std::move(package)) {}

  Read<Workbook> read() {
    const auto root = read_relations(package_, "_rels/.rels", "");
    if (!root || root->office_document.empty()) return Complaint{Complaint::Kind::no_workbook, ""};
    const std::string& part = root->office_document;
    const auto slash = part.rfind('/');
    const std::string folder = slash == std::string::npos ? "" : part.substr(0, slash + 1);
    const auto relations =
        read_relations(package_, folder + "_rels/" + part.substr(folder.size()) + ".rels", folder);
    if (!relations) return relations.error();
    if (auto done = read_names(part); !done) return done.error();
    if (auto done = read_strings(folder + "sharedStrings.xml"); !done) return done.error();
    if (auto done = read_styles(folder + "styles.xml"); !done) return done.error();
    for (const auto& [name, id] : names_) {
      const auto sheet = relations->by_id.find(id);
      if (sheet == relations->by_id.end() || !package_.has(sheet->second)) continue;
      auto read = read_sheet(name, sheet->second);
      if (!read) return read.error();
      workbook_.sheets.push_back(std::move(*read));
    }
    if (workbook_.sheets.empty()) return Complaint{Complaint::Kind::no_sheet, ""};
    return std::move(workbook_);
  }

 private:
  Read<> read_names(const std::string& part) {
    const auto text = package_.read(part);
    if (!text) return Complaint{Complaint::Kind::no_workbook, ""};
    Xml xml(*text);
    while (xml.next()) {
      if (xml.begins("workbookPr")) {
        const auto value = xml.attribute("date1904");
        is_1904_ = value == "1" || value == "true";
      }
      if (xml.begins("sheet")) names_.emplace_back(xml.attribute("name"), xml.attribute("id"));
    }
    if (xml.is_broken() || names_.empty()) return Complaint{Complaint::Kind::no_workbook, ""};
    return {};
  }

  Read<> read_strings(const std::string& part) {
    if (!package_.has(part)) return {};
    const auto text = package_.read(part);
    if (!text) return text.error();
    Xml xml(*text);
    std::string string;
    bool is_reading = false;
    bool is_phonetic = false;  // furigana beside the word are no part of it (18.4.6)
    while (xml.next()) {
      if (xml.begins("si")) string.clear();
      if (xml.begins("rPh")) is_phonetic = true;
      if (xml.begins("t")) is_reading = true;
      if (xml.is_text() && is_reading && !is_phonetic && string.size() < kCellBytesMax)
        string += xml.text();
      if (xml.ends("t")) is_reading = false;
      if (xml.ends("rPh")) is_phonetic = false;
      if (xml.ends("si")) strings_.push_back(string);
    }
    if (xml.is_broken()) return broken(part);
    return {};
  }

  Read<> read_styles(const std::string& part) {
    if (!package_.has(part)) return {};
    const auto text = package_.read(part);
    if (!text) return text.error();
    Xml xml(*text);
    std::map<int, std::string> codes;
    bool is_cell_format = false;
    while (xml.next()) {
      if (xml.begins("numFmt"))
        codes[integer(xml.attribute("numFmtId"), -1)] = xml.attribute("formatCode");
      if (xml.begins("cellXfs")) is_cell_format = true;
      if (xml.begins("xf") && is_cell_format) {
        const int id = integer(xml.attribute("numFmtId"), 0);
        is_date_.push_back(is_date_format(id, codes[id]));
      }
      if (xml.ends("cellXfs")) is_cell_format = false;
    }
    if (xml.is_broken()) return broken(part);
    return {};
  }

  std::string value_of(const std::string& type, std::size_t style, const std::string& stored) {
    if (type == "s") {
      const auto index = static_cast<std::size_t>(std::max(0, integer(stored, -1)));
      return index < strings_.size() ? strings_[index] : "";
    }
    if (type == "b") return stored == "1" ? "TRUE" : "FALSE";
    if (!type.empty() && type != "n") return stored;  // text, a formula's text, an error
    double number = 0;
    const bool is_date = style < is_date_.size() && is_date_[style];
    const auto [end, error] = std::from_chars(stored.data(), stored.data() + stored.size(), number);
    if (is_date && error == std::errc() && end == stored.data() + stored.size())
      return date_text(number, is_1904_);
    return number_text(stored);
  }

  Read<Sheet> read_sheet(const std::string& name, const std::string& part) {
    const auto text = package_.read(part);
    if (!text) return text.error();
    Sheet sheet;
    sheet.name = name;
    Xml xml(*text);
    std::optional<Place> place;
    Place next;  // a cell without a reference follows the one before
    std::string type;
    std::size_t style = 0;
    std::string stored;
    bool is_value = false;
    bool is_phonetic = false;
    while (xml.next()) {
      if (xml.begins("row")) {
        const int row = integer(xml.attribute("r"), static_cast<int>(next.row) + 1);
        next = {static_cast<std::size_t>(std::max(1, row)) - 1, 0};
      }
      if (xml.begins("c")) {
        place = place_of(xml.attribute("r"));
        if (!place) place = next;
        next.column = place->column + 1;
        type = xml.attribute("t");
        style = static_cast<std::size_t>(std::max(0, integer(xml.attribute("s"), 0)));
        stored.clear();
      }
      if (xml.begins("rPh")) is_phonetic = true;
      if (xml.begins("v") || xml.begins("t")) is_value = true;
      if (xml.is_text() && is_value && !is_phonetic && stored.size() < kCellBytesMax)
        stored += xml.text();
      if (xml.ends("v") || xml.ends("t")) is_value = false;
      if (xml.ends("rPh")) is_phonetic = false;
      if (xml.ends("c") && place && !stored.empty())
        if (!put(sheet, *place, value_of(type, style, stored)))
          return Complaint{Complaint::Kind::too_many_rows, std::to_string(kRowsMax)};
      if (xml.ends("row")) ++next.row;
      if (xml.begins("mergeCell")) spread(sheet, xml.attribute("ref"));
    }
    if (xml.is_broken()) return broken(part);
    return sheet;
  }

  // False when there are too many rows; columns beyond the last are left out.
  static bool put(Sheet& sheet, const Place& place, std::string value) {
    if (value.find_first_not_of(" \t\r\n") == std::string::npos) return true;
    if (place.row > kRowsMax) return false;
    if (place.column >= kColumnsMax) return true;
    if (sheet.rows.size() <= place.row) sheet.rows.resize(place.row + 1);
    auto& row = sheet.rows[place.row];
    if (row.size() <= place.column) row.resize(place.column + 1);
    row[place.column] = std::move(value);
    return true;
  }

  static void spread(Sheet& sheet, const std::string& range) {
    const auto colon = range.find(':');
    if (colon == std::string::npos) return;
    const auto first = place_of(std::string_view(range).substr(0, colon));
    const auto last = place_of(std::string_view(range).substr(colon + 1));
    if (!first || !last || first->row >= sheet.rows.size()) return;
    const auto& begin = sheet.rows[first->row];
    if (first->column >= begin.size()) return;
    const std::string value = begin[first->column];
    for (auto row = first->row; row <= last->row && row < sheet.rows.size(); ++row)
      for (auto column = first->column; column <= last->column && column < kColumnsMax; ++column)
        put(sheet, {row, column}, value);
  }

  Package package_;
  std::vector<std::pair<std::string, std::string>> names_;  // of sheets, with relationship ids
  std::vector<std::string> strings_;
  std::vector<bool> is_date_;  // by cell format
  bool is_1904_ = false;
  Workbook workbook_;
};

}  // namespace

Read<Workbook> read_xlsx(std::string_view bytes) {
  auto package = Package::open(bytes);
  if (!package) return package.error();
  return Reader(std::move(*package)).read();
}

}  // namespace osect::ledger
