// Spanning tree: IEEE 802.1D-2004 clause 9.3, IEEE 802.1Q-2018 clause 14; Cisco's tree per VLAN.
// Which bridge speaks, and whom it takes for the root.
#include "sensor/dissect/collected.h"

namespace osect::dissect::stp {
namespace {

constexpr std::uint16_t kEthertypes[] = {0};  // LLC
constexpr std::uint8_t kConfidence = 90;
constexpr std::uint8_t kTypeConfidence = 70;  // hosts with virtual machines may bridge too
constexpr std::uint8_t kConfiguration = 0x00;
constexpr std::uint8_t kRapid = 0x02;
constexpr std::uint8_t kTopologyChange = 0x80;

// Moves to the BPDU: behind LLC 42 42 03, or behind SNAP with Cisco's number for a tree per VLAN.
bool enter(Cursor& in) {
  const std::uint16_t access_points = in.be16();
  if (in.u8() != 0x03) return false;
  if (access_points == 0x4242) return in.is_good();
  return access_points == 0xaaaa && in.be24() == 0x00000c && in.be16() == 0x010b;
}

struct Head {
  std::uint16_t protocol;
  std::uint8_t version;
  std::uint8_t type;
};

Head read_head(Cursor& in) {
  return {.protocol = in.be16(), .version = in.u8(), .type = in.u8()};
}

Verdict probe(Cursor in, const Context&) {
  if (!enter(in)) return Verdict::no;
  const Head head = read_head(in);
  const bool is_bpdu = head.protocol == 0 && (head.type == kConfiguration || head.type == kRapid ||
                                              head.type == kTopologyChange);
  return in.is_good() && is_bpdu ? Verdict::yes : Verdict::no;
}

std::string_view version_name(std::uint8_t version) {
  return version == 0 ? "stp" : version == 2 ? "rstp" : version == 3 ? "mstp" : "spb";
}

struct Bridge {
  std::uint16_t priority;
  MacAddress mac;
};

Bridge read_bridge(Cursor& in) {
  return {.priority = in.be16(), .mac = in.mac()};
}

void add_bridge(std::string_view attribute, const Bridge& bridge, Collected& facts) {
  if (bridge.mac.is_station())
    facts.add_text(about_sender(attribute, kConfidence), [&](Writer& to) {
      to.put("priority ").decimal(bridge.priority).put(' ').address(bridge.mac);
    });
}

void dissect(Cursor in, const Context&, Out& out) {
  enter(in);
  const Head head = read_head(in);
  Collected facts;
  facts.add(about_sender("stp_version", kConfidence), version_name(head.version));
  facts.add(about_sender("device_type", kTypeConfidence), "switch");
  if (head.type != kTopologyChange) {
    in.skip(1);  // flags
    const Bridge root = read_bridge(in);
    in.skip(4);  // cost
    const Bridge own = read_bridge(in);
    in.skip(2 + 4 * 2);  // port, ages and delays
    add_bridge("stp_root", root, facts);
    add_bridge("stp_bridge", own, facts);
  }
  facts.say(out, in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "stp",
    .title = "Spanning tree (STP, RSTP, MSTP)",
    .over = over::kEthernet,
    .off_port = OffPort::never,
    .ports = {},
    .ethertypes = kEthertypes,
    .functions = {},
    .facts = "stp_version stp_root stp_bridge device_type",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::stp
