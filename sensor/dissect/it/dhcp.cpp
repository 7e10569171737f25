// DHCP for IPv4: RFC 2131, options RFC 2132, client FQDN RFC 4702. Who asks, as what, and which
// address it gets.
#include <array>

#include "sensor/dissect/collected.h"

namespace osect::dissect::dhcp {
namespace {

constexpr std::uint16_t kPorts[] = {67, 68};
constexpr std::uint8_t kConfidence = 65;
constexpr std::uint8_t kLeaseConfidence = 85;
constexpr std::uint8_t kBootRequest = 1;
constexpr std::uint8_t kBootReply = 2;
constexpr std::uint32_t kMagic = 0x63825363;
constexpr std::uint8_t kEthernet = 1;

enum Message : std::uint8_t {
  none = 0,
  discover = 1,
  offer = 2,
  request = 3,
  decline = 4,
  ack = 5,
  nak = 6,
  release = 7,
  inform = 8
};

Verdict probe(Cursor in, const Context&) {
  const std::uint8_t operation = in.u8();
  in.skip(1);
  const std::uint8_t hardware_size = in.u8();
  in.skip(233);
  const std::uint32_t magic = in.be32();
  if (!in.is_good()) return Verdict::no;
  const bool is_good = (operation == kBootRequest || operation == kBootReply) &&
                       hardware_size <= 16 && magic == kMagic;
  return is_good ? Verdict::yes : Verdict::no;
}

struct Seen {
  Message message = none;
  MacAddress mac;
  IpAddress own;      // the client's address, as it or the server states it
  IpAddress offered;  // in a server's message
  IpAddress server;
  std::array<IpAddress, 4> routers;
  std::array<IpAddress, 4> resolvers;
};

void read_addresses(Cursor option, std::array<IpAddress, 4>& to) {
  for (IpAddress& ip : to)
    if (option.left() >= 4) ip = option.ipv4();
}

void write_list(Writer& to, Cursor option) {
  for (bool is_first = true; option.left() > 0; is_first = false) {
    if (!is_first) to.put(',');
    to.decimal(option.u8());
  }
}

// RFC 4702: flags, two result codes, then a name, in DNS encoding when flag E is set.
void add_fqdn(Cursor option, const Fact& fact, Collected& facts) {
  const std::uint8_t flags = option.u8();
  option.skip(2);
  if ((flags & 0x04) == 0) {
    facts.add_raw(fact, option.text(option.left()));
    return;
  }
  facts.add_text(fact, [&](Writer& to) {
    while (option.left() > 0) {
      const std::uint8_t length = option.u8();
      if (length == 0) break;
      if (to.size() > 0) to.put('.');
      to.printable(option.text(length));
    }
  });
}

// One option of a client's message.
void read_client_option(std::uint8_t code, Cursor option, const Seen& seen, Collected& facts) {
  const auto client = [&](std::string_view attribute) {
    return about(seen.mac, seen.own, attribute, kConfidence);
  };
  const auto raw = [&](std::string_view attribute) {
    facts.add_raw(client(attribute), option.text(option.left()));
  };
  switch (code) {
    case 12:
      return raw("host_name");
    case 60:
      return raw("dhcp_vendor_class");
    case 55:
      return facts.add_text(client("dhcp_fingerprint"),
                            [&](Writer& to) { write_list(to, option); });
    case 61:
      return facts.add_text(client("dhcp_client_id"), [&](Writer& to) {
        while (option.left() > 0) to.hex(option.u8(), 2);
      });
    case 77:
      return raw("dhcp_user_class");
    case 81:
      return add_fqdn(option, client("fqdn"), facts);
    default:
      return;
  }
}

void read_server_option(std::uint8_t code, Cursor& option, Seen& seen) {
  switch (code) {
    case 3:
      return read_addresses(option, seen.routers);
    case 6:
      return read_addresses(option, seen.resolvers);
    case 54:
      seen.server = option.ipv4();
      return;
    default:
      return;
  }
}

// Options until the end marker; `visit` sees each.
template <typename Visit>
void walk_options(Cursor& in, Visit&& visit) {
  while (in.is_good()) {
    const std::uint8_t code = in.u8();
    if (code == 255) break;
    if (code == 0) continue;
    Cursor option = in.child(in.u8());
    if (option.is_good()) visit(code, option);
  }
}

void collect_server(const Seen& seen, Collected& facts) {
  const auto add_address = [&](const Fact& fact, const IpAddress& ip) {
    if (ip.is_station()) facts.add_text(fact, [&](Writer& to) { to.address(ip); });
  };
  if (seen.message == ack && seen.offered.is_station())
    add_address(about(seen.mac, seen.offered, "ip", kLeaseConfidence), seen.offered);
  if (seen.message != offer && seen.message != ack) return;
  facts.add(about_sender("role", kConfidence), "dhcp_server");
  for (const IpAddress& ip : seen.routers)
    if (ip.is_station()) facts.add(about({}, ip, "router", kConfidence), "dhcp");
  for (const IpAddress& ip : seen.resolvers)
    if (ip.is_station()) facts.add(about({}, ip, "role", kConfidence), "dns_server");
}

void dissect(Cursor in, const Context&, Out& out) {
  Seen seen;
  const bool is_client = in.u8() == kBootRequest;
  const std::uint8_t hardware = in.u8();
  const std::uint8_t hardware_size = in.u8();
  in.skip(9);  // hops, transaction, seconds, flags
  seen.own = in.ipv4();
  seen.offered = in.ipv4();
  in.skip(8);  // next server, relay agent
  const MacAddress mac = in.mac();
  in.skip(10 + 64 + 128);
  in.expect(in.be32() == kMagic);
  if (hardware == kEthernet && hardware_size == 6 && mac.is_station()) seen.mac = mac;
  if (!seen.own.is_station()) seen.own = {};

  Collected facts;
  walk_options(in, [&](std::uint8_t code, Cursor& option) {
    if (code == 53)
      seen.message = static_cast<Message>(option.u8());
    else if (is_client)
      read_client_option(code, option, seen, facts);
    else
      read_server_option(code, option, seen);
  });
  if (!is_client) collect_server(seen, facts);
  out.say_direction(is_client ? Role::request : Role::response, in);
  if (!is_client || !seen.mac.is_zero() || !seen.own.is_none()) facts.say(out, in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "dhcp",
    .title = "DHCP",
    .over = over::kUdp,
    .off_port = OffPort::never,
    .ports = kPorts,
    .functions = {},
    .facts =
        "host_name fqdn dhcp_vendor_class dhcp_user_class dhcp_fingerprint dhcp_client_id ip "
        "router role",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::dhcp
