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

// RFC 2427: Q.922 address of two bytes, control 03, NLPID; Cisco's form carries an ethertype
// instead.
bool read_frame_relay(Packet& packet, Segment& link) {
  if (packet.size < 4) return false;
  const auto* b = packet.data;
  packet = packet.after(4);
  if (b[2] == 0x03 && b[3] == 0xcc)
    link.ethertype = ethertype::kIpv4;
  else if (b[2] == 0x03 && b[3] == 0x8e)
    link.ethertype = ethertype::kIpv6;
  else if (load_be16(b + 2) >= 0x0600)
    link.ethertype = load_be16(b + 2);
  return true;
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

// radiotap and prism headers begin with their own length.
bool read_behind_radio(LinkType type, Packet& packet, Segment& link) {
  if (packet.size < 8) return false;
  Cursor in(packet.bytes());
  in.skip(type == LinkType::ieee802_11_radiotap ? 2 : 4);
  const std::size_t length = type == LinkType::ieee802_11_radiotap ? in.le16() : in.le32();
  if (length < 8 || length > packet.size) return false;
  packet = packet.after(length);
  return read_wireless(packet, link);
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
      break;
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
    case LinkType::ppp_ether:
      // Devices that log both kinds under one number put Cisco HDLC's address 0f or 8f where PPP
      // has ff.
      if (type == LinkType::ppp_hdlc && packet.size >= 4 &&
          (packet.data[0] == 0x0f || packet.data[0] == 0x8f))
        return read_c_hdlc(packet, link);
      if (type == LinkType::ppp_ether) {
        if (packet.size < 6) return false;
        packet = packet.after(6);
      }
      link.ethertype = read_ppp_protocol(packet);
      return true;
    case LinkType::ppp_with_direction:
      if (packet.size == 0) return false;
      packet = packet.after(1);
      link.ethertype = read_ppp_protocol(packet);
      return true;
    case LinkType::c_hdlc:
      return read_c_hdlc(packet, link);
    case LinkType::fddi:
      return read_fddi(packet, link);
    case LinkType::frame_relay:
      return read_frame_relay(packet, link);
    case LinkType::ieee802_11:
      return read_wireless(packet, link);
    case LinkType::ieee802_11_prism:
    case LinkType::ieee802_11_radiotap:
      return read_behind_radio(type, packet, link);
    case LinkType::nflog:
      return read_nflog(packet, link);
  }
  is_known = false;  // and Ethernet, which read_link has dealt with
  return false;
}

}  // namespace

bool read_type(Packet& packet, Segment& link) {
  if (packet.size < 2) return false;
  std::uint16_t type = load_be16(packet.data);
  packet = packet.after(2);
  bool is_tagged = false;
  while (is_vlan_tag(type)) {
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
  if (type >= 0x0600) {
    link.ethertype = type;
  } else {
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
  if (type == LinkType::ethernet)
    return read_ethernet(packet, link) ? LinkVerdict::good : LinkVerdict::cut;
  bool is_known = true;
  link.ethertype = ethertype::kUnknown;
  if (read_by_type(type, packet, link, is_known)) return LinkVerdict::good;
  return is_known ? LinkVerdict::cut : LinkVerdict::unknown;
}

}  // namespace osect::decode
