// MS-CIFS clauses 2.2.4.52 and 2.2.4.53, MS-SMB clauses 2.2.4.5 and 2.2.4.6.
#include "sensor/dissect/smb1.h"

#include <algorithm>

#include "sensor/dissect/ntlmssp.h"

namespace osect::dissect::smb1 {
namespace {

constexpr std::uint8_t kConfidence = 85;
constexpr std::uint8_t kUnixConfidence = 40;  // Samba writes no more than "Unix"
constexpr std::uint16_t kNoDialect = 0xffff;
constexpr std::uint32_t kExtendedSecurity = 0x80000000;

Fact fact(std::string_view attribute) {
  return about_sender(attribute, kConfidence);
}

// A text up to its NUL, in either character set; the wide one stands at an even offset.
std::span<const std::uint8_t> read_text(const Header& header, Cursor& in) {
  if (!header.is_unicode) {
    const auto rest = in.rest();
    const auto* const end = std::find(rest.data(), rest.data() + rest.size(), 0);
    const auto length = static_cast<std::size_t>(end - rest.data());
    const auto text = in.bytes(length);
    if (in.left() > 0) in.skip(1);
    return text;
  }
  if (in.offset() % 2 != 0 && in.left() > 0) in.skip(1);
  const auto rest = in.rest();
  std::size_t length = 0;
  while (length + 1 < rest.size() && (rest[length] != 0 || rest[length + 1] != 0)) length += 2;
  const auto text = in.bytes(length);
  in.skip(std::min<std::size_t>(2, in.left()));
  return text;
}

void add_text(const Header& header, Fact about_whom, std::span<const std::uint8_t> raw,
              Collected& facts) {
  if (raw.empty()) return;
  if (header.is_unicode)
    facts.add_text(about_whom, [&](Writer& to) { to.printable_utf16(raw); });
  else
    facts.add_raw(about_whom, Cursor(raw).text(raw.size()));
}

// Dialects by the names that a client lists, each behind a 02.
void add_dialects(Cursor& bytes, Collected& facts) {
  facts.add_text(fact("smb_dialects_offered"), [&](Writer& to) {
    while (bytes.left() > 0) {
      bytes.expect(bytes.u8() == 0x02);
      const auto rest = bytes.rest();
      const auto* const end = std::find(rest.data(), rest.data() + rest.size(), 0);
      const auto name = bytes.text(static_cast<std::size_t>(end - rest.data()));
      bytes.skip(1);
      (to.size() > 0 ? to.put(", ") : to).printable(name);
    }
  });
}

void add_negotiate_response(const Header& header, Cursor& words, Cursor& bytes, Collected& facts) {
  const std::uint16_t dialect = words.le16();
  if (header.status != 0 || dialect == kNoDialect) return;
  facts.add(fact("insecure_protocol"), "smb1");
  facts.add(about_receiver("insecure_protocol", kConfidence), "smb1");
  if (words.left() < 32) return;  // of LAN Manager: names nobody
  const std::uint8_t security = words.u8();
  facts.add(fact("smb_dialect"), "SMB 1 (NT LM 0.12)");
  facts.add(fact("smb_signing"), (security & 0x08U) != 0   ? "required"
                                 : (security & 0x04U) != 0 ? "enabled"
                                                           : "off");
  words.skip(2 + 2 + 4 + 4 + 4);
  const std::uint32_t capabilities = words.le32();
  words.skip(8 + 2);  // time
  const std::uint8_t challenge = words.u8();
  if ((capabilities & kExtendedSecurity) != 0) {
    bytes.skip(16);  // the server's GUID
    ntlmssp::collect_from_token(bytes, facts);
    return;
  }
  bytes.skip(challenge);
  // Here the texts are not aligned: MS-CIFS clause 2.2.4.52.2.
  Cursor names(bytes.rest());
  const auto group = read_text(header, names);
  const auto server = read_text(header, names);
  add_text(header, fact("workgroup"), group, facts);
  add_text(header, fact("host_name"), server, facts);
}

struct KnownSystem {
  std::string_view begin;
  std::string_view name;
};
// What Windows called itself, where a person would not recognise it.
constexpr KnownSystem kSystems[] = {
    {"Windows 4.0", "Windows NT 4.0"},     {"Windows 5.0", "Windows 2000"},
    {"Windows 2000 2195", "Windows 2000"}, {"Windows 5.1", "Windows XP"},
    {"Windows 2002", "Windows XP"},        {"Windows 5.2", "Windows XP x64 / Windows Server 2003"},
};

// The texts at a session setup's end: system, LAN manager, domain.
void add_native(const Header& header, Cursor& bytes, Collected& facts) {
  const auto system = read_text(header, bytes);
  const auto manager = read_text(header, bytes);
  Text<96> name;
  if (header.is_unicode)
    name.printable_utf16(system.first(std::min<std::size_t>(system.size(), 96)));
  else
    name.printable(Cursor(system).text(std::min<std::size_t>(system.size(), 96)));
  add_text(header, fact("smb_native_os"), system, facts);
  add_text(header, fact("smb_lan_manager"), manager, facts);
  for (const KnownSystem& known : kSystems)
    if (name.text().starts_with(known.begin)) {
      facts.add(fact("os"), known.name);
      return;
    }
  const bool is_windows = name.text().starts_with("Windows ");
  add_text(header, about_sender("os", is_windows ? kConfidence : kUnixConfidence), system, facts);
}

void add_session_setup(const Header& header, Cursor& words, Cursor& bytes, Collected& facts) {
  constexpr std::size_t kNtWords = 26;
  constexpr std::size_t kExtendedWords = 24;
  constexpr std::size_t kResponseWords = 6;
  constexpr std::size_t kExtendedResponseWords = 8;
  const std::size_t size = words.left();
  if (header.is_response && (size == kResponseWords || size == kExtendedResponseWords)) {
    words.skip(6);
    Cursor token = bytes.child(size == kExtendedResponseWords ? words.le16() : 0);
    ntlmssp::collect_from_token(token, facts);
  } else if (!header.is_response && size == kExtendedWords) {
    words.skip(14);
    Cursor token = bytes.child(words.le16());
    ntlmssp::collect_from_token(token, facts);
  } else if (!header.is_response && size == kNtWords) {
    words.skip(14);
    bytes.skip(std::size_t{words.le16()} + words.le16());  // two passwords
    read_text(header, bytes);                              // the account
    add_text(header, about_sender("workgroup", 50), read_text(header, bytes), facts);
  } else {
    return;
  }
  add_native(header, bytes, facts);
}

}  // namespace

Header read_header(Cursor& in) {
  Header header;
  header.command = in.u8();
  header.status = in.le32();
  header.is_response = (in.u8() & 0x80U) != 0;
  header.is_unicode = (in.le16() & 0x8000U) != 0;
  in.skip(20);  // process, signature, tree, user, multiplex
  return header;
}

void collect(const Header& header, Cursor& in, Collected& facts) {
  Cursor words = in.child(2 * std::size_t{in.u8()});
  in.skip(2);  // the count of bytes; the message's end says the same
  if (header.command == Command::negotiate) {
    if (header.is_response)
      add_negotiate_response(header, words, in, facts);
    else
      add_dialects(in, facts);
  } else if (header.command == Command::session_setup) {
    add_session_setup(header, words, in, facts);
  }
}

}  // namespace osect::dissect::smb1
