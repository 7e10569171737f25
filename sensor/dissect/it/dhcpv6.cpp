// DHCPv6: RFC 8415; client FQDN RFC 4704. Who asks, as what.
#include "sensor/dissect/collected.h"

namespace osect::dissect::dhcpv6 {
namespace {

constexpr std::uint16_t kPorts[] = {546, 547};
constexpr std::uint8_t kConfidence = 65;
constexpr std::uint16_t kEthernet = 1;

enum Message : std::uint8_t {
  solicit = 1,
  advertise = 2,
  reply = 7,
  reconfigure = 10,
  information_request = 11,
  relay_forward = 12,
  relay_reply = 13
};
enum Option : std::uint16_t {
  client_id = 1,
  option_request = 6,
  vendor_class = 16,
  client_fqdn = 39
};

bool is_from_server(std::uint8_t type) {
  return type == Message::advertise || type == Message::reply || type == Message::reconfigure;
}

Verdict probe(Cursor in, const Context&) {
  const std::uint8_t type = in.u8();
  if (type < Message::solicit || type > Message::relay_reply) return Verdict::no;
  in.skip(type >= Message::relay_forward ? 33 : 3);
  const std::uint16_t option = in.be16();
  in.skip(in.be16());
  return in.is_good() && option != 0 && option < 256 ? Verdict::yes : Verdict::no;
}

// DUID of type link-layer (3) or link-layer with time (1): RFC 8415 clause 11.
void collect_duid(Cursor id, Collected& facts) {
  const std::uint16_t kind = id.be16();
  const std::uint16_t hardware = id.be16();
  if (kind == 1) id.skip(4);
  if ((kind != 1 && kind != 3) || hardware != kEthernet || id.left() != 6) return;
  const MacAddress mac = id.mac();
  if (mac.is_station())
    facts.add_text(about_sender("dhcp_client_id", kConfidence),
                   [&](Writer& to) { to.address(mac); });
}

void collect_fqdn(Cursor option, Collected& facts) {
  option.skip(1);
  facts.add_text(about_sender("fqdn", kConfidence), [&](Writer& to) {
    while (option.left() > 0) {
      const std::uint8_t length = option.u8();
      if (length == 0) break;
      if (to.size() > 0) to.put('.');
      to.printable(option.text(length));
    }
  });
}

void collect(std::uint16_t kind, Cursor option, Collected& facts) {
  switch (kind) {
    case Option::client_id:
      return collect_duid(option, facts);
    case Option::option_request:
      return facts.add_text(about_sender("dhcp_fingerprint", kConfidence), [&](Writer& to) {
        for (bool is_first = true; option.left() > 0; is_first = false) {
          if (!is_first) to.put(',');
          to.decimal(option.be16());
        }
      });
    case Option::vendor_class:
      option.skip(4);  // enterprise number
      return facts.add_raw(about_sender("dhcp_vendor_class", kConfidence),
                           option.text(option.be16()));
    case Option::client_fqdn:
      return collect_fqdn(option, facts);
    default:
      return;
  }
}

void dissect(Cursor in, const Context&, Out& out) {
  const std::uint8_t type = in.u8();
  const bool is_relay = type >= Message::relay_forward;
  in.skip(is_relay ? 33 : 3);
  Collected facts;
  while (in.left() > 0) {
    const std::uint16_t kind = in.be16();
    const Cursor option = in.child(in.be16());
    // What a relay forwards is its client's, not the relay's own.
    if (in.is_good() && !is_relay && !is_from_server(type)) collect(kind, option, facts);
  }
  if (is_from_server(type)) facts.add(about_sender("role", kConfidence), "dhcp_server");
  if (!is_relay) out.say_direction(is_from_server(type) ? Role::response : Role::request, in);
  facts.say(out, in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "dhcpv6",
    .title = "DHCPv6",
    .over = over::kUdp,
    .off_port = OffPort::never,
    .ports = kPorts,
    .functions = {},
    .facts = "fqdn dhcp_vendor_class dhcp_fingerprint dhcp_client_id role",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::dhcpv6
