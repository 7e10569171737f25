// NetBIOS name service: RFC 1001, RFC 1002 clause 4.2. Names with their suffix, groups, addresses,
// the adapter's MAC.
#include <array>

#include "sensor/dissect/collected.h"

namespace osect::dissect::nbns {
namespace {

constexpr std::uint16_t kPorts[] = {137};
constexpr std::uint8_t kConfidence = 75;
constexpr std::uint16_t kTypeNb = 0x0020;
constexpr std::uint16_t kTypeNodeStatus = 0x0021;
constexpr std::uint16_t kGroup = 0x8000;
constexpr std::uint8_t kWorkstation = 0x00;
constexpr std::uint8_t kServer = 0x20;
constexpr std::size_t kNameBytes = 16;
constexpr int kNamesMax = 32;

enum Operation : std::uint8_t {
  query = 0,
  registration = 5,
  release = 6,
  wack = 7,
  refresh = 8,
  refresh_alternate = 9,
  multi_homed = 15
};

struct Header {
  bool is_response;
  std::uint8_t operation;
  std::uint8_t result;
  std::uint16_t questions;
  std::uint16_t answers;
  std::uint16_t additional;
};

Header read_header(Cursor& in) {
  in.skip(2);
  const std::uint16_t flags = in.be16();
  Header header{.is_response = (flags & 0x8000) != 0,
                .operation = static_cast<std::uint8_t>(flags >> 11 & 0x0f),
                .result = static_cast<std::uint8_t>(flags & 0x0f),
                .questions = in.be16(),
                .answers = in.be16(),
                .additional = 0};
  in.skip(2);
  header.additional = in.be16();
  return header;
}

using Name = std::array<char, kNameBytes>;

// Half-ASCII: each half byte as 'A' + value (RFC 1001 clause 14.1); a pointer repeats the
// question's name.
Name read_name(Cursor& in, const Name& before) {
  Name name{};
  const std::uint8_t length = in.u8();
  if ((length & 0xc0) == 0xc0) {
    in.skip(1);
    return before;
  }
  in.expect(length == 2 * kNameBytes);
  for (char& c : name) {
    const int high = in.u8() - 'A';
    const int low = in.u8() - 'A';
    in.expect(high >= 0 && high < 16 && low >= 0 && low < 16);
    c = static_cast<char>(high << 4 | low);
  }
  for (int labels = 0; in.is_good(); ++labels) {  // the scope
    const std::uint8_t scope = in.u8();
    if (scope == 0) break;
    in.expect(scope < 0x40 && labels < 16);
    in.skip(scope);
  }
  return name;
}

std::string_view base_of(const Name& name) {
  return trimmed(std::string_view(name.data(), kNameBytes - 1));
}

// "PLC-ROOM<20>"; control characters of special names as "<01>".
void write_name(Writer& to, const Name& name) {
  for (const char c : base_of(name)) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (byte < 0x20 || byte == 0x7f)
      to.put('<').hex(byte, 2).put('>');
    else
      to.printable({&c, 1});
  }
  to.put('<').hex(static_cast<std::uint8_t>(name[kNameBytes - 1]), 2).put('>');
}

void collect(const Name& name, bool is_group, const Fact& about_whom, Collected& facts) {
  const auto suffix = static_cast<std::uint8_t>(name[kNameBytes - 1]);
  if (name[0] == '*' || base_of(name).empty()) return;
  Fact fact = about_whom;
  fact.attribute = "netbios_name";
  facts.add_text(fact, [&](Writer& to) { write_name(to, name); });
  if (is_group && suffix == kWorkstation)
    fact.attribute = "workgroup";
  else if (!is_group && (suffix == kWorkstation || suffix == kServer))
    fact.attribute = "host_name";
  else
    return;
  facts.add_raw(fact, base_of(name));
}

// The list of names of the answering station, and its MAC: RFC 1002 clause 4.2.18.
void read_node_status(Cursor& data, Collected& facts) {
  int left = data.u8();
  data.expect(left <= kNamesMax);
  for (; left > 0 && data.is_good(); --left) {
    Name name{};
    for (char& c : name) c = static_cast<char>(data.u8());
    const bool is_group = (data.be16() & kGroup) != 0;
    collect(name, is_group, about_sender("", kConfidence), facts);
  }
  const MacAddress mac = data.mac();
  if (data.is_good() && mac.is_station())
    facts.add_text(about_sender("mac", kConfidence), [&](Writer& to) { to.address(mac); });
}

// Name records: flags and address of each owner.
void read_owners(Cursor& data, const Name& name, const Header& header, Collected& facts) {
  while (data.left() > 0) {
    const bool is_group = (data.be16() & kGroup) != 0;
    const IpAddress ip = data.ipv4();
    if (!data.is_good()) return;
    // A group's name belongs to whoever registers it, not to the address that a server lists for
    // it.
    const bool is_answer = header.is_response && header.operation == Operation::query;
    if (is_answer && ip.is_station())
      collect(name, is_group, about({}, ip, "", kConfidence), facts);
    else if (!header.is_response)
      collect(name, is_group, about_sender("", kConfidence), facts);
  }
}

Verdict probe(Cursor in, const Context&) {
  const Header header = read_header(in);
  if (header.questions > 1 || header.answers > 1 || header.questions + header.answers == 0)
    return Verdict::no;
  read_name(in, {});
  return in.is_good() ? Verdict::yes : Verdict::no;
}

bool is_claim(std::uint8_t operation) {
  return operation == Operation::registration || operation == Operation::refresh ||
         operation == Operation::refresh_alternate || operation == Operation::multi_homed;
}

void dissect(Cursor in, const Context&, Out& out) {
  const Header header = read_header(in);
  in.expect(header.questions <= 1 && header.answers <= 1 && header.additional <= 1);
  Collected facts;
  Name name{};
  if (header.questions > 0) {
    name = read_name(in, name);
    in.skip(4);
  }
  const bool is_refused = header.is_response && header.result != 0;
  for (int left = header.answers + header.additional; left > 0 && in.is_good(); --left) {
    name = read_name(in, name);
    const std::uint16_t type = in.be16();
    in.skip(6);
    Cursor data = in.child(in.be16());
    if (type == kTypeNodeStatus && header.is_response)
      read_node_status(data, facts);
    else if (type == kTypeNb && !is_refused && (header.is_response || is_claim(header.operation)))
      read_owners(data, name, header, facts);
    in.expect(data.is_good());
  }
  out.say_direction(header.is_response ? Role::response : Role::request, in);
  facts.say(out, in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "nbns",
    .title = "NetBIOS name service",
    .over = over::kUdp,
    .off_port = OffPort::never,
    .ports = kPorts,
    .functions = {},
    .facts = "netbios_name host_name workgroup mac",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::nbns
