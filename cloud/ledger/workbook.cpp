// What kind of file it is, by its first bytes, whatever its name says.
#include "cloud/ledger/workbook.h"

namespace osect::ledger {
namespace {

// Of the Compound File Binary format ([MS-CFB] 2.2): .xls, and any Office file behind a password.
constexpr std::string_view kCompoundFile = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
constexpr std::string_view kZip = "PK\x03\x04";
// The stream of an encrypted package ([MS-OFFCRYPTO] 2.3.4.4), as the directory names it: UTF-16.
constexpr std::string_view kEncryptedPackage{"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0",
                                             32};

}  // namespace

Read<Workbook> read_workbook(std::string_view bytes) {
  using Kind = Complaint::Kind;
  if (bytes.size() > kFileBytesMax)
    return Complaint{Kind::too_large, std::to_string(kFileBytesMax >> 20)};
  if (bytes.empty()) return Complaint{Kind::empty, ""};
  if (bytes.starts_with(kCompoundFile)) {
    const bool is_encrypted = bytes.find(kEncryptedPackage) != std::string_view::npos;
    return Complaint{is_encrypted ? Kind::encrypted : Kind::old_excel, ""};
  }
  return bytes.starts_with(kZip) ? read_xlsx(bytes) : read_csv(bytes);
}

}  // namespace osect::ledger
