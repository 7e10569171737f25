// Virtual router redundancy: RFC 3768 clause 5 (version 2), RFC 5798 clause 5 (version 3);
// OpenBSD's CARP, which took its number. Who routes, and which addresses wander.
#include "sensor/dissect/virtual_router.h"

namespace osect::dissect::vrrp {
namespace {

constexpr std::uint16_t kPorts[] = {112};  // the IP protocol
constexpr std::uint8_t kConfidence = virtual_router::kConfidence;
constexpr std::uint8_t kAdvertisement = 1;
constexpr std::size_t kCarpBytes = 36;
constexpr std::uint8_t kCarpAuthWords = 7;

struct Head {
  std::uint8_t version;
  std::uint8_t type;
  std::uint8_t group;
  std::uint8_t count;  // of addresses; of CARP the length of its authentication in words
  bool is_carp;
};

// CARP writes itself as version 2; seven addresses and authentication would need 44 bytes.
Head read_head(Cursor& in) {
  const std::size_t length = in.left();
  const std::uint8_t first = in.u8();
  Head head{.version = static_cast<std::uint8_t>(first >> 4U),
            .type = static_cast<std::uint8_t>(first & 0x0fU),
            .group = in.u8(),
            .count = 0,
            .is_carp = false};
  in.skip(1);  // priority; of CARP the advertisement's skew
  head.count = in.u8();
  head.is_carp = head.version == 2 && head.count == kCarpAuthWords && length == kCarpBytes;
  return head;
}

Verdict probe(Cursor in, const Context&) {
  const Head head = read_head(in);
  const bool is_known = head.version == 2 || head.version == 3;
  return in.is_good() && is_known && head.type == kAdvertisement ? Verdict::yes : Verdict::no;
}

void dissect(Cursor in, const Context& context, Out& out) {
  const Head head = read_head(in);
  const bool is_v6 = context.origin != nullptr && context.origin->sender_ip.is_v6();
  const MacAddress mac{
      {0x00, 0x00, 0x5e, 0x00, static_cast<std::uint8_t>(is_v6 ? 0x02 : 0x01), head.group}};
  Collected facts;
  facts.add(about_sender("router", kConfidence), head.is_carp ? "carp" : "vrrp");
  if (head.is_carp) {
    virtual_router::add_group("carp", head.group, mac, {}, facts);
    facts.say(out, in);
    return;
  }
  in.skip(4);  // authentication and interval, checksum
  for (unsigned left = head.count; left > 0 && in.is_good(); --left) {
    const IpAddress ip = is_v6 ? in.ipv6() : in.ipv4();
    if (ip.is_station()) virtual_router::add_group("vrrp", head.group, mac, ip, facts);
  }
  facts.say(out, in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "vrrp",
    .title = "VRRP, CARP",
    .over = over::kIp,
    .off_port = OffPort::never,
    .ports = kPorts,
    .functions = {},
    .facts = "router virtual_router",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::vrrp
