// A flow: everything between the same two transport addresses, both directions; what decode keeps
// about it.
#pragma once

#include <array>
#include <cstdint>

#include "base/address.h"
#include "base/clock.h"

namespace osect::decode {

enum class Transport : std::uint8_t { ethernet, tcp, udp, icmp, icmpv6, sctp, igmp, other };

// The word for a transport in records and interfaces: "tcp", "udp", "ethernet", ...
[[nodiscard]] const char* transport_name(Transport transport);

// The two ends of a flow in a canonical order (not client and server).
enum class End : std::uint8_t { a = 0, b = 1 };
[[nodiscard]] constexpr End other(End end) {
  return end == End::a ? End::b : End::a;
}
[[nodiscard]] constexpr std::size_t index(End end) {
  return static_cast<std::size_t>(end);
}

struct FlowEnd {
  MacAddress
      mac;  // as first seen from this end; zero where the link has none or the end has not sent
  IpAddress ip;  // none for link-layer flows
  std::uint16_t port = 0;

  constexpr auto operator<=>(const FlowEnd&) const = default;
};

// Who opened a flow, and how that is known; a stronger ground replaces a weaker one.
enum class OpenerGround : std::uint8_t {
  none,
  first_frame,
  lower_port,
  service_port,
  message,
  syn
};

constexpr std::uint32_t kNoSlot = 0xffffffffU;

// A flow that only reassembled datagrams belong to has counted no packets: they stand in the
// fragments' flow. Owned by the FlowTable of one monitor-port thread; a reference is valid until
// the table's next lookup or eviction. The slots belong to the stages downstream: decode carries
// them and never looks into them.
struct Flow {
  std::array<FlowEnd, 2> ends;
  Transport transport = Transport::other;
  std::uint8_t ip_protocol = 0;
  std::uint16_t vlan = 0;         // outermost 802.1Q id, 0 untagged
  std::uint16_t ethertype = 0;    // of link-layer flows
  std::uint8_t tunnel_depth = 0;  // 0: as on the wire; 1 and more: inside that many tunnels
  bool is_fragments = false;      // IP fragments between two addresses, counted apart under ports 0
  TimeNs first = 0;
  TimeNs last = 0;
  std::array<std::uint64_t, 2> packets{};  // sent by end a, by end b
  std::array<std::uint64_t, 2> bytes{};    // frame bytes on the wire
  End client = End::a;
  OpenerGround client_ground = OpenerGround::none;
  std::uint32_t dissect_slot = kNoSlot;  // dissect: recognised protocol and pending requests
  std::uint32_t observe_slot = kNoSlot;  // observe: whatever it wants to find fast
  std::array<std::uint32_t, 2> endpoint_slot{kNoSlot, kNoSlot};  // observe: endpoint of each end

  // Takes the stronger of what is known and what is said now.
  void state_client(End end, OpenerGround ground) {
    if (ground > client_ground) {
      client = end;
      client_ground = ground;
    }
  }
};

}  // namespace osect::decode
