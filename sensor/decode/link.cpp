// IEEE 802.3, 802.2, 802.1Q/ad, 802.11; RFC 1661/1662 PPP; the link types of tcpdump.org.
#include "sensor/decode/link.h"

#include <cstring>

#include "sensor/decode/bytes.h"
#include "sensor/decode/cursor.h"

namespace osect::decode {
namespace {

using capture::LinkType;

constexpr bool is_vlan_tag(std::uint16_t type) {
  return type == 0x8100 || type == 0x88a8 || type == 0x9100 || type == 0x9200;
}

// Tags and headers that stand where the ethertype would and are followed by the frame's own: how
// many bytes lie between the two.
std::size_t tag_length(std::uint16_t type, const Packet& rest) {
  switch (type) {
    case 0x892f:  // HSR (IEC 62439-3, 5.7): path, size, sequence number
    case 0xf1c1:  // redundancy tag (IEEE 802.1CB, 7.8)
    case 0x8926:  // VN tag
      return 4;
    case 0x893f:  // IEEE 802.1BR E-tag
    case 0x8909:  // Cisco's security group: version, length, option, group
      return 6;
    case 0xd28b:  // a tap aggregator's time stamp of 64 or 48 bits
      if (rest.size < 4 || load_be16(rest.data) != 1) return 0;
      return load_be16(rest.data + 2) == 0x0010 ? 12 : load_be16(rest.data + 2) == 0x0020 ? 10 : 0;
    default:
      return 0;
  }
}

// 802.2 LLC: with SNAP of OUI 0 (or 802.1H's 0000f8) the protocol is an ethertype; otherwise the
// payload starts at the DSAP.
void read_llc(Packet& packet, Segment& link) {
  const auto b = packet.bytes();
  link.ethertype = ethertype::kLlc;
  if (b.size() < 8 || b[0] != 0xaa || b[1] != 0xaa || b[2] != 0x03) return;
  if (b[3] != 0 || b[4] != 0 || (b[5] != 0 && b[5] != 0xf8)) return;
  const std::uint16_t type = load_be16(&b[6]);
  if (type < 0x0600) return;
  link.ethertype = type;
  packet = packet.after(8);
}

std::uint16_t ip_type(std::span<const std::uint8_t> bytes) {
  if (bytes.empty()) return ethertype::kUnknown;
  return bytes[0] >> 4 == 4   ? ethertype::kIpv4
         : bytes[0] >> 4 == 6 ? ethertype::kIpv6
                              : ethertype::kUnknown;
}

// BSD loopback: the address family, in the byte order of the machine that captured (null) or
// big-endian (loop).
bool read_null(Packet& packet, Segment& link) {
  if (packet.size < 4) return false;
  std::uint32_t family = load_be32(packet.data);
  if ((family & 0xffff) == 0) family = __builtin_bswap32(family);
  packet = packet.after(4);
  if (family == 2)
    link.ethertype = ethertype::kIpv4;
  else if (family == 10 || family == 24 || family == 28 ||
           family == 30)  // Linux, NetBSD, FreeBSD, macOS
    link.ethertype = ethertype::kIpv6;
  else if ((family & 0xffff) >= 0x0600)  // a device that writes Cisco HDLC under this number
    link.ethertype = static_cast<std::uint16_t>(family);
  return true;
}

bool read_linux_cooked(Packet& packet, Segment& link) {
  if (packet.size < 16) return false;
  const auto* b = packet.data;
  if (load_be16(b + 4) == 6) std::memcpy(link.source_mac.bytes.data(), b + 6, 6);
  const std::uint16_t hardware = load_be16(b + 2);
  const std::uint16_t protocol = load_be16(b + 14);
  if (hardware == 803 || hardware == 802) {  // monitor-mode headers follow, not a protocol
    packet = packet.after(16);
    return true;
  }
  if (protocol == 4) {
    packet = packet.after(16);
    read_llc(packet, link);
    return true;
  }
  if (protocol == 1) {  // 802.3 without LLC (Novell)
    packet = packet.after(16);
    return true;
  }
  packet = packet.after(14);
  return read_type(packet, link);
}

bool read_linux_cooked2(Packet& packet, Segment& link) {
  if (packet.size < 20) return false;
  const auto* b = packet.data;
  if (b[11] == 6) std::memcpy(link.source_mac.bytes.data(), b + 12, 6);
  const std::uint16_t protocol = load_be16(b);
  packet = packet.after(20);
  if (protocol == 4) {
    read_llc(packet, link);
  } else if (is_vlan_tag(protocol) && packet.size >= 4) {
    link.vlan = load_be16(packet.data) & 0x0fff;
    packet = packet.after(2);
    return read_type(packet, link);
  } else if (protocol >= 0x0600) {
    link.ethertype = protocol;
  }
  return true;
}

// Cisco HDLC and its kin: address, control, ethertype.
bool read_c_hdlc(Packet& packet, Segment& link) {
  if (packet.size < 4) return false;
  const std::uint16_t type = load_be16(packet.data + 2);
  packet = packet.after(4);
  if (type >= 0x0600) link.ethertype = type;
  return true;
}

// The NLPIDs that have an ethertype (ISO/IEC TR 9577).
std::uint16_t type_of_nlpid(std::uint8_t nlpid) {
  return nlpid == 0xcc ? ethertype::kIpv4 : nlpid == 0x8e ? ethertype::kIpv6 : ethertype::kUnknown;
}

// RFC 2427: Q.922 address of two to four bytes, control 03, NLPID, or SNAP behind NLPID 80; Cisco's
// form carries an ethertype instead.
bool read_frame_relay(Packet& packet, Segment& link) {
  std::size_t address = 1;
  while (address < 4 && address <= packet.size && (packet.data[address - 1] & 0x01) == 0) ++address;
  if (packet.size < address + 2) return false;
  const std::uint16_t control = load_be16(packet.data + address);
  const Packet rest = packet.after(address + 2);
  if (control >> 8 != 0x03) {
    packet = rest;
    if (control >= 0x0600) link.ethertype = control;
    return true;
  }
  packet = rest;
  link.ethertype = type_of_nlpid(static_cast<std::uint8_t>(control));
  // 03 00 80: the pad byte keeps what follows at an even place.
  const std::size_t snap = control == 0x0300 && rest.size > 0 && rest.data[0] == 0x80 ? 1
                           : control == 0x0380                                        ? 0
                                                                                      : 9;
  if (snap == 9 || rest.size < snap + 5) return true;
  const std::uint8_t* oui = rest.data + snap;
  const std::uint16_t type = load_be16(oui + 3);
  packet = rest.after(snap + 5);
  if (oui[0] == 0 && oui[1] == 0x80 && oui[2] == 0xc2 && (type == 1 || type == 7))
    return read_ethernet(packet, link);  // bridged
  if (oui[0] == 0 && oui[1] == 0 && oui[2] == 0 && type >= 0x0600) link.ethertype = type;
  return true;
}

// RFC 2684: LLC with SNAP, bridged frames with two bytes of padding, or an NLPID behind fe fe 03.
bool read_atm(Packet& packet, Segment& link) {
  if (packet.size < 4) return false;
  const auto* b = packet.data;
  constexpr std::uint8_t kBridged[] = {0xaa, 0xaa, 0x03, 0x00, 0x80, 0xc2, 0x00};
  if (packet.size >= 10 && std::memcmp(b, kBridged, sizeof kBridged) == 0 &&
      (b[7] == 1 || b[7] == 7)) {
    packet = packet.after(10);
    return read_ethernet(packet, link);
  }
  if (b[0] == 0xfe && b[1] == 0xfe && b[2] == 0x03) {
    link.ethertype = type_of_nlpid(b[3]);
    packet = packet.after(4);
    return true;
  }
  read_llc(packet, link);
  return true;
}

// IEEE 802.5: access and frame control, addresses, a route when the source's first bit says so,
// LLC.
bool read_token_ring(Packet& packet, Segment& link) {
  if (packet.size < 14) return false;
  Cursor in(packet.bytes());
  in.skip(1);
  const bool is_llc = in.u8() >> 6 == 1;
  link.destination_mac = in.mac();
  link.source_mac = in.mac();
  const bool has_route = (link.source_mac.bytes[0] & 0x80) != 0;
  link.source_mac.bytes[0] &= 0x7f;
  std::size_t header = 14;
  if (has_route) header += in.peek() & 0x1fU;
  if (packet.size < header) return false;
  packet = packet.after(header);
  if (is_llc) read_llc(packet, link);
  return true;
}

// RFC 4338: a network header with both addresses, then LLC with SNAP.
bool read_fibre_channel(Packet& packet, Segment& link) {
  if (packet.size < 16) return false;
  std::memcpy(link.destination_mac.bytes.data(), packet.data + 2, 6);
  std::memcpy(link.source_mac.bytes.data(), packet.data + 10, 6);
  packet = packet.after(16);
  read_llc(packet, link);
  return true;
}

// A switch chip's tag between the addresses and the ethertype: four bytes, or eight when it has an
// ethertype of its own. The tag's low bits are the VLAN.
bool read_switch_tagged(std::size_t tag, Packet& packet, Segment& link) {
  if (packet.size < 12 + tag + 2) return false;
  std::memcpy(link.destination_mac.bytes.data(), packet.data, 6);
  std::memcpy(link.source_mac.bytes.data(), packet.data + 6, 6);
  link.vlan = load_be16(packet.data + 12 + tag - 2) & 0x0fff;
  packet = packet.after(12 + tag);
  return read_type(packet, link);
}

// FDDI carries addresses with the bits of each byte reversed.
MacAddress reversed(MacAddress mac) {
  for (std::uint8_t& byte : mac.bytes) {
    byte = static_cast<std::uint8_t>((byte & 0xf0) >> 4 | (byte & 0x0f) << 4);
    byte = static_cast<std::uint8_t>((byte & 0xcc) >> 2 | (byte & 0x33) << 2);
    byte = static_cast<std::uint8_t>((byte & 0xaa) >> 1 | (byte & 0x55) << 1);
  }
  return mac;
}

bool read_fddi(Packet& packet, Segment& link) {
  if (packet.size < 13) return false;
  Cursor in(packet.bytes());
  const std::uint8_t control = in.u8();
  link.destination_mac = reversed(in.mac());
  link.source_mac = reversed(in.mac());
  packet = packet.after(13);
  if ((control & 0x30) == 0x10) read_llc(packet, link);  // an LLC frame, not ring management
  return true;
}

// 802.11 data frames in the clear. Management and control frames have stations too, but no network
// payload.
bool read_wireless(Packet& packet, Segment& link) {
  const Packet frame = packet;
  Cursor in(frame.bytes());
  const std::uint16_t control = in.le16();
  in.skip(2);
  const MacAddress first = in.mac();
  if (!in.is_good()) return false;
  const unsigned kind = control >> 2 & 3U;
  const bool is_to_ds = (control & 0x0100) != 0;
  const bool is_from_ds = (control & 0x0200) != 0;
  link.destination_mac = first;
  packet = frame.after(in.offset());
  if (kind == 1) return true;  // control: only a receiver in common
  const MacAddress second = in.mac();
  const MacAddress third = in.mac();
  in.skip(2);
  if (!in.is_good()) return false;
  link.source_mac = is_from_ds ? third : second;
  if (is_to_ds) link.destination_mac = third;
  if (is_to_ds && is_from_ds) link.source_mac = in.mac();
  if (kind == 2) {
    const bool is_qos = (control & 0x0080) != 0;
    if (is_qos) in.skip(2);
    if (is_qos && (control & 0x8000) != 0) in.skip(4);
    if (!in.is_good()) return false;
    packet = frame.after(in.offset());
    const bool has_no_data = (control & 0x0040) != 0;
    const bool is_encrypted = (control & 0x4000) != 0;
    if (!has_no_data && !is_encrypted) read_llc(packet, link);
    return true;
  }
  packet = frame.after(in.offset());
  return in.is_good();
}

// Linux netfilter log: address family, then TLVs of which one is the packet.
bool read_nflog(Packet& packet, Segment& link) {
  Cursor in(packet.bytes());
  const std::uint8_t family = in.u8();
  in.skip(3);
  while (in.left() >= 4) {
    const std::size_t at = in.offset();
    const std::uint16_t length = in.le16();
    const std::uint16_t type = in.le16();
    if (length < 4) return false;
    if (type == 9) {
      packet = packet.after(at + 4).first(length - 4U);
      if (family == 2) link.ethertype = ethertype::kIpv4;
      if (family == 10) link.ethertype = ethertype::kIpv6;
      return true;
    }
    in.skip((length - 4U + 3U) & ~3U);
  }
  return false;
}

bool read_by_type(LinkType type, Packet& packet, Segment& link, bool& is_known) {
  switch (type) {
    case LinkType::ethernet:
      return read_ethernet(packet, link);
    case LinkType::null:
    case LinkType::loop:
      return read_null(packet, link);
    case LinkType::raw:
    case LinkType::ipv4:
    case LinkType::ipv6:
      link.ethertype = ip_type(packet.bytes());
      return true;
    case LinkType::linux_sll:
      return read_linux_cooked(packet, link);
    case LinkType::linux_sll2:
      return read_linux_cooked2(packet, link);
    case LinkType::ppp:
    case LinkType::ppp_hdlc:
      // Devices that log both kinds under one number put Cisco HDLC's address 0f or 8f where PPP
      // has ff.
      if (type == LinkType::ppp_hdlc && packet.size >= 4 &&
          (packet.data[0] == 0x0f || packet.data[0] == 0x8f))
        return read_c_hdlc(packet, link);
      link.ethertype = read_ppp_protocol(packet);
      return true;
    case LinkType::ppp_ether:
      if (packet.size < 6) return false;
      packet = packet.after(6);
      link.ethertype = read_ppp_protocol(packet);
      return true;
    case LinkType::c_hdlc:
      return read_c_hdlc(packet, link);
    case LinkType::fddi:
      return read_fddi(packet, link);
    case LinkType::token_ring:
      return read_token_ring(packet, link);
    case LinkType::ip_over_fibre_channel:
      return read_fibre_channel(packet, link);
    case LinkType::frame_relay:
      return read_frame_relay(packet, link);
    case LinkType::atm_rfc1483:
      return read_atm(packet, link);
    case LinkType::ieee802_11:
      return read_wireless(packet, link);
    case LinkType::nflog:
      return read_nflog(packet, link);
    case LinkType::dsa:
      return read_switch_tagged(4, packet, link);
    case LinkType::edsa:
      return read_switch_tagged(8, packet, link);
    default:
      is_known = false;
      return false;
  }
}

}  // namespace

bool read_type(Packet& packet, Segment& link) {
  if (packet.size < 2) return false;
  std::uint16_t type = load_be16(packet.data);
  packet = packet.after(2);
  bool is_tagged = false;
  while (true) {
    if (const std::size_t tag = tag_length(type, packet); tag > 0) {
      if (packet.size < tag + 2) return false;
      type = load_be16(packet.data + tag);
      packet = packet.after(tag + 2);
      continue;
    }
    if (!is_vlan_tag(type)) break;
    if (packet.size < 4) return false;
    const auto id = static_cast<std::uint16_t>(load_be16(packet.data) & 0x0fff);
    if (!is_tagged)
      link.vlan = id;
    else if (link.inner_vlan == 0)
      link.inner_vlan = id;
    is_tagged = true;
    type = load_be16(packet.data + 2);
    packet = packet.after(4);
  }
  constexpr std::uint16_t kJumboLlc = 0x8870;  // LLC in a frame too long for its length field
  if (type >= 0x0600 && type != kJumboLlc) {
    link.ethertype = type;
  } else {
    if (type != kJumboLlc)
      packet = packet.first(type);  // 802.3: the field is the length, what follows is padding
    read_llc(packet, link);
  }
  return true;
}

std::uint16_t read_ppp_protocol(Packet& packet) {
  if (packet.size >= 2 && packet.data[0] == 0xff && packet.data[1] == 0x03)
    packet = packet.after(2);
  if (packet.size == 0) return ethertype::kUnknown;
  std::uint16_t protocol = packet.data[0];
  if ((protocol & 1) != 0) {  // compressed to one byte (RFC 1661, 6.5)
    packet = packet.after(1);
  } else {
    if (packet.size < 2) return ethertype::kUnknown;
    protocol = load_be16(packet.data);
    packet = packet.after(2);
  }
  switch (protocol) {
    case 0x0021:
      return ethertype::kIpv4;
    case 0x0057:
      return ethertype::kIpv6;
    case 0x0281:
      return ethertype::kMpls;
    case 0x0283:
      return ethertype::kMplsMulticast;
    default:
      return ethertype::kUnknown;
  }
}

LinkVerdict read_link(LinkType type, Packet& packet, Segment& link) {
  bool is_known = true;
  link.ethertype = ethertype::kUnknown;
  if (try_unwrap(type, packet) && read_by_type(type, packet, link, is_known))
    return LinkVerdict::good;
  return is_known ? LinkVerdict::cut : LinkVerdict::unknown;
}

}  // namespace osect::decode
