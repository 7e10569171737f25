// SNMP: RFC 1157 (version 1), RFC 3416 (PDUs), RFC 3412 and RFC 3414 (version 3). What agents
// answer of themselves, who writes, which communities are those of delivery. A community is a
// password, and a contact a person: neither is kept.
#include <algorithm>
#include <array>

#include "sensor/dissect/ber.h"
#include "sensor/dissect/collected.h"
#include "sensor/dissect/enterprise_numbers.h"
#include "sensor/dissect/system_description.h"

namespace osect::dissect::snmp {
namespace {

constexpr std::uint16_t kPorts[] = {161, 162};
constexpr std::uint8_t kConfidence = 90;
constexpr std::uint8_t kVersion3 = 3;
constexpr ber::Tag kOctets = ber::universal(4);

// RFC 3416 clause 3; 4 is RFC 1157's.
enum Pdu : std::uint8_t { get = 0, response = 2, set = 3, trap = 4, notify = 7, report = 8 };
constexpr Function kFunctions[] = {
    {0, "get", Access::diagnostic},      {1, "get_next", Access::diagnostic},
    {2, "response", Access::diagnostic}, {3, "set", Access::config},
    {4, "trap", Access::diagnostic},     {5, "get_bulk", Access::diagnostic},
    {6, "inform", Access::diagnostic},   {7, "snmpv2_trap", Access::diagnostic},
    {8, "report", Access::diagnostic},
};

using Oid = std::span<const std::uint8_t>;

// Object identifiers, encoded: RFC 3418's system group, RFC 6933's table of physical entities.
constexpr std::array<std::uint8_t, 6> kSystem = {0x2b, 0x06, 0x01, 0x02, 0x01, 0x01};
constexpr std::array<std::uint8_t, 10> kEntity = {0x2b, 0x06, 0x01, 0x02, 0x01,
                                                  0x2f, 0x01, 0x01, 0x01, 0x01};
constexpr std::array<std::uint8_t, 5> kEnterprises = {0x2b, 0x06, 0x01, 0x04, 0x01};

bool begins_with(Oid oid, Oid with) {
  return oid.size() >= with.size() && std::equal(with.begin(), with.end(), oid.begin());
}

Fact fact(std::string_view attribute) {
  return about_sender(attribute, kConfidence);
}

// One arc of seven bits an octet.
std::uint32_t read_arc(Cursor& oid) {
  std::uint32_t arc = 0;
  for (int i = 0; i < 5; ++i) {
    const std::uint8_t octet = oid.u8();
    arc = arc << 7U | (octet & 0x7fU);
    if ((octet & 0x80U) == 0) return arc;
  }
  oid.expect(false);
  return 0;
}

void write_oid(Writer& to, Cursor oid) {
  const std::uint32_t first = read_arc(oid);
  to.decimal(std::min(first / 40, 2U)).put('.').decimal(first - std::min(first / 40, 2U) * 40);
  while (oid.left() > 0) to.put('.').decimal(read_arc(oid));
}

void add_object_id(Cursor value, Collected& facts) {
  facts.add_text(fact("snmp_object_id"), [&](Writer& to) { write_oid(to, value); });
  if (!begins_with(value.rest(), kEnterprises)) return;
  value.skip(kEnterprises.size());
  const std::uint32_t number = read_arc(value);
  if (value.is_good()) facts.add(fact("vendor"), enterprise::vendor_name(number));
}

// RFC 3418 clause 2: an object of one instance, 0.
void add_system(std::uint8_t object, Cursor value, Collected& facts) {
  switch (object) {
    case 1:
      return system_description::add(fact(""), ber::text(value), facts);
    case 2:
      return add_object_id(value, facts);
    case 5:
      return facts.add_raw(fact("host_name"), ber::text(value));
    case 6:
      return facts.add_raw(fact("location"), ber::text(value));
    default:
      return;
  }
}

// RFC 6933 clause 3: columns of a row. The first row is the device as a whole, or with some makers
// number 1001; others are its parts.
void add_entity(Oid place, Cursor value, Collected& facts) {
  constexpr std::array<std::uint8_t, 2> kNumber1001 = {0x87, 0x69};
  const Oid row = place.subspan(1);
  const bool is_whole =
      (row.size() == 1 && row[0] == 1) ||
      (row.size() == 2 && std::equal(row.begin(), row.end(), kNumber1001.begin()));
  constexpr std::string_view kAttributes[] = {"hardware", "firmware", "software",
                                              "serial",   "vendor",   "model"};
  constexpr std::uint8_t kFirst = 8;
  if (is_whole && place[0] >= kFirst && place[0] < kFirst + std::size(kAttributes))
    facts.add_raw(fact(kAttributes[place[0] - kFirst]), ber::text(value));
}

// RFC 3416 clause 3: names and values.
void add_bindings(Cursor& in, Collected& facts) {
  Cursor list = ber::read(in, ber::kSequence);
  while (list.left() > 0) {
    Cursor binding = ber::read(list, ber::kSequence);
    const Oid name = ber::read(binding, ber::kObjectIdentifier).rest();
    const ber::Element value = ber::read(binding);
    list.expect(binding.is_good());
    const bool is_text = value.tag == kOctets || value.tag == ber::kObjectIdentifier;
    if (!is_text || !binding.is_good()) continue;
    if (name.size() == kSystem.size() + 2 && begins_with(name, kSystem) && name.back() == 0)
      add_system(name[kSystem.size()], value.content, facts);
    else if (name.size() > kEntity.size() + 1 && begins_with(name, kEntity))
      add_entity(name.subspan(kEntity.size()), value.content, facts);
  }
  in.expect(list.is_good());
}

// RFC 3411 clause 5, SnmpEngineID: who made the engine, and what tells it from its like.
void add_engine(Cursor engine, Collected& facts) {
  constexpr std::uint32_t kIsStructured = 0x80000000;
  constexpr std::uint8_t kMac = 3;
  if (engine.left() < 5) return;
  facts.add_text(fact("snmp_engine_id"), [&](Writer& to) {
    for (const std::uint8_t byte : engine.rest()) to.hex(byte, 2);
  });
  const std::uint32_t number = engine.be32();
  if ((number & kIsStructured) == 0) return;
  facts.add(fact("vendor"), enterprise::vendor_name(number & ~kIsStructured));
  if (engine.u8() != kMac || engine.left() < 6) return;
  const MacAddress mac = engine.mac();
  if (mac.is_station()) facts.add_text(fact("mac"), [&](Writer& to) { to.address(mac); });
}

void add_community(std::string_view community, bool is_agent, Collected& facts) {
  if (community == "public" || community == "private")
    facts.add(fact(is_agent ? "default_community" : "default_community_used"), community);
}

Verdict probe(Cursor in, const Context&) {
  Cursor message = ber::read(in, ber::kSequence, false);
  Cursor content = ber::read(message, ber::kInteger);
  const std::size_t size = content.left();
  const std::uint8_t version = content.u8();
  return message.is_good() && size == 1 && (version <= 1 || version == kVersion3) ? Verdict::yes
                                                                                  : Verdict::no;
}

struct Said {
  std::uint8_t pdu = 0;
  std::uint64_t request = 0;
  bool is_error = false;
};

// A PDU, and what an agent says in it of itself.
Said read_pdu(Cursor& in, Collected& facts) {
  const ber::Element element = ber::read(in);
  Said said{.pdu = static_cast<std::uint8_t>(element.tag & 0xffU)};
  in.expect(element.tag == ber::context(said.pdu) && said.pdu <= Pdu::report);
  Cursor pdu = element.content;
  if (said.pdu == Pdu::trap) {
    add_object_id(ber::read(pdu, ber::kObjectIdentifier), facts);
    for (int i = 0; i < 4; ++i) static_cast<void>(ber::read(pdu));  // agent, trap, specific, time
  } else {
    for (const std::uint8_t byte : ber::read(pdu, ber::kInteger).rest())
      said.request = said.request << 8U | byte;
    Cursor status = ber::read(pdu, ber::kInteger);  // of get_bulk the repeaters
    said.is_error = said.pdu == Pdu::response && ber::number(status) != 0;
    static_cast<void>(ber::read(pdu, ber::kInteger));
  }
  const bool is_own = said.pdu == Pdu::response || said.pdu == Pdu::trap || said.pdu > 5;
  Collected none;
  add_bindings(pdu, is_own ? facts : none);
  in.expect(pdu.is_good());
  return said;
}

void say(const Said& said, const Cursor& proof, Out& out) {
  const bool is_answer = said.pdu == Pdu::response || said.pdu == Pdu::report;
  const bool is_message = said.pdu == Pdu::trap || said.pdu == Pdu::notify;
  const Role role = is_answer ? Role::response : is_message ? Role::message : Role::request;
  const Function& function = kFunctions[std::min<std::size_t>(said.pdu, std::size(kFunctions) - 1)];
  if (role != Role::message) out.say_direction(role, proof);
  Text<4> code;
  code.decimal(said.pdu);
  out.say(Operation{.role = role,
                    .function = function.name,
                    .code = code.text(),
                    .access = function.access,
                    .target = {},
                    .is_error = said.is_error,
                    .transaction = said.request,
                    .is_provisional = true},
          proof);
}

// RFC 3412 clause 6, RFC 3414 clause 2.4: the head, the security parameters, the PDU in the open or
// encrypted.
void dissect_third(Cursor& message, Collected& facts, Out& out) {
  Cursor head = ber::read(message, ber::kSequence);
  Cursor parameters = ber::read(message, kOctets);
  Cursor security = ber::read(parameters, ber::kSequence);
  // An agent answers for its own engine; who asks names the agent's, as far as it knows it.
  const Cursor engine = ber::read(security, kOctets);
  message.expect(head.is_good() && security.is_good());
  if (ber::peek(message) != ber::kSequence) {
    message.skip(message.left());
    facts.say(out, message);
    return;
  }
  Cursor scope = ber::read(message, ber::kSequence);
  static_cast<void>(ber::read(scope, kOctets));
  static_cast<void>(ber::read(scope, kOctets));
  const Said said = read_pdu(scope, facts);
  if (said.pdu == Pdu::response || said.pdu == Pdu::report) add_engine(engine, facts);
  message.expect(scope.is_good());
  facts.say(out, message);
  say(said, message, out);
}

void dissect(Cursor in, const Context&, Out& out) {
  Cursor message = ber::read(in, ber::kSequence);
  Cursor number = ber::read(message, ber::kInteger);
  const std::uint8_t version = number.u8();
  Collected facts;
  if (version == kVersion3) return dissect_third(message, facts, out);
  const auto community = ber::text(ber::read(message, kOctets));
  const Said said = read_pdu(message, facts);
  add_community(community, said.pdu == Pdu::response, facts);
  facts.add(fact("insecure_protocol"), version == 0 ? "snmp1" : "snmp2c");
  facts.say(out, message);
  say(said, message, out);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "snmp",
    .title = "SNMP",
    .over = over::kUdp,
    .off_port = OffPort::never,
    .ports = kPorts,
    .functions = kFunctions,
    .facts =
        "description host_name location vendor model hardware firmware software serial "
        "order_number os os_build mac snmp_object_id snmp_engine_id default_community "
        "default_community_used insecure_protocol",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::snmp
