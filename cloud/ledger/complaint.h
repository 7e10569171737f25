// Why a file, a row or a cell is not taken: a kind that the pages have words for, and what it is
// about.
#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace osect::ledger {

struct Complaint {
  enum class Kind : std::uint8_t {
    empty,            // the file is
    too_large,        // value: how many MiB are read
    encrypted,        // a workbook with a password
    old_excel,        // .xls
    encoding,         // value: the line that is neither UTF-8 nor Shift_JIS
    no_text,          // neither a workbook nor text
    open_quote,       // value: the line in which a quotation mark is opened and never closed
    too_many_rows,    // value: how many are read
    no_workbook,      // a zip, but no workbook
    no_sheet,         // a workbook without a sheet that has cells
    damaged,          // value: the part of the workbook
    unpacks_too_far,  // value: how many MiB are read
    no_mac,           // value: the word that is no MAC address
    no_ip,            // value: the word that is no IP address
    no_key,           // a row with nothing to know a machine by
    no_row,           // no row of the sheet can be taken
  };
  Kind kind = Kind::empty;
  std::string value;
};

// "old_excel": as the API names it.
[[nodiscard]] const char* kind_name(Complaint::Kind kind);
// In English, with what to do.
[[nodiscard]] std::string sentence(const Complaint& complaint);

// Thrown by value() on a failed read: a defect in the caller, who should have looked.
[[noreturn]] inline void throw_exception_from_error(const Complaint& complaint,
                                                    const boost::source_location&) {
  throw std::logic_error("unchecked failure: " + sentence(complaint));
}

template <typename T = void>
using Read = boost::system::result<T, Complaint>;

}  // namespace osect::ledger
