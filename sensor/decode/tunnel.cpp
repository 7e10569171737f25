// Headers of tunnels; each check is a rule of the tunnel's specification.
#include "sensor/decode/tunnel.h"

#include <iterator>

#include "sensor/decode/bytes.h"
#include "sensor/decode/cursor.h"

namespace osect::decode {
namespace {

std::uint16_t ip_type(Packet packet) {
  if (packet.size == 0) return ethertype::kUnknown;
  switch (packet.data[0] >> 4) {
    case 4:
      return ethertype::kIpv4;
    case 6:
      return ethertype::kIpv6;
    default:
      return ethertype::kUnknown;
  }
}

// ERSPAN III: 12 bytes, and 8 more when the O bit is set; the P field says what was mirrored (0:
// Ethernet).
Inner read_erspan3(Packet packet) {
  if (packet.size < 12 || packet.data[0] >> 4 != 2) return {};
  const std::size_t length = (packet.data[11] & 0x01) != 0 ? 20 : 12;
  if (packet.size < length) return {};
  const unsigned frame_type = load_be16(packet.data + 10) >> 10 & 0x1fU;
  const Packet inside = packet.after(length);
  if (frame_type == 2) return {ip_type(inside), inside};
  return {ethertype::kBridging, inside};
}

Inner read_ppp_inside(Packet packet) {
  const std::uint16_t type = read_ppp_protocol(packet);
  return {type, packet};
}

Inner read_vxlan(Packet p) {
  // I flag set, every other flag and reserved byte zero (the G, D and A bits of the group-policy
  // extension may be set).
  if (p.size < 8 || (p.data[0] & 0x7f) != 0x08 || (p.data[1] & 0xb7) != 0 || p.data[7] != 0)
    return {};
  return {ethertype::kBridging, p.after(8)};
}

Inner read_geneve(Packet p) {
  if (p.size < 8 || p.data[0] >> 6 != 0 || (p.data[1] & 0x3f) != 0 || p.data[7] != 0) return {};
  const std::size_t length = 8 + (p.data[0] & 0x3fU) * 4U;
  if (p.size < length) return {};
  const std::uint16_t type = load_be16(p.data + 2);
  if (type != ethertype::kBridging && type != ethertype::kIpv4 && type != ethertype::kIpv6)
    return {};
  return {type, p.after(length)};
}

Inner read_gtp(Packet p) {
  Cursor in(p.bytes());
  const std::uint8_t flags = in.u8();
  const std::uint8_t message = in.u8();
  const std::uint16_t length = in.be16();
  in.skip(4);
  // Version 1, protocol type GTP, G-PDU, and a length that is the datagram's own.
  if (flags >> 4 != 3 || message != 0xff || length + 8U != p.wire) return {};
  if ((flags & 0x07) != 0) {
    in.skip(3);
    std::uint8_t next = in.u8();
    while ((flags & 0x04) != 0 && next != 0) {
      const std::uint8_t words = in.u8();
      if (words == 0) return {};
      in.skip(words * 4U - 2U);
      next = in.u8();
      if (!in.is_good()) return {};
    }
  }
  if (!in.is_good()) return {};
  const Packet inside = p.after(in.offset());
  return {ip_type(inside), inside};
}

Inner read_teredo(Packet p) {
  Cursor in(p.bytes());
  if (in.peek() == 0 && in.peek(1) == 1) {  // authentication
    in.skip(2);
    const std::size_t client = in.u8();
    const std::size_t value = in.u8();
    in.skip(client + value + 9);
  }
  if (in.left() >= 8 && in.peek() == 0 && in.peek(1) == 0) in.skip(8);  // origin
  if (!in.is_good() || in.left() < 40) return {};
  const Packet inside = p.after(in.offset());
  if (inside.data[0] >> 4 != 6 || load_be16(inside.data + 4) + 40U > inside.wire) return {};
  return {ethertype::kIpv6, inside};
}

Inner read_l2tp(Packet p) {
  Cursor in(p.bytes());
  const std::uint16_t flags = in.be16();
  if ((flags & 0x8000) != 0 || (flags & 0x000f) != 2)
    return {};  // a control message, or not version 2
  if ((flags & 0x4000) != 0 && in.be16() != p.wire) return {};
  in.skip(4);
  if ((flags & 0x0800) != 0) in.skip(4);
  if ((flags & 0x0200) != 0) in.skip(in.be16());
  if (!in.is_good()) return {};
  return read_ppp_inside(p.after(in.offset()));
}

Inner read_mpls(Packet packet) {
  std::size_t at = 0;
  bool is_bottom = false;
  while (!is_bottom) {
    if (packet.size < at + 4) return {};
    is_bottom = (packet.data[at + 2] & 0x01) != 0;
    at += 4;
  }
  const Packet inside = packet.after(at);
  const std::uint16_t type = ip_type(inside);
  if (type != ethertype::kUnknown) return {type, inside};
  // A pseudowire's control word begins with a zero nibble (RFC 4385).
  if (inside.size >= 4 && inside.data[0] >> 4 == 0) return {ethertype::kBridging, inside.after(4)};
  return {ethertype::kBridging, inside};
}

Inner read_pppoe(Packet packet) {
  const auto b = packet.bytes();
  if (b.size() < 8 || b[0] != 0x11 || b[1] != 0) return {};
  return read_ppp_inside(packet.after(6).first(load_be16(&b[4])));
}

// SecTAG: control, association number or length, packet number, and 8 bytes of channel identifier
// when the SC bit is set. With E clear the frame is readable; the integrity value stands in its
// last 16 bytes.
Inner read_macsec(Packet packet) {
  const auto b = packet.bytes();
  if (b.size() < 6 || (b[0] & 0x88) != 0) return {};
  const std::size_t header = (b[0] & 0x20) != 0 ? 14 : 6;
  const std::uint32_t short_length = b[1] & 0x3f;
  if (b.size() < header + 2 || packet.wire < header + 2 + 16) return {};
  const std::uint16_t type = load_be16(&b[header]);
  if (type < 0x0600) return {};
  const std::size_t secured = packet.wire - header - 16;
  return {type, packet.after(header).first(short_length != 0 ? short_length : secured).after(2)};
}

Inner read_nsh(Packet packet) {
  const auto b = packet.bytes();
  if (b.size() < 8) return {};
  const std::size_t length = (load_be16(b.data()) & 0x3fU) * 4;
  if (length < 8 || b.size() < length) return {};
  constexpr std::uint16_t kNext[] = {ethertype::kUnknown,  ethertype::kIpv4,    ethertype::kIpv6,
                                     ethertype::kBridging, ethertype::kUnknown, ethertype::kMpls};
  return {b[3] < std::size(kNext) ? kNext[b[3]] : ethertype::kUnknown, packet.after(length)};
}

}  // namespace

Inner read_shim(std::uint16_t type, Packet packet) {
  constexpr std::uint16_t kBackbone = 0x88e7;
  constexpr std::uint16_t kFabricPath = 0x8903;
  constexpr std::uint16_t kMacsec = 0x88e5;
  constexpr std::uint16_t kNsh = 0x894f;
  constexpr std::uint16_t kTrill = 0x22f3;
  switch (type) {
    case ethertype::kMpls:
    case ethertype::kMplsMulticast:
      return read_mpls(packet);
    case ethertype::kPppoeSession:
      return read_pppoe(packet);
    case kBackbone:  // flags and service identifier, then the customer's frame
      if (packet.size < 4) return {};
      return {ethertype::kBridging, packet.after(4)};
    case kFabricPath:  // tree and hop count
      if (packet.size < 2) return {};
      return {ethertype::kBridging, packet.after(2)};
    case kTrill: {  // version, options' length in words, hop count; two nicknames; options
      if (packet.size < 6) return {};
      const std::size_t header = 6 + (load_be16(packet.data) >> 6 & 0x1fU) * 4;
      if (packet.data[0] >> 6 != 0 || packet.size < header) return {};
      return {ethertype::kBridging, packet.after(header)};
    }
    case kMacsec:
      return read_macsec(packet);
    case kNsh:
      return read_nsh(packet);
    default:
      return {};
  }
}

Inner read_gre(Packet packet) {
  Cursor in(packet.bytes());
  const std::uint16_t flags = in.be16();
  const std::uint16_t type = in.be16();
  const unsigned version = flags & 7U;
  const bool has_sequence = (flags & 0x1000) != 0;
  if (version > 1 || (flags & 0x4000) != 0) return {};  // source routing (RFC 1701) is not in use
  if ((flags & 0x8000) != 0) in.skip(4);
  if ((flags & 0x2000) != 0) in.skip(4);
  if (has_sequence) in.skip(4);
  if (version == 1 && (flags & 0x0080) != 0) in.skip(4);
  if (!in.is_good()) return {};
  const Packet inside = packet.after(in.offset());
  if (inside.size == 0) return {};
  switch (type) {
    case ethertype::kIpv4:
    case ethertype::kIpv6:
    case ethertype::kMpls:
    case ethertype::kMplsMulticast:
    case ethertype::kBridging:
      return {type, inside};
    case ethertype::kErspan2:
      // Type I has neither sequence number nor header of its own.
      if (!has_sequence) return {ethertype::kBridging, inside};
      if (inside.size < 8) return {};
      return {ethertype::kBridging, inside.after(8)};
    case ethertype::kErspan3:
      return read_erspan3(inside);
    case ethertype::kPpp:
      return read_ppp_inside(inside);
    default:
      return {};
  }
}

Inner read_udp_tunnel(std::uint16_t source_port, std::uint16_t destination_port, Packet payload) {
  switch (destination_port) {
    case 4789:
    case 8472:
      return read_vxlan(payload);
    case 6081:
      return read_geneve(payload);
    case 2152:
      return read_gtp(payload);
    case 1701:
      return read_l2tp(payload);
    case 4754:
      return read_gre(payload);
    default:
      break;
  }
  if (source_port == 1701) return read_l2tp(payload);
  if (source_port == 3544 || destination_port == 3544) return read_teredo(payload);
  return {};
}

}  // namespace osect::decode
