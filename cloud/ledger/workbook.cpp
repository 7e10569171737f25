// What kind of file it is, by its first bytes, whatever its name says.
#include "cloud/ledger/workbook.h"

#include <fmt/format.h>

namespace osect::ledger {
namespace {

// Of the Compound File Binary format ([MS-CFB] 2.2): .xls, and any Office file behind a password.
constexpr std::string_view kCompoundFile = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
constexpr std::string_view kZip = "PK\x03\x04";
// The stream of an encrypted package ([MS-OFFCRYPTO] 2.3.4.4), as the directory names it: UTF-16.
constexpr std::string_view kEncryptedPackage{"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0",
                                             32};

}  // namespace

Result<Workbook> read_workbook(std::string_view bytes) {
  if (bytes.size() > kFileBytesMax)
    return Error(fmt::format("the file has {} MiB; at most {} MiB are read", bytes.size() >> 20,
                             kFileBytesMax >> 20));
  if (bytes.empty()) return Error("the file is empty");
  if (bytes.starts_with(kCompoundFile))
    return bytes.find(kEncryptedPackage) != std::string_view::npos
               ? Error("the workbook is encrypted; save it without a password and upload it again")
               : Error(
                     "this is an old Excel workbook (.xls); save it as .xlsx and upload it again");
  return bytes.starts_with(kZip) ? read_xlsx(bytes) : read_csv(bytes);
}

}  // namespace osect::ledger
