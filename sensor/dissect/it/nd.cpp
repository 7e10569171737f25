// Neighbour discovery for IPv6: RFC 4861; duplicate address detection of RFC 4862. Which MAC holds
// which address.
#include "sensor/dissect/collected.h"

namespace osect::dissect::nd {
namespace {

constexpr std::uint16_t kPorts[] = {58};  // the IP protocol of ICMPv6
constexpr std::uint8_t kConfidence = 80;

enum Message : std::uint8_t {
  router_solicitation = 133,
  router_advertisement = 134,
  neighbour_solicitation = 135,
  neighbour_advertisement = 136,
  redirect = 137
};
enum Option : std::uint8_t { source_link_layer = 1, target_link_layer = 2 };

Verdict probe(Cursor in, const Context&) {
  const std::uint8_t type = in.u8();
  const std::uint8_t code = in.u8();
  const bool is_nd = type >= Message::router_solicitation && type <= Message::redirect && code == 0;
  return is_nd && in.left() >= 6 ? Verdict::yes : Verdict::no;
}

// The link-layer address of one kind among the options; zero when there is none.
MacAddress read_options(Cursor& in, Option wanted) {
  MacAddress mac;
  while (in.left() > 0) {
    const std::uint8_t kind = in.u8();
    const std::size_t length = in.u8() * std::size_t{8};
    in.expect(length > 0);
    if (length == 0) break;
    Cursor option = in.child(length - 2);
    if (kind == wanted && length == 8) mac = option.mac();
  }
  return mac;
}

void add_address(Collected& facts, std::string_view attribute, const MacAddress& mac,
                 const IpAddress& holder, const IpAddress& ip) {
  if (mac.is_station() && ip.is_station())
    facts.add_text(about(mac, holder, attribute, kConfidence), [&](Writer& to) { to.address(ip); });
}

void read_solicitation(Cursor& in, const Origin& origin, Collected& facts) {
  in.skip(4);
  const IpAddress target = in.ipv6();
  const MacAddress mac = read_options(in, Option::source_link_layer);
  // Duplicate address detection asks from no address for the one it is about to take (RFC 4862
  // clause 5.4.2).
  if (origin.sender_ip.is_unspecified())
    add_address(facts, "ip_probed", origin.sender_mac, {}, target);
  else
    add_address(facts, "ip", mac, origin.sender_ip, origin.sender_ip);
}

void read_advertisement(Cursor& in, Collected& facts) {
  const bool is_router = (in.u8() & 0x80) != 0;
  in.skip(3);
  const IpAddress target = in.ipv6();
  const MacAddress mac = read_options(in, Option::target_link_layer);
  add_address(facts, "ip", mac, target, target);
  if (is_router) facts.add(about_sender("router", kConfidence), "neighbour_advertisement");
}

void read_router(Cursor& in, const Origin& origin, Collected& facts) {
  in.skip(2);
  const std::uint16_t lifetime_s = in.be16();
  in.skip(8);
  const MacAddress mac = read_options(in, Option::source_link_layer);
  add_address(facts, "ip", mac, origin.sender_ip, origin.sender_ip);
  if (lifetime_s > 0) facts.add(about_sender("router", kConfidence), "router_advertisement");
}

void dissect(Cursor in, const Context& context, Out& out) {
  const std::uint8_t type = in.u8();
  in.skip(3);
  Collected facts;
  switch (type) {
    case Message::router_advertisement:
      read_router(in, *context.origin, facts);
      break;
    case Message::neighbour_solicitation:
      read_solicitation(in, *context.origin, facts);
      break;
    case Message::neighbour_advertisement:
      read_advertisement(in, facts);
      break;
    default:
      in.skip(type == Message::redirect ? 36 : 4);
      read_options(in, Option::source_link_layer);
      break;
  }
  facts.say(out, in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "nd",
    .title = "IPv6 neighbour discovery",
    .over = over::kIp,
    .off_port = OffPort::never,
    .ports = kPorts,
    .functions = {},
    .facts = "ip ip_probed router",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::nd
