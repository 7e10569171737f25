// LDAP and connectionless LDAP: RFC 4511, RFC 4512 clause 5.1, [MS-ADTS] clause 6.3. What a
// directory's server says of itself, and logins in the clear; nothing that stands in the directory.
#include <algorithm>
#include <array>

#include "sensor/dissect/ber.h"
#include "sensor/dissect/collected.h"
#include "sensor/dissect/dns_message.h"
#include "sensor/dissect/http_message.h"

namespace osect::dissect::ldap {
namespace {

constexpr std::uint16_t kPorts[] = {389, 3268};
constexpr std::uint8_t kConfidence = 90;
constexpr std::uint8_t kAskedConfidence = 75;
constexpr std::size_t kMessageMax = std::size_t{1} << 24U;
constexpr std::size_t kReadMax = 8192;
constexpr std::uint8_t kSequence = 0x30;

// Application tags, RFC 4511 clause 4.2 onwards.
enum Message : std::uint8_t {
  bind_request = 0,
  bind_response = 1,
  search_request = 3,
  search_entry = 4,
  extended_request = 23,
  extended_response = 24,
};
constexpr std::string_view kStartTls = "1.3.6.1.4.1.1466.20037";

enum Memory : std::uint32_t { tls_asked = 1, encrypted = 2 };

// Is the element that begins here of this shape: an INTEGER and an operation within a SEQUENCE?
Verdict probe(Cursor in, const Context&) {
  if (in.left() < 2) return Verdict::maybe;
  if (in.u8() != kSequence) return Verdict::no;
  const std::uint8_t length = in.u8();
  if (length > 0x84) return Verdict::no;
  if (length >= 0x80) in.skip(length & 0x7fU);
  const std::uint8_t id = in.u8();
  const std::uint8_t id_size = in.u8();
  in.skip(id_size);
  const std::uint8_t operation = in.u8();
  if (!in.is_good()) return Verdict::maybe;
  const std::uint8_t number = operation & 0x1fU;
  return id == 2 && id_size >= 1 && id_size <= 4 && (operation & 0xc0U) == 0x40 && number <= 25
             ? Verdict::yes
             : Verdict::no;
}

Framing frame(Cursor in, const Context& context) {
  if ((*context.memory & Memory::encrypted) != 0) return Framing::kAnotherProtocol;
  // Behind a login that agreed on it, everything is wrapped (RFC 4422 clause 3.7).
  if (in.peek() != kSequence) return Framing(Framing::kUntilEnd, 0);
  if (in.left() < 2) return Framing::kNeedMore;
  in.skip(1);
  std::size_t length = in.u8();
  if (length > 0x80) {
    const std::size_t octets = length & 0x7fU;
    if (octets > 4) return Framing::kNotAMessage;
    length = 0;
    for (std::size_t i = 0; i < octets; ++i) length = length << 8U | in.u8();
  }
  if (!in.is_good()) return Framing::kNeedMore;
  if (length > kMessageMax) return Framing::kNotAMessage;
  length += in.offset();
  return Framing(length, std::min(length, kReadMax));
}

// Elements of which nothing is wanted.
void pass(Cursor& in, int count, bool is_whole) {
  for (int i = 0; i < count; ++i) static_cast<void>(ber::read(in, is_whole));
}

// The password is looked at only for whether there is one.
void read_bind(Cursor body, bool is_whole, Collected& facts) {
  constexpr ber::Tag kSimple = ber::context(0);
  pass(body, 2, is_whole);  // version and name
  const ber::Element authentication = ber::read(body, is_whole);
  if (body.is_good() && authentication.tag == kSimple && authentication.content.left() > 0)
    facts.add(about_receiver("cleartext_login", kConfidence), "LDAP");
}

// A filter of Windows that looks for its domain: "(&(DnsDomain=...)(Host=PRESS-07)(NtVer=...))".
void read_search(Cursor body, bool is_whole, Collected& facts) {
  constexpr int kBeforeFilter = 6;
  constexpr ber::Tag kAnd = ber::context(0);
  constexpr ber::Tag kEqual = ber::context(3);
  pass(body, kBeforeFilter, is_whole);
  ber::Element filter = ber::read(body, is_whole);
  if (!body.is_good() || filter.tag != kAnd) return;
  while (filter.content.left() > 0) {
    ber::Element part = ber::read(filter.content, is_whole);
    if (part.tag != kEqual) continue;
    const auto attribute = ber::text(ber::read(part.content).content);
    const auto value = ber::text(ber::read(part.content).content);
    if (attribute == "Host") facts.add_raw(about_sender("host_name", kAskedConfidence), value);
  }
}

// domainControllerFunctionality, [MS-ADTS] clause 3.1.1.3.2.25.
std::string_view system_of(std::string_view level) {
  constexpr auto kSystems = std::to_array<std::string_view>(
      {"Windows 2000 Server", "", "Windows Server 2003", "Windows Server 2008",
       "Windows Server 2008 R2", "Windows Server 2012", "Windows Server 2012 R2",
       "Windows Server 2016 or later"});
  if (level == "10") return "Windows Server 2025";
  if (level.size() != 1 || level[0] < '0' || level[0] > '7') return {};
  return kSystems[static_cast<std::size_t>(level[0] - '0')];
}

// NETLOGON_SAM_LOGON_RESPONSE_EX, [MS-ADTS] clause 6.3.1.9: names compressed as in DNS.
void read_netlogon(Cursor in, Collected& facts) {
  constexpr std::uint16_t kResponseEx = 23;
  const auto message = in.rest();
  if (in.le16() != kResponseEx) return;
  in.skip(2 + 4 + 16);  // reserved, flags, the domain's GUID
  const auto next = [&] {
    return facts.keep([&](Writer& to) {
      Text<dns_message::kNameBytesMax * 4> name;
      dns_message::read_name(in, message, name);
      if (in.is_good()) to.put(name.text());
    });
  };
  next();  // forest
  const auto domain = next();
  const auto host = next();
  next();  // domain's NetBIOS name
  const auto netbios = next();
  if (!in.is_good()) return;
  facts.add(about_sender("fqdn", kConfidence), host);
  facts.add(about_sender("netbios_name", kConfidence),
            netbios.substr(netbios.starts_with('\\') ? netbios.rfind('\\') + 1 : 0));
  facts.add(about_sender("windows_domain", kConfidence), domain);
}

void read_attribute(std::string_view type, Cursor value, Collected& facts) {
  const auto is = [&](std::string_view name) {
    return http_message::equals_ignoring_case(type, name);
  };
  const auto text = ber::text(value);
  if (is("dnsHostName")) {
    facts.add_raw(about_sender("fqdn", kConfidence), text);
  } else if (is("domainControllerFunctionality")) {
    facts.add(about_sender("os", kAskedConfidence), system_of(text));
  } else if (is("ldapServiceName")) {  // "plant.example:server$@PLANT.EXAMPLE"
    facts.add_raw(about_sender("windows_domain", kConfidence), text.substr(0, text.find(':')));
  } else if (is("vendorName")) {
    facts.add_raw(about_sender("server_software", kConfidence), text);
  } else if (is("vendorVersion")) {
    facts.add_raw(about_sender("server_version", kConfidence), text);
  } else if (is("netlogon")) {
    read_netlogon(value, facts);
  }
}

// Only the entry without a name is about the server itself (RFC 4512 clause 5.1).
void read_entry(Cursor body, bool is_whole, Collected& facts) {
  const ber::Element name = ber::read(body, is_whole);
  if (!body.is_good() || name.content.left() > 0) return;
  for (Cursor list = ber::read(body, ber::kSequence, is_whole); list.left() > 0;) {
    Cursor pair = ber::read(list, is_whole).content;
    const auto type = ber::text(ber::read(pair).content);
    Cursor values = ber::read(pair, ber::kSet, is_whole);
    if (values.left() == 0) continue;
    const ber::Element first = ber::read(values);
    if (values.is_good()) read_attribute(type, first.content, facts);
  }
}

void read_extended(const ber::Element& operation, bool is_request, bool is_whole,
                   std::uint32_t& memory) {
  Cursor body = operation.content;
  if (is_request) {
    const auto name = ber::text(ber::read(body, is_whole).content);
    if (name == kStartTls) memory |= Memory::tls_asked;
    return;
  }
  Cursor result = ber::read(body, is_whole).content;
  if ((memory & Memory::tls_asked) != 0 && result.left() == 1 && result.peek() == 0)
    memory |= Memory::encrypted;
  memory &= ~std::uint32_t{Memory::tls_asked};
}

void dissect(Cursor in, const Context& context, Out& out) {
  const bool is_whole = context.is_whole;
  Cursor message = ber::read(in, ber::kSequence, is_whole);
  pass(message, 1, is_whole);  // the message's number
  const ber::Element operation = ber::read(message, is_whole);
  in.expect(message.is_good());
  Collected facts;
  if (in.is_good()) {
    if (operation.tag == ber::application(Message::bind_request))
      read_bind(operation.content, is_whole, facts);
    if (operation.tag == ber::application(Message::search_request))
      read_search(operation.content, is_whole, facts);
    if (operation.tag == ber::application(Message::search_entry))
      read_entry(operation.content, is_whole, facts);
    const bool is_asked = operation.tag == ber::application(Message::extended_request);
    if (is_asked || operation.tag == ber::application(Message::extended_response))
      read_extended(operation, is_asked, is_whole, *context.memory);
  }
  facts.say(out, in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "ldap",
    .title = "LDAP",
    .over = over::kTcp | over::kUdp,
    .off_port = OffPort::never,
    .ports = kPorts,
    .functions = {},
    .facts =
        "fqdn netbios_name host_name windows_domain os server_software server_version "
        "cleartext_login",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::ldap
