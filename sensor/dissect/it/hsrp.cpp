// Hot standby router protocol: RFC 2281 clause 5 (version 1); version 2 as Cisco documents it. Who
// routes, and which address wanders.
#include "sensor/dissect/virtual_router.h"

namespace osect::dissect::hsrp {
namespace {

constexpr std::uint16_t kPorts[] = {1985, 2029};
constexpr std::uint8_t kConfidence = virtual_router::kConfidence;
constexpr std::uint8_t kOperationMax = 3;  // hello, coup, resign, advertise
constexpr std::uint8_t kGroupState = 1;    // of version 2, whose messages are fields
constexpr std::uint8_t kGroupStateBytes = 40;

bool is_second(const Cursor& in) {
  return in.peek(0) == kGroupState && in.peek(1) == kGroupStateBytes && in.peek(2) == 2;
}

Verdict probe(Cursor in, const Context&) {
  if (is_second(in)) return in.left() >= 2 + kGroupStateBytes ? Verdict::yes : Verdict::no;
  const bool is_first = in.u8() == 0 && in.u8() <= kOperationMax;
  return is_first && in.left() >= 6 ? Verdict::yes : Verdict::no;
}

void add_first(Cursor& in, Collected& facts) {
  constexpr std::uint8_t kAdvertise = 3;
  if (in.peek(1) == kAdvertise) return;  // of interfaces, without a group
  in.skip(6);                            // version, operation, state, hello, hold, priority
  const std::uint8_t group = in.u8();
  in.skip(1 + 8);  // reserved, authentication
  const IpAddress ip = in.ipv4();
  if (ip.is_station())
    virtual_router::add_group("hsrp", group, {{0x00, 0x00, 0x0c, 0x07, 0xac, group}}, ip, facts);
}

void add_second(Cursor& in, Collected& facts) {
  constexpr std::uint8_t kIpv6 = 6;
  in.skip(2);
  Cursor state = in.child(kGroupStateBytes);
  state.skip(3);  // version, operation, state
  const bool is_v6 = state.u8() == kIpv6;
  const std::uint16_t group = state.be16();
  state.skip(6 + 3 * 4);  // who speaks; priority, hello, hold
  const IpAddress ip = is_v6 ? state.ipv6() : state.ipv4();
  const auto high = static_cast<std::uint8_t>(group >> 8U & 0x0fU);
  const auto low = static_cast<std::uint8_t>(group & 0xffU);
  const MacAddress mac =
      is_v6 ? MacAddress{{0x00, 0x05, 0x73, 0xa0, high, low}}
            : MacAddress{{0x00, 0x00, 0x0c, 0x9f, static_cast<std::uint8_t>(0xf0U | high), low}};
  in.expect(state.is_good());
  if (ip.is_station()) virtual_router::add_group("hsrp", group, mac, ip, facts);
}

void dissect(Cursor in, const Context&, Out& out) {
  Collected facts;
  facts.add(about_sender("router", kConfidence), "hsrp");
  if (is_second(in))
    add_second(in, facts);
  else
    add_first(in, facts);
  facts.say(out, in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "hsrp",
    .title = "HSRP",
    .over = over::kUdp,
    .off_port = OffPort::never,
    .ports = kPorts,
    .functions = {},
    .facts = "router virtual_router",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::hsrp
