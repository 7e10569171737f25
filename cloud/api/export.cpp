// Writing .csv (RFC 4180, UTF-8 with byte order mark for Excel) and .xlsx (libxlsxwriter in
// constant memory).
#include "cloud/api/export.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>

namespace osect::api {
namespace {

constexpr std::int64_t kRowsAtOnce = 5000;
constexpr std::uint32_t kXlsxRowsMax = 1'048'576;

class Writer {
 public:
  Writer() = default;
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  virtual ~Writer() = default;
  virtual void cell(std::string_view text, CellKind kind) = 0;
  virtual void end_row() = 0;
  [[nodiscard]] virtual std::shared_ptr<OpenFile> finish() = 0;
};

// A name of our own in the temporary directory; removed with the object.
class TemporaryPath {
 public:
  TemporaryPath() : path_((std::filesystem::temp_directory_path() / "osect-XXXXXX").string()) {
    const int descriptor = ::mkostemp(path_.data(), O_CLOEXEC);
    if (descriptor < 0) throw std::runtime_error("cannot make a temporary file " + path_);
    ::close(descriptor);
  }
  TemporaryPath(const TemporaryPath&) = delete;
  TemporaryPath& operator=(const TemporaryPath&) = delete;
  ~TemporaryPath() { ::unlink(path_.c_str()); }

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::shared_ptr<OpenFile> open() const {
    const int descriptor = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat status {};
    if (descriptor < 0 || ::fstat(descriptor, &status) != 0)
      throw std::runtime_error("cannot read the temporary file " + path_);
    return std::make_shared<OpenFile>(descriptor, static_cast<std::uint64_t>(status.st_size));
  }

 private:
  std::string path_;
};

class CsvWriter final : public Writer {
 public:
  CsvWriter() : file_(std::fopen(path_.path().c_str(), "wb"), std::fclose) {
    if (!file_) throw std::runtime_error("cannot write " + path_.path());
    put("\xef\xbb\xbf");
  }
  void cell(std::string_view text, CellKind kind) override {
    if (!is_first_) put(",");
    is_first_ = false;
    put(kind == CellKind::text ? csv_field(text) : std::string(text));
  }
  void end_row() override {
    put("\r\n");
    is_first_ = true;
  }
  std::shared_ptr<OpenFile> finish() override {
    if (std::fflush(file_.get()) != 0) throw std::runtime_error("cannot write " + path_.path());
    return path_.open();
  }

 private:
  void put(std::string_view text) {
    if (std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size())
      throw std::runtime_error("cannot write " + path_.path());
  }

  TemporaryPath path_;
  std::unique_ptr<FILE, int (*)(FILE*)> file_;
  bool is_first_ = true;
};

// Of "YYYY-MM-DD HH:MM:SS", as the lists' queries write it.
lxw_datetime datetime_of(std::string_view text) {
  const auto number = [&](std::size_t at, std::size_t length) {
    const std::string_view digits = text.substr(at, length);
    int value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
  };
  lxw_datetime out{};
  out.year = number(0, 4);
  out.month = number(5, 2);
  out.day = number(8, 2);
  out.hour = number(11, 2);
  out.min = number(14, 2);
  out.sec = number(17, 2);
  return out;
}

class XlsxWriter final : public Writer {
 public:
  XlsxWriter() {
    lxw_workbook_options options{};
    options.constant_memory = LXW_TRUE;
    book_ = workbook_new_opt(path_.path().c_str(), &options);
    sheet_ = workbook_add_worksheet(book_, nullptr);
    header_ = workbook_add_format(book_);
    format_set_bold(header_);
    time_ = workbook_add_format(book_);
    format_set_num_format(time_, "yyyy-mm-dd hh:mm:ss");
    worksheet_freeze_panes(sheet_, 1, 0);
    worksheet_set_column(sheet_, 0, 30, 18, nullptr);
  }
  ~XlsxWriter() override {
    if (book_ != nullptr) (void)workbook_close(book_);
  }
  void cell(std::string_view text, CellKind kind) override {
    const std::string value(text);
    if (value.empty()) {
      ++column_;
      return;
    }
    if (kind == CellKind::number && row_ > 0) {
      worksheet_write_number(sheet_, row_, column_++, std::strtod(value.c_str(), nullptr), nullptr);
    } else if (kind == CellKind::local_time && row_ > 0) {
      lxw_datetime time = datetime_of(value);
      worksheet_write_datetime(sheet_, row_, column_++, &time, time_);
    } else {
      worksheet_write_string(sheet_, row_, column_++, value.c_str(), row_ == 0 ? header_ : nullptr);
    }
  }
  void end_row() override {
    if (++row_ > kXlsxRowsMax)
      throw invalid_field("query", "format", "There are more rows than .xlsx can hold.", {"csv"});
    column_ = 0;
  }
  std::shared_ptr<OpenFile> finish() override {
    const lxw_error error = workbook_close(std::exchange(book_, nullptr));
    if (error != LXW_NO_ERROR)
      throw std::runtime_error(fmt::format("cannot write the workbook: {}", lxw_strerror(error)));
    return path_.open();
  }

 private:
  TemporaryPath path_;
  lxw_workbook* book_ = nullptr;
  lxw_worksheet* sheet_ = nullptr;
  lxw_format* header_ = nullptr;
  lxw_format* time_ = nullptr;
  std::uint32_t row_ = 0;
  std::uint16_t column_ = 0;
};

const ExportColumn* find_column(std::span<const ExportColumn> columns, std::string_view name) {
  for (const auto& column : columns)
    if (column.name == name) return &column;
  return nullptr;
}

// What a client asked for.
struct ExportRequest {
  TableFormat format;
  std::vector<const ExportColumn*> columns;
};

ExportRequest read_export(Context& context, std::span<const ExportColumn> columns) {
  ExportRequest out;
  out.format = read_table_format(context);
  for (const std::string& list : context.parameters.read_all("columns", 50)) {
    for (std::size_t at = 0; at <= list.size();) {
      const std::size_t end = std::min(list.find(',', at), list.size());
      const ExportColumn* column =
          find_column(columns, std::string_view(list).substr(at, end - at));
      if (column != nullptr) {
        out.columns.push_back(column);
      } else {
        std::vector<std::string> allowed;
        for (const auto& known : columns) allowed.emplace_back(known.name);
        context.parameters.refuse("columns", "There is no such column.", std::move(allowed));
        return out;
      }
      at = end + 1;
    }
  }
  if (out.columns.empty())
    for (const auto& column : columns) out.columns.push_back(&column);
  return out;
}

std::unique_ptr<Writer> make_writer(const TableFormat& format) {
  if (format.is_xlsx) return std::make_unique<XlsxWriter>();
  return std::make_unique<CsvWriter>();
}

Response attachment(const Context& context, std::string_view name, const TableFormat& format,
                    Writer& writer) {
  Response out;
  out.file = writer.finish();
  const std::string date = rfc3339(context.services.now()).substr(0, 10);
  out.with("Content-Type", format.is_xlsx
                               ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                               : "text/csv; charset=utf-8");
  out.with("Content-Disposition", fmt::format("attachment; filename=\"{}-{}.{}\"", name, date,
                                              format.is_xlsx ? "xlsx" : "csv"));
  return out;
}

}  // namespace

TableFormat read_table_format(Context& context) {
  static constexpr std::array<std::string_view, 2> kFormats{"xlsx", "csv"};
  static constexpr std::array<std::string_view, 2> kLocales{"ja", "en"};
  TableFormat out;
  out.is_xlsx = context.parameters.read_required_word("format", kFormats) == "xlsx";
  out.is_japanese =
      context.parameters.read_word("locale", kLocales).value_or(context.session.account.locale) ==
      "ja";
  return out;
}

Response table_response(const Context& context, std::string_view name, const TableFormat& format,
                        const Table& table) {
  const auto writer = make_writer(format);
  for (const auto& column : table.columns) writer->cell(column.header, CellKind::text);
  writer->end_row();
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) writer->cell(row[i], table.columns[i].kind);
    writer->end_row();
  }
  return attachment(context, name, format, *writer);
}

std::string csv_field(std::string_view text) {
  // What a machine calls itself must not run as a formula in the reader's spreadsheet (CWE-1236).
  const bool is_formula =
      !text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos;
  std::string out = is_formula ? "'" : "";
  out += text;
  if (out.find_first_of("\",\r\n") == std::string::npos) return out;
  std::string quoted = "\"";
  for (const char c : out) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

Response answer_export(Context& context, const List& list) {
  const auto filters = list.read_filters(context);
  Paging paging = read_order(context, list.sorts);
  const ExportRequest wanted = read_export(context, list.columns);
  context.parameters.finish();
  const auto writer = make_writer(wanted.format);
  for (const ExportColumn* column : wanted.columns)
    writer->cell(wanted.format.is_japanese ? column->header_ja : column->header_en, CellKind::text);
  writer->end_row();
  context.plan_for_parameters();
  while (true) {
    const auto rows = read_page(context, list.queries, filters, paging, kRowsAtOnce);
    for (const auto row : rows) {
      for (const ExportColumn* column : wanted.columns)
        writer->cell(column->cell(row, wanted.format.is_japanese), column->kind);
      writer->end_row();
    }
    if (rows.size() < static_cast<std::size_t>(kRowsAtOnce)) break;
    continue_after(paging, rows[rows.size() - 1]);
  }
  return attachment(context, list.name, wanted.format, *writer);
}

}  // namespace osect::api
