// Kerberos 5: RFC 4120 clause 5. Realm, names of hosts, the encryption of answers; no name of a
// user.
#include <algorithm>

#include "sensor/dissect/ber.h"
#include "sensor/dissect/collected.h"

namespace osect::dissect::kerberos {
namespace {

constexpr std::uint16_t kPorts[] = {88};
constexpr std::uint8_t kConfidence = 80;
constexpr std::size_t kMarkBytes = 4;  // over TCP the length stands before the message
constexpr std::size_t kMessageMax = 65'536;
constexpr std::size_t kReadMax = 4096;

// Application tags, RFC 4120 clause 5.10.
enum Message : std::uint8_t {
  as_req = 10,
  as_rep = 11,
  tgs_req = 12,
  tgs_rep = 13,
  krb_error = 30
};

struct Encryption {
  std::uint64_t number;
  std::string_view name;
};
// IANA, "Kerberos Encryption Type Numbers".
constexpr Encryption kEncryptions[] = {
    {1, "DES"},     {2, "DES"},     {3, "DES"},     {16, "3DES"}, {17, "AES128"},
    {18, "AES256"}, {19, "AES128"}, {20, "AES256"}, {23, "RC4"},  {24, "RC4"}};

constexpr std::uint64_t kNetbiosAddress = 20;  // type of HostAddress, clause 7.5.3

bool is_request(std::uint8_t message) {
  return message == Message::as_req || message == Message::tgs_req;
}

// The message's number, 0 for what is none.
std::uint8_t message_of(std::uint8_t identifier) {
  constexpr std::uint8_t kApplication = 0x60;  // class and constructed
  const auto number = static_cast<std::uint8_t>(identifier & 0x1fU);
  const bool is_known = (number >= Message::as_req && number <= 15) || number == 20 ||
                        number == 21 || number == 22 || number == Message::krb_error;
  return (identifier & 0xe0U) == kApplication && is_known ? number : std::uint8_t{0};
}

Verdict probe(Cursor in, const Context& context) {
  if (context.over == over::kTcp) {
    const std::uint32_t length = in.be32();
    if (!in.is_good()) return Verdict::maybe;
    if (length < 8 || length > kMessageMax) return Verdict::no;
  }
  if (in.left() < 2) return Verdict::maybe;
  const bool is_sequence = in.left() < 7 || in.peek(2) == 0x30 || in.peek(3) == 0x30 ||
                           in.peek(4) == 0x30 || in.peek(5) == 0x30;
  return message_of(in.peek()) != 0 && is_sequence ? Verdict::yes : Verdict::no;
}

Framing frame(Cursor in, const Context&) {
  const std::size_t length = in.be32();
  if (!in.is_good()) return Framing::kNeedMore;
  if (length > kMessageMax || (in.left() > 0 && message_of(in.peek()) == 0))
    return Framing::kNotAMessage;
  return Framing(kMarkBytes + length, kMarkBytes + std::min(length, kReadMax));
}

// What was cut off may be the end of a text: then there is none.
std::string_view text_at(Cursor in, std::uint32_t tag, bool is_whole) {
  auto found = ber::find(in, ber::context(tag), is_whole);
  return found ? ber::text(ber::read(*found).content) : std::string_view{};
}

// PrincipalName: only accounts of machines are told, which end with a dollar sign, and the host of
// a service's own account ("host/press-07").
void add_machine(std::optional<Cursor> name, bool is_whole, const Fact& host, Collected& facts) {
  if (!name) return;
  Cursor fields = ber::read(*name, ber::kSequence, is_whole);
  auto list = ber::find(fields, ber::context(1), is_whole);
  if (!list) return;
  Cursor parts = ber::read(*list, ber::kSequence, is_whole);
  const auto first = ber::text(ber::read(parts).content);
  if (first.size() > 1 && first.ends_with('$')) {
    facts.add_raw(host, first.substr(0, first.size() - 1));
  } else if (first == "host" && parts.left() > 0) {
    facts.add_raw(host, ber::text(ber::read(parts).content));
  }
}

// HostAddresses of Windows: the NetBIOS name, filled up with blanks.
void add_netbios(Cursor body, bool is_whole, Collected& facts) {
  auto found = ber::find(body, ber::context(9), is_whole);
  if (!found) return;
  for (Cursor list = ber::read(*found, ber::kSequence, is_whole); list.left() > 0;) {
    Cursor address = ber::read(list, is_whole).content;
    auto type = ber::find(address, ber::context(0), is_whole);
    if (!type) continue;
    Cursor number = ber::read(*type, is_whole).content;
    if (ber::number(number) == kNetbiosAddress)
      facts.add_raw(about_sender("netbios_name", kConfidence), text_at(address, 1, is_whole));
  }
}

void read_request(Cursor fields, bool is_whole, Collected& facts) {
  auto found = ber::find(fields, ber::context(4), is_whole);
  if (!found) return;
  const Cursor body = ber::read(*found, ber::kSequence, is_whole);
  facts.add_raw(about_sender("kerberos_realm", kConfidence), text_at(body, 2, is_whole));
  add_machine(ber::find(body, ber::context(1), is_whole), is_whole,
              about_sender("host_name", kConfidence), facts);
  add_netbios(body, is_whole, facts);
}

// EncryptedData of a reply: what protects it was agreed on with the client.
void read_reply(Cursor fields, bool is_whole, Collected& facts) {
  facts.add_raw(about_sender("kerberos_realm", kConfidence), text_at(fields, 3, is_whole));
  add_machine(ber::find(fields, ber::context(4), is_whole), is_whole,
              about_receiver("host_name", kConfidence), facts);
  auto found = ber::find(fields, ber::context(6), is_whole);
  if (!found) return;
  const Cursor data = ber::read(*found, ber::kSequence, is_whole);
  auto type = ber::find(data, ber::context(0), is_whole);
  if (!type) return;
  Cursor content = ber::read(*type, is_whole).content;
  const std::uint64_t number = ber::number(content);
  for (const Encryption& encryption : kEncryptions)
    if (encryption.number == number)
      facts.add(about_receiver("kerberos_encryption", kConfidence), encryption.name);
}

void dissect(Cursor in, const Context& context, Out& out) {
  if (context.over == over::kTcp) in.skip(kMarkBytes);
  const std::uint8_t message = message_of(in.peek());
  Cursor content = ber::read(in, context.is_whole).content;
  Collected facts;
  if (is_request(message) || message == Message::as_rep || message == Message::tgs_rep ||
      message == Message::krb_error) {
    const Cursor fields = ber::read(content, ber::kSequence, context.is_whole);
    in.expect(content.is_good() && fields.is_good());
    out.say_direction(is_request(message) ? Role::request : Role::response, in);
    if (is_request(message))
      read_request(fields, context.is_whole, facts);
    else if (message == Message::krb_error)
      facts.add_raw(about_sender("kerberos_realm", kConfidence),
                    text_at(fields, 9, context.is_whole));
    else
      read_reply(fields, context.is_whole, facts);
  }
  facts.say(out, in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "kerberos",
    .title = "Kerberos",
    .over = over::kTcp | over::kUdp,
    .off_port = OffPort::never,
    .ports = kPorts,
    .functions = {},
    .facts = "kerberos_realm host_name netbios_name kerberos_encryption",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::kerberos
