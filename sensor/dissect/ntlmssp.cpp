// MS-NLMP clause 2.2.1: NEGOTIATE, CHALLENGE, AUTHENTICATE.
#include "sensor/dissect/ntlmssp.h"

#include <array>

#include "sensor/dissect/windows_versions.h"

namespace osect::dissect::ntlmssp {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kSignature = "NTLMSSP\0"sv;
constexpr std::uint8_t kConfidence = 85;
constexpr std::uint8_t kUserConfidence = 50;  // of a domain that somebody typed in with the name

enum Message : std::uint32_t { negotiate = 1, challenge = 2, authenticate = 3 };

// Clause 2.2.2.5.
constexpr std::uint32_t kUnicode = 0x00000001;
constexpr std::uint32_t kTargetIsDomain = 0x00010000;
constexpr std::uint32_t kHasVersion = 0x02000000;
// Clause 2.2.2.1.
enum Attribute : std::uint16_t {
  end = 0,
  computer = 1,
  domain = 2,
  dns_computer = 3,
  dns_domain = 4
};

// Length, allocated, offset from the message's beginning: clause 2.2.1.
Cursor read_field(Cursor& in, std::span<const std::uint8_t> message) {
  const std::size_t length = in.le16();
  in.skip(2);
  const std::size_t offset = in.le32();
  Cursor field(message);
  field.skip(offset);
  return field.child(length);
}

void add(std::string_view attribute, std::uint8_t confidence, Cursor text, bool is_unicode,
         Collected& facts) {
  if (text.left() == 0) return;
  if (!is_unicode) {
    facts.add_raw(about_sender(attribute, confidence), text.text(text.left()));
    return;
  }
  facts.add_text(about_sender(attribute, confidence),
                 [&](Writer& to) { to.printable_utf16(text.rest()); });
}

void add_version(Cursor& in, std::uint32_t flags, Collected& facts) {
  const windows::Version version{.major = in.u8(), .minor = in.u8(), .build = in.le16()};
  if ((flags & kHasVersion) != 0 && in.is_good())
    windows::add_version(about_sender("", kConfidence), version, facts);
}

// What a client says before it is asked: clause 2.2.1.1, in the machine's own character set.
void add_negotiate(Cursor& in, std::span<const std::uint8_t> message, Collected& facts) {
  const std::uint32_t flags = in.le32();
  const Cursor group = read_field(in, message);
  const Cursor workstation = read_field(in, message);
  add("workgroup", kConfidence, group, false, facts);
  add("host_name", kConfidence, workstation, false, facts);
  add_version(in, flags, facts);
}

// Clause 2.2.2.1: pairs until the end marker.
void add_target_information(Cursor in, Collected& facts) {
  while (in.left() > 0) {
    const std::uint16_t attribute = in.le16();
    const Cursor value = in.child(in.le16());
    if (attribute == Attribute::end || !in.is_good()) return;
    if (attribute == Attribute::computer) add("host_name", kConfidence, value, true, facts);
    if (attribute == Attribute::domain) add("workgroup", kConfidence, value, true, facts);
    if (attribute == Attribute::dns_computer) add("fqdn", kConfidence, value, true, facts);
    if (attribute == Attribute::dns_domain) add("dns_domain", kConfidence, value, true, facts);
  }
}

// Clause 2.2.1.2.
void add_challenge(Cursor& in, std::span<const std::uint8_t> message, Collected& facts) {
  const Cursor target = read_field(in, message);
  const std::uint32_t flags = in.le32();
  in.skip(8 + 8);  // the challenge, reserved
  const Cursor information = read_field(in, message);
  add((flags & kTargetIsDomain) != 0 ? "workgroup" : "host_name", kConfidence, target,
      (flags & kUnicode) != 0, facts);
  add_target_information(information, facts);
  add_version(in, flags, facts);
}

// Clause 2.2.1.3. Who it is, is passed over.
void add_authenticate(Cursor& in, std::span<const std::uint8_t> message, Collected& facts) {
  in.skip(8 + 8);  // two responses
  const Cursor group = read_field(in, message);
  in.skip(8);  // user
  const Cursor workstation = read_field(in, message);
  in.skip(8);  // session key
  const std::uint32_t flags = in.le32();
  const bool is_unicode = (flags & kUnicode) != 0;
  add("workgroup", kUserConfidence, group, is_unicode, facts);
  add("host_name", kConfidence, workstation, is_unicode, facts);
  add_version(in, flags, facts);
}

int sextet(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

}  // namespace

void collect(Cursor message, Collected& facts) {
  const auto whole = message.rest();
  if (message.text(kSignature.size()) != kSignature) return;
  switch (message.le32()) {
    case Message::negotiate:
      return add_negotiate(message, whole, facts);
    case Message::challenge:
      return add_challenge(message, whole, facts);
    case Message::authenticate:
      return add_authenticate(message, whole, facts);
    default:
      return;
  }
}

void collect_from_token(Cursor token, Collected& facts) {
  Cursor all = token;
  const auto at = all.text(all.left()).find(kSignature);
  if (at == std::string_view::npos) return;
  token.skip(at);
  collect(token, facts);
}

void collect_from_header(std::string_view credentials, Collected& facts) {
  const auto space = credentials.find(' ');
  const auto scheme = credentials.substr(0, space);
  if (space == std::string_view::npos || (scheme != "NTLM" && scheme != "Negotiate")) return;
  std::array<std::uint8_t, 1024> bytes;
  std::size_t size = 0;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : trimmed(credentials.substr(space))) {
    const int value = sextet(c);
    if (value < 0 || size == bytes.size()) break;
    bits = bits << 6U | static_cast<std::uint32_t>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes[size++] = static_cast<std::uint8_t>(bits >> count);
  }
  collect_from_token(Cursor(std::span(bytes).first(size)), facts);
}

}  // namespace osect::dissect::ntlmssp
