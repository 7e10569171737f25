// Comma-separated values (RFC 4180), also with semicolons or tabs between them, as spreadsheets
// save them.
#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>

#include "cloud/ledger/workbook.h"

namespace osect::ledger {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

struct Converter {
  explicit Converter(const char* from) : handle(iconv_open("UTF-8", from)) {}
  ~Converter() { iconv_close(handle); }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  iconv_t handle;
};

// The text in UTF-8; where it is not in that encoding, the number of the line that shows it.
struct Converted {
  std::string text;
  std::size_t wrong_line = 0;  // 0: none
};

Converted convert(std::string_view bytes, const char* from) {
  const Converter converter(from);
  Converted out;
  std::array<char, 16'384> piece{};
  char* in = const_cast<char*>(bytes.data());  // NOLINT: iconv(3) does not change what it reads
  std::size_t left = bytes.size();
  while (left > 0) {
    char* to = piece.data();
    std::size_t room = piece.size();
    const bool is_done =
        iconv(converter.handle, &in, &left, &to, &room) != static_cast<std::size_t>(-1);
    const bool is_full = !is_done && errno == E2BIG;
    out.text.append(piece.data(), piece.size() - room);
    if (is_done || is_full) continue;
    const auto read = bytes.substr(0, bytes.size() - left);
    out.wrong_line = 1 + static_cast<std::size_t>(std::count(read.begin(), read.end(), '\n'));
    break;
  }
  return out;
}

// Whatever of the three stands most often in the first line, outside quotes.
char separator_of(std::string_view text) {
  std::array<std::pair<char, int>, 3> counts{{{',', 0}, {'\t', 0}, {';', 0}}};
  bool is_quoted = false;
  for (const char c : text) {
    if (c == '"') is_quoted = !is_quoted;
    if (c == '\n' && !is_quoted) break;
    for (auto& [separator, count] : counts)
      if (c == separator && !is_quoted) ++count;
  }
  return std::max_element(counts.begin(), counts.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

Read<Sheet> split(std::string_view text) {
  const char separator = separator_of(text);
  Sheet sheet;
  std::vector<std::string> row;
  std::string cell;
  bool is_quoted = false;
  std::size_t line = 1;
  std::size_t quote_line = 0;
  const auto end_cell = [&] {
    if (row.size() < kColumnsMax) row.push_back(cell.substr(0, kCellBytesMax));
    cell.clear();
  };
  const auto end_row = [&] {
    end_cell();
    sheet.rows.push_back(std::move(row));
    row.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') ++line;
    if (is_quoted) {
      if (c != '"') {
        cell += c;
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        cell += c;
        ++i;
      } else {
        is_quoted = false;
      }
    } else if (c == '"' && cell.empty()) {
      is_quoted = true;
      quote_line = line;
    } else if (c == separator) {
      end_cell();
    } else if (c == '\n') {
      end_row();
      if (sheet.rows.size() > kRowsMax)
        return Complaint{Complaint::Kind::too_many_rows, std::to_string(kRowsMax)};
    } else if (c != '\r') {
      cell += c;
    }
  }
  if (is_quoted) return Complaint{Complaint::Kind::open_quote, std::to_string(quote_line)};
  if (!cell.empty() || !row.empty()) end_row();
  return sheet;
}

}  // namespace

Read<Workbook> read_csv(std::string_view bytes) {
  const bool is_marked = bytes.starts_with(kByteOrderMark);
  if (is_marked) bytes.remove_prefix(kByteOrderMark.size());
  if (bytes.find('\0') != std::string_view::npos) return Complaint{Complaint::Kind::no_text, ""};
  Workbook workbook;
  workbook.encoding = "UTF-8";
  auto converted = convert(bytes, "UTF-8");
  if (converted.wrong_line != 0 && !is_marked) {
    workbook.encoding = "Shift_JIS";
    converted = convert(bytes, "CP932");
  }
  if (converted.wrong_line != 0)
    return Complaint{Complaint::Kind::encoding, std::to_string(converted.wrong_line)};
  auto sheet = split(converted.text);
  if (!sheet) return sheet.error();
  workbook.sheets.push_back(std::move(*sheet));
  return workbook;
}

}  // namespace osect::ledger
