// ARP for IPv4 over Ethernet: RFC 826; probes and announcements of RFC 5227. Which MAC holds which
// address.
#include "sensor/dissect/collected.h"

namespace osect::dissect::arp {
namespace {

constexpr std::uint16_t kEthertypes[] = {0x0806};
constexpr std::uint8_t kConfidence = 80;
constexpr std::uint16_t kEthernet = 1;
constexpr std::uint16_t kIpv4 = 0x0800;
constexpr std::uint16_t kRequest = 1;
constexpr std::uint16_t kReply = 2;

Verdict probe(Cursor in, const Context&) {
  const bool is_ours = in.be16() == kEthernet && in.be16() == kIpv4 && in.u8() == 6 && in.u8() == 4;
  const std::uint16_t operation = in.be16();
  return is_ours && (operation == kRequest || operation == kReply) ? Verdict::yes : Verdict::no;
}

void dissect(Cursor in, const Context&, Out& out) {
  in.skip(6);
  const std::uint16_t operation = in.be16();
  const MacAddress mac = in.mac();
  const IpAddress ip = in.ipv4();
  in.skip(6);
  const IpAddress asked = in.ipv4();
  Text<16> text;
  Fact fact = about(mac, ip, "ip", kConfidence);
  if (ip.is_unspecified()) {
    // A probe: the station is about to take the address, and does not hold it yet.
    fact.ip = {};
    fact.attribute = "ip_probed";
    fact.value = text.address(asked).text();
  } else {
    // An announcement states the address to everybody, asked or not.
    if (ip == asked) fact.attribute = "ip_announced";
    fact.value = text.address(ip).text();
  }
  out.say_direction(operation == kRequest ? Role::request : Role::response, in);
  if (mac.is_station() && (ip.is_station() || (ip.is_unspecified() && asked.is_station())))
    out.say(fact, in);
  else
    out.check(in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "arp",
    .title = "ARP",
    .over = over::kEthernet,
    .off_port = OffPort::never,
    .ports = {},
    .ethertypes = kEthertypes,
    .functions = {},
    .facts = "ip ip_announced ip_probed",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::arp
