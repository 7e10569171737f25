// Reads hellos and writes their fingerprints; RFC 5246, RFC 8446, RFC 6066 (server name), RFC 7301
// (ALPN).
#include "sensor/dissect/tls_hello.h"

#include <algorithm>

#include "sensor/dissect/digest.h"

namespace osect::dissect::tls_hello {
namespace {

using decode::Cursor;

enum Extension : std::uint16_t {
  server_name = 0,
  supported_groups = 10,
  ec_point_formats = 11,
  signature_algorithms = 13,
  alpn = 16,
  supported_versions = 43,
};

constexpr bool is_grease(std::uint16_t value) {
  return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);
}

void read_numbers(Cursor list, Numbers& to) {
  while (list.left() > 0) to.add(list.be16());
}

std::string_view read_server_name(Cursor list) {
  while (list.left() > 0) {
    const std::uint8_t kind = list.u8();
    const std::string_view name = list.text(list.be16());
    if (kind == 0) return name;
  }
  return {};
}

void read_versions(Cursor list, Hello& hello) {
  Numbers offered;
  read_numbers(list, offered);
  for (const std::uint16_t version : offered.all())
    hello.version_chosen = std::max(hello.version_chosen, version);
}

void read_extensions(Cursor& body, Hello& hello, bool is_client) {
  if (body.left() == 0) return;  // a hello may have none
  Cursor list = body.child(body.be16());
  while (list.left() > 0) {
    const std::uint16_t kind = list.be16();
    Cursor data = list.child(list.be16());
    if (!list.is_good()) break;
    hello.extensions.add(kind);
    switch (kind) {
      case Extension::server_name:
        if (is_client) hello.server_name = read_server_name(data.child(data.be16()));
        break;
      case Extension::supported_groups:
        read_numbers(data.child(data.be16()), hello.groups);
        break;
      case Extension::ec_point_formats:
        for (Cursor formats = data.child(data.u8()); formats.left() > 0;)
          hello.formats.add(formats.u8());
        break;
      case Extension::signature_algorithms:
        read_numbers(data.child(data.be16()), hello.signatures);
        break;
      case Extension::alpn: {
        Cursor names = data.child(data.be16());
        hello.protocol = names.text(names.u8());
        break;
      }
      case Extension::supported_versions:
        if (is_client)
          read_versions(data.child(data.u8()), hello);
        else
          hello.version_chosen = data.be16();
        break;
      default:
        break;
    }
  }
  body.expect(list.is_good());
}

void write_list(Writer& to, const Numbers& numbers) {
  for (std::size_t i = 0; i < numbers.count; ++i) {
    if (i > 0) to.put('-');
    to.decimal(numbers.values[i]);
  }
}

void write_hex_list(Writer& to, std::span<const std::uint16_t> numbers) {
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (i > 0) to.put(',');
    to.hex(numbers[i], 4);
  }
}

std::string_view ja4_version(std::uint16_t version) {
  switch (version) {
    case 0x0304:
      return "13";
    case 0x0303:
      return "12";
    case 0x0302:
      return "11";
    case 0x0301:
      return "10";
    case 0x0300:
      return "s3";
    case 0x0002:
      return "s2";
    default:
      return "00";
  }
}

// First and last character of the first ALPN protocol; of other than letters and digits, of its
// hexadecimal text.
void write_ja4_alpn(Writer& to, std::string_view protocol) {
  if (protocol.empty()) {
    to.put("00");
    return;
  }
  const auto is_alnum = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  if (is_alnum(protocol.front()) && is_alnum(protocol.back())) {
    to.put(protocol.front()).put(protocol.back());
  } else {
    to.hex(static_cast<std::uint8_t>(protocol.front()) >> 4, 1);
    to.hex(static_cast<std::uint8_t>(protocol.back()) & 0x0f, 1);
  }
}

void put_count(Writer& to, std::size_t count) {
  count = std::min<std::size_t>(count, 99);
  if (count < 10) to.put('0');
  to.decimal(count);
}

void put_short_digest(Writer& to, std::string_view text) {
  const auto digest = sha256_hex(text);
  to.put(std::string_view(digest.data(), 12));
}

constexpr std::string_view kEmptyDigest = "000000000000";

}  // namespace

void Numbers::add(std::uint16_t value) {
  if (!is_grease(value) && count < kMax) values[count++] = value;
}

void read_client(Cursor& body, Hello& hello) {
  hello.version = body.be16();
  hello.version_chosen = 0;
  body.skip(32);
  body.skip(body.u8());  // session
  const std::uint16_t ciphers = body.be16();
  body.expect(ciphers % 2 == 0);
  read_numbers(body.child(ciphers), hello.ciphers);
  body.skip(body.u8());  // compression methods
  read_extensions(body, hello, true);
  if (hello.version_chosen == 0) hello.version_chosen = hello.version;
}

void read_server(Cursor& body, Hello& hello) {
  hello.version = body.be16();
  hello.version_chosen = hello.version;
  // Drafts of TLS 1.3 before the 22nd have neither session nor compression; browsers of 2016 and
  // 2017 speak them.
  const bool is_early_draft = hello.version >> 8 == 0x7f && (hello.version & 0xff) < 22;
  body.skip(32);
  if (!is_early_draft) body.skip(body.u8());  // session
  hello.ciphers.add(body.be16());
  if (!is_early_draft) body.skip(1);  // compression method
  read_extensions(body, hello, false);
}

void write_ja3(Writer& to, const Hello& hello) {
  to.decimal(hello.version).put(',');
  write_list(to, hello.ciphers);
  to.put(',');
  write_list(to, hello.extensions);
  to.put(',');
  write_list(to, hello.groups);
  to.put(',');
  write_list(to, hello.formats);
}

void write_ja3s(Writer& to, const Hello& hello) {
  to.decimal(hello.version).put(',');
  write_list(to, hello.ciphers);
  to.put(',');
  write_list(to, hello.extensions);
}

void write_ja4(Writer& to, const Hello& hello) {
  to.put('t').put(ja4_version(hello.version_chosen));
  to.put(hello.server_name.empty() ? 'i' : 'd');
  put_count(to, hello.ciphers.count);
  put_count(to, hello.extensions.count);
  write_ja4_alpn(to, hello.protocol);
  to.put('_');

  Numbers sorted = hello.ciphers;
  std::sort(sorted.values.begin(),
            sorted.values.begin() + static_cast<std::ptrdiff_t>(sorted.count));
  Text<Numbers::kMax * 10> text;
  write_hex_list(text, sorted.all());
  if (sorted.count == 0)
    to.put(kEmptyDigest);
  else
    put_short_digest(to, text.text());
  to.put('_');

  sorted.count = 0;
  for (const std::uint16_t kind : hello.extensions.all())
    if (kind != Extension::server_name && kind != Extension::alpn) sorted.add(kind);
  std::sort(sorted.values.begin(),
            sorted.values.begin() + static_cast<std::ptrdiff_t>(sorted.count));
  Text<Numbers::kMax * 10> second;
  write_hex_list(second, sorted.all());
  if (hello.signatures.count > 0) {
    second.put('_');
    write_hex_list(second, hello.signatures.all());
  }
  if (hello.extensions.count == 0)
    to.put(kEmptyDigest);
  else
    put_short_digest(to, second.text());
}

std::string_view version_name(std::uint16_t version) {
  switch (version) {
    case 0x0304:
      return "1.3";
    case 0x0303:
      return "1.2";
    case 0x0302:
      return "1.1";
    case 0x0301:
      return "1.0";
    case 0x0300:
      return "SSL 3.0";
    default:
      return "";
  }
}

}  // namespace osect::dissect::tls_hello
