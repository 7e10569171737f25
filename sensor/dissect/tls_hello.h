// Client and server hello of TLS, and the fingerprints JA3, JA3S and JA4 made of them.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "sensor/decode/cursor.h"
#include "sensor/dissect/text.h"

namespace osect::dissect::tls_hello {

// A list of 16-bit numbers of a hello; GREASE values (RFC 8701) are left out.
struct Numbers {
  static constexpr std::size_t kMax = 256;
  std::size_t count = 0;
  std::array<std::uint16_t, kMax> values;

  void add(std::uint16_t value);
  [[nodiscard]] std::span<const std::uint16_t> all() const { return {values.data(), count}; }
};

struct Hello {
  std::uint16_t version = 0;         // legacy_version
  std::uint16_t version_chosen = 0;  // highest of supported_versions, or version
  Numbers ciphers;                   // offered, or the one chosen
  Numbers extensions;
  Numbers groups;
  Numbers formats;
  Numbers signatures;
  std::string_view server_name;
  std::string_view protocol;  // first of ALPN
};

// The body of the handshake message; faults when it contradicts RFC 8446 clause 4.1 or RFC 5246
// clause 7.4.1.
void read_client(decode::Cursor& body, Hello& hello);
void read_server(decode::Cursor& body, Hello& hello);

// https://github.com/salesforce/ja3: what is digested by MD5.
void write_ja3(Writer& to, const Hello& hello);
void write_ja3s(Writer& to, const Hello& hello);
// https://github.com/FoxIO-LLC/ja4, JA4: TLS over TCP.
void write_ja4(Writer& to, const Hello& hello);

// "1.2", "SSL 3.0"; "" for numbers not assigned.
[[nodiscard]] std::string_view version_name(std::uint16_t version);

}  // namespace osect::dissect::tls_hello
