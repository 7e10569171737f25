// Link aggregation control: IEEE 802.1AX-2020 clause 6.4. Which system a port belongs to, and to
// which it is joined.
#include "sensor/dissect/collected.h"

namespace osect::dissect::lacp {
namespace {

constexpr std::uint16_t kEthertypes[] = {0x8809};  // slow protocols
constexpr std::uint8_t kConfidence = 90;
constexpr std::uint8_t kSubtype = 1;
constexpr std::uint8_t kActor = 1;
constexpr std::uint8_t kPartner = 2;
constexpr std::uint8_t kInformationBytes = 20;

Verdict probe(Cursor in, const Context&) {
  const bool is_ours = in.u8() == kSubtype && in.u8() >= 1 && in.u8() == kActor;
  return is_ours && in.u8() == kInformationBytes ? Verdict::yes : Verdict::no;
}

// The system of one side: kind, length, priority, MAC, then its key, port and state.
MacAddress read_system(Cursor& in, std::uint8_t kind) {
  in.expect(in.u8() == kind && in.u8() == kInformationBytes);
  in.skip(2);
  const MacAddress mac = in.mac();
  in.skip(10);
  return mac;
}

void dissect(Cursor in, const Context&, Out& out) {
  in.skip(2);  // subtype, version
  const MacAddress actor = read_system(in, kActor);
  const MacAddress partner = read_system(in, kPartner);
  Collected facts;
  const auto add = [&](std::string_view attribute, const MacAddress& mac) {
    if (mac.is_station())
      facts.add_text(about_sender(attribute, kConfidence), [&](Writer& to) { to.address(mac); });
  };
  add("chassis_mac", actor);
  add("lacp_partner", partner);
  facts.say(out, in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "lacp",
    .title = "LACP (IEEE 802.1AX)",
    .over = over::kEthernet,
    .off_port = OffPort::never,
    .ports = {},
    .ethertypes = kEthertypes,
    .functions = {},
    .facts = "chassis_mac lacp_partner",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::lacp
