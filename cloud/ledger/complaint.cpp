// Names and sentences of complaints, in the order of Complaint::Kind.
#include "cloud/ledger/complaint.h"

#include <fmt/format.h>

#include <array>

namespace osect::ledger {
namespace {

struct Words {
  const char* name;
  const char* sentence;  // {}: the value
};
constexpr std::array<Words, 16> kWords{{
    {"empty", "The file is empty."},
    {"too_large", "The file is too large; at most {} MiB are read."},
    {"encrypted", "The workbook is encrypted; save it without a password and upload it again."},
    {"old_excel", "This is an old Excel workbook (.xls); save it as .xlsx and upload it again."},
    {"encoding",
     "Line {} is neither UTF-8 nor Shift_JIS; in Excel, save the file as \"CSV UTF-8\" or .xlsx."},
    {"no_text",
     "This is neither an .xlsx workbook nor a text file in UTF-8 or Shift_JIS; in Excel, save it "
     "as .xlsx or \"CSV UTF-8\"."},
    {"open_quote", "A quotation mark in line {} is never closed."},
    {"too_many_rows", "There are more than {} rows; split the file."},
    {"no_workbook", "This is a zip file, but no Excel workbook."},
    {"no_sheet", "The workbook has no sheet with cells."},
    {"damaged", "The workbook is damaged ({}); open it in Excel and save it again."},
    {"unpacks_too_far", "The workbook unpacks to more than {} MiB."},
    {"no_mac", "'{}' is no MAC address."},
    {"no_ip", "'{}' is no IP address."},
    {"no_key", "There is nothing to know a machine by: no name, address, serial or asset number."},
    {"no_row", "No row of the sheet can be taken; choose another sheet or header row."},
}};

}  // namespace

const char* kind_name(Complaint::Kind kind) {
  return kWords.at(static_cast<std::size_t>(kind)).name;
}

std::string sentence(const Complaint& complaint) {
  return fmt::format(fmt::runtime(kWords.at(static_cast<std::size_t>(complaint.kind)).sentence),
                     complaint.value);
}

}  // namespace osect::ledger
