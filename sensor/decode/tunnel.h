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
// 4380), L2TPv2 data (RFC 2661), GRE (RFC 8086). The content must be consistent: an ordinary
// datagram that only uses such a port is left alone.
[[nodiscard]] Inner read_udp_tunnel(std::uint16_t source_port, std::uint16_t destination_port,
                                    Packet payload);
// Headers between a link layer and what it carries, by ethertype: MPLS (RFC 3032, pseudowires RFC
// 4448), PPPoE (RFC 2516), provider backbone bridging (IEEE 802.1ah), TRILL (RFC 6325), FabricPath,
// MACsec without encryption (IEEE 802.1AE), NSH (RFC 8300). Nothing for ethertypes that carry their
// own message.
[[nodiscard]] Inner read_shim(std::uint16_t type, Packet packet);

}  // namespace osect::decode
