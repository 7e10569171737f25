// Cisco discovery protocol: Cisco, "Configuring Cisco Discovery Protocol", as LLC and SNAP carry
// it. What switches, routers, phones and servers say of themselves.
#include "sensor/dissect/collected.h"
#include "sensor/dissect/system_description.h"

namespace osect::dissect::cdp {
namespace {

constexpr std::uint16_t kEthertypes[] = {0};  // LLC
constexpr std::uint8_t kConfidence = 95;
constexpr std::uint8_t kTypeConfidence = 80;
constexpr std::size_t kSnapBytes = 8;
constexpr std::uint16_t kFieldHeadBytes = 4;

enum Type : std::uint16_t {
  device_id = 0x0001,
  addresses = 0x0002,
  port_id = 0x0003,
  capabilities = 0x0004,
  software_version = 0x0005,
  platform = 0x0006,
  native_vlan = 0x000a,
  system_name = 0x0014,
  management_addresses = 0x0016
};

// LLC, SNAP with Cisco's OUI, the protocol.
Verdict probe(Cursor in, const Context&) {
  const bool is_snap = in.be16() == 0xaaaa && in.u8() == 0x03;
  const bool is_ours = is_snap && in.be24() == 0x00000c && in.be16() == 0x2000;
  const std::uint8_t version = in.u8();
  return is_ours && (version == 1 || version == 2) ? Verdict::yes : Verdict::no;
}

Fact fact(std::string_view attribute) {
  return about_sender(attribute, kConfidence);
}

// "name(serial)" of NX-OS and CatOS, else the name alone.
void add_device_id(std::string_view id, Collected& facts) {
  const auto open = id.find('(');
  facts.add_raw(fact("host_name"), id.substr(0, open));
  if (open != std::string_view::npos && id.ends_with(')'))
    facts.add_raw(fact("serial"), id.substr(open + 1, id.size() - open - 2));
}

void add_addresses(Cursor& value, Collected& facts) {
  constexpr std::uint8_t kNlpid = 1;  // then the protocol is one octet, else 802.2's eight
  for (std::uint32_t left = value.be32(); left > 0 && value.is_good(); --left) {
    const bool is_nlpid = value.u8() == kNlpid;
    const auto protocol = value.bytes(value.u8());
    Cursor address = value.child(value.be16());
    IpAddress ip;
    if (is_nlpid && protocol.size() == 1 && protocol[0] == 0xcc && address.left() == 4)
      ip = address.ipv4();
    else if (address.left() == 16)
      ip = address.ipv6();
    if (ip.is_station()) facts.add_text(fact("ip"), [&](Writer& to) { to.address(ip); });
  }
}

void add_capabilities(Cursor& value, Collected& facts) {
  const std::uint32_t can = value.be32();
  const auto has = [&](unsigned bit) { return (can >> bit & 1U) != 0; };
  const Fact type = about_sender("device_type", kTypeConfidence);
  if (has(7))
    facts.add(type, "phone");
  else if (has(3))
    facts.add(type, "switch");
  else if (has(0))
    facts.add(type, "router");
  else if (has(1))  // a transparent bridge that does not switch
    facts.add(type, "access_point");
}

// "cisco WS-C3560-24TS", "Cisco 2811"; others than Cisco name what they are without it.
void add_platform(std::string_view platform, Collected& facts) {
  const bool is_cisco = platform.starts_with("cisco ") || platform.starts_with("Cisco ");
  if (is_cisco) facts.add(fact("vendor"), "Cisco");
  facts.add_raw(fact("model"), is_cisco ? platform.substr(6) : platform);
}

void add(std::uint16_t type, Cursor& value, Collected& facts) {
  switch (type) {
    case Type::device_id:
      return add_device_id(value.text(value.left()), facts);
    case Type::addresses:
    case Type::management_addresses:
      return add_addresses(value, facts);
    case Type::port_id:
      return facts.add_raw(fact("port_id"), value.text(value.left()));
    case Type::capabilities:
      return add_capabilities(value, facts);
    case Type::software_version:
      return system_description::add(fact(""), value.text(value.left()), facts);
    case Type::platform:
      return add_platform(value.text(value.left()), facts);
    case Type::native_vlan: {
      const std::uint16_t vlan = value.be16();
      return facts.add_text(fact("port_vlan"), [&](Writer& to) { to.decimal(vlan); });
    }
    case Type::system_name:
      return facts.add_raw(fact("host_name"), value.text(value.left()));
    default:
      return;
  }
}

void dissect(Cursor in, const Context& context, Out& out) {
  in.skip(kSnapBytes + 4);  // version, time to live, checksum
  Collected facts;
  while (in.left() > 0) {
    const std::uint16_t type = in.be16();
    const std::uint16_t length = in.be16();
    in.expect(length >= kFieldHeadBytes);
    Cursor value = in.child(length - std::size_t{kFieldHeadBytes});
    if (!in.is_good()) break;
    add(type, value, facts);
    in.expect(value.is_good());
  }
  // What a cut message lacks may contradict what is here.
  if (!context.is_whole) in.skip(in.left() + 1);
  facts.say(out, in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "cdp",
    .title = "CDP (Cisco discovery protocol)",
    .over = over::kEthernet,
    .off_port = OffPort::never,
    .ports = {},
    .ethertypes = kEthertypes,
    .functions = {},
    .facts =
        "host_name serial ip port_id port_vlan device_type description vendor model firmware os",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::cdp
