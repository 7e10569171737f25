// SMB 1: MS-CIFS clause 2.2.4, MS-SMB clause 2.2.4. Negotiation and session setup; the mail slots
// of NetBIOS datagrams are written in it too.
#pragma once

#include "sensor/dissect/collected.h"

namespace osect::dissect::smb1 {

constexpr std::size_t kHeaderBytes = 32;

enum Command : std::uint8_t { transaction = 0x25, negotiate = 0x72, session_setup = 0x73 };

// Clause 2.2.3.1, as far as it tells how to read what follows.
struct Header {
  std::uint8_t command = 0;
  std::uint32_t status = 0;
  bool is_response = false;
  bool is_unicode = false;
};
// Behind the four bytes "\xffSMB".
[[nodiscard]] Header read_header(Cursor& in);

// What a negotiation or session setup says of its sender. `in` began at the header, from which
// texts are aligned, and stands behind it.
void collect(const Header& header, Cursor& in, Collected& facts);

}  // namespace osect::dissect::smb1
