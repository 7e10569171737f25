// Link layer discovery: IEEE 802.1AB-2016 clause 8; PROFINET's part IEC 61158-6-10 (LLDP APDU),
// LLDP-MED ANSI/TIA-1057. What a device says of itself to its neighbours.
#include "sensor/dissect/collected.h"
#include "sensor/dissect/system_description.h"

namespace osect::dissect::lldp {
namespace {

constexpr std::uint16_t kEthertypes[] = {0x88cc};
constexpr std::uint8_t kConfidence = 95;
constexpr std::uint8_t kTypeConfidence = 80;  // hosts that bridge say so too

enum Type : std::uint8_t {
  end = 0,
  chassis_id = 1,
  port_id = 2,
  time_to_live = 3,
  port_description = 4,
  system_name = 5,
  system_description = 6,
  system_capabilities = 7,
  management_address = 8,
  organization = 127
};
// Clause 8.5.2.2 and 8.5.3.2: the subtypes of the two count differently.
constexpr std::uint8_t kChassisMac = 4;
constexpr std::uint8_t kChassisNetwork = 5;
constexpr std::uint8_t kPortMac = 3;
constexpr std::uint8_t kPortNetwork = 4;
// IANA's address families.
constexpr std::uint8_t kFamilyIpv4 = 1;
constexpr std::uint8_t kFamilyIpv6 = 2;

// Organizations, and those of their subtypes that name the device.
constexpr std::uint32_t kIeee8021 = 0x0080c2;
constexpr std::uint32_t kTia = 0x0012bb;
constexpr std::uint32_t kProfinet = 0x000ecf;
constexpr std::uint8_t kPortVlan = 1;
constexpr std::uint8_t kProfinetChassisMac = 5;

Verdict probe(Cursor in, const Context&) {
  const std::uint16_t first = in.be16();
  return in.is_good() && first >> 9U == Type::chassis_id ? Verdict::yes : Verdict::no;
}

Fact fact(std::string_view attribute) {
  return about_sender(attribute, kConfidence);
}

void add_mac(std::string_view attribute, const MacAddress& mac, Collected& facts) {
  if (mac.is_station()) facts.add_text(fact(attribute), [&](Writer& to) { to.address(mac); });
}

// An address with its family in front.
IpAddress read_network(Cursor& value) {
  const std::uint8_t family = value.u8();
  if (family == kFamilyIpv4) return value.ipv4();
  if (family == kFamilyIpv6) return value.ipv6();
  return {};
}

void add_ip(std::string_view attribute, const IpAddress& ip, Collected& facts) {
  if (ip.is_station()) facts.add_text(fact(attribute), [&](Writer& to) { to.address(ip); });
}

void add_chassis(Cursor& value, Collected& facts) {
  const std::uint8_t subtype = value.u8();
  if (subtype == kChassisMac)
    add_mac("chassis_mac", value.mac(), facts);
  else if (subtype == kChassisNetwork)
    add_ip("ip", read_network(value), facts);
  else
    facts.add_raw(fact("chassis_id"), value.text(value.left()));
}

void add_port(Cursor& value, Collected& facts) {
  const std::uint8_t subtype = value.u8();
  if (subtype == kPortMac)
    add_mac("port_id", value.mac(), facts);
  else if (subtype == kPortNetwork)
    add_ip("port_id", read_network(value), facts);
  else
    facts.add_raw(fact("port_id"), value.text(value.left()));
}

// Clause 8.5.8: what it could do, what of that it does. A switch that also routes is bought as a
// switch.
void add_capabilities(Cursor& value, Collected& facts) {
  value.skip(2);
  const std::uint16_t enabled = value.be16();
  const auto has = [&](unsigned bit) { return (enabled >> bit & 1U) != 0; };
  const Fact type = about_sender("device_type", kTypeConfidence);
  if (has(5))
    facts.add(type, "phone");
  else if (has(3))
    facts.add(type, "access_point");
  else if (has(2))
    facts.add(type, "switch");
  else if (has(4))
    facts.add(type, "router");
}

// ANSI/TIA-1057 clause 10.2.6: inventory.
void add_inventory(std::uint8_t subtype, Cursor& value, Collected& facts) {
  constexpr std::string_view kAttributes[] = {"hardware", "firmware", "software", "serial",
                                              "vendor",   "model",    "asset_id"};
  constexpr std::uint8_t kFirst = 5;
  if (subtype >= kFirst && subtype < kFirst + std::size(kAttributes))
    facts.add_raw(fact(kAttributes[subtype - kFirst]), value.text(value.left()));
}

void add_organization(Cursor& value, Collected& facts) {
  const std::uint32_t organization = value.be24();
  const std::uint8_t subtype = value.u8();
  if (organization == kTia) {
    add_inventory(subtype, value, facts);
  } else if (organization == kProfinet && subtype == kProfinetChassisMac) {
    add_mac("chassis_mac", value.mac(), facts);
  } else if (organization == kIeee8021 && subtype == kPortVlan) {
    if (const std::uint16_t vlan = value.be16(); vlan != 0)
      facts.add_text(fact("port_vlan"), [&](Writer& to) { to.decimal(vlan); });
  }
}

void add(std::uint8_t type, Cursor& value, Collected& facts) {
  switch (type) {
    case Type::chassis_id:
      return add_chassis(value, facts);
    case Type::port_id:
      return add_port(value, facts);
    case Type::port_description:
      return facts.add_raw(fact("port_description"), value.text(value.left()));
    case Type::system_name:
      return facts.add_raw(fact("host_name"), value.text(value.left()));
    case Type::system_description:
      return osect::dissect::system_description::add(fact(""), value.text(value.left()), facts);
    case Type::system_capabilities:
      return add_capabilities(value, facts);
    case Type::management_address: {
      Cursor address = value.child(value.u8());
      return add_ip("ip", read_network(address), facts);
    }
    case Type::organization:
      return add_organization(value, facts);
    default:
      return;
  }
}

void dissect(Cursor in, const Context& context, Out& out) {
  Collected facts;
  while (in.left() > 0) {
    const std::uint16_t head = in.be16();
    Cursor value = in.child(head & 0x01ffU);
    const auto type = static_cast<std::uint8_t>(head >> 9U);
    if (type == Type::end) break;
    add(type, value, facts);
    in.expect(value.is_good());
  }
  // What a cut message lacks may contradict what is here.
  if (!context.is_whole) in.skip(in.left() + 1);
  facts.say(out, in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "lldp",
    .title = "LLDP (IEEE 802.1AB)",
    .over = over::kEthernet,
    .off_port = OffPort::never,
    .ports = {},
    .ethertypes = kEthertypes,
    .functions = {},
    .facts =
        "chassis_mac chassis_id port_id port_description port_vlan host_name description ip "
        "device_type vendor model hardware firmware software serial order_number os asset_id",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::lldp
