// Tunnels: what of a GRE packet or a UDP datagram is another packet, and of which kind.
#pragma once

#include <cstdint>

#include "sensor/decode/link.h"

namespace osect::decode {

// An inner packet. `type` is an ethertype: kBridging for an Ethernet frame, kUnknown when there is
// nothing inside.
struct Inner {
  std::uint16_t type = ethertype::kUnknown;
  Packet packet;

  [[nodiscard]] bool is_some() const { return type != ethertype::kUnknown; }
};

// RFC 2784, RFC 2890 (key, sequence), RFC 2637 (PPTP's version 1), ERSPAN I to III.
[[nodiscard]] Inner read_gre(Packet packet);
// By port and content: VXLAN (RFC 7348), Geneve (RFC 8926), GTP-U (3GPP TS 29.281), Teredo (RFC
// 4380), L2TPv2 data (RFC 2661). The content must be consistent: an ordinary datagram that only
// uses such a port is left alone.
[[nodiscard]] Inner read_udp_tunnel(std::uint16_t source_port, std::uint16_t destination_port,
                                    Packet payload);
// Behind the label stack (RFC 3032): IP by its version, otherwise an Ethernet pseudowire (RFC
// 4448).
[[nodiscard]] Inner read_mpls(Packet packet);

}  // namespace osect::decode
