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
void read_llc(Packet llc, Link& link) {
  const auto b = llc.bytes;
  link.type = ethertype::kLlc;
  link.payload = llc;
  if (b.size() < 8 || b[0] != 0xaa || b[1] != 0xaa || b[2] != 0x03) return;
  if (b[3] != 0 || b[4] != 0 || (b[5] != 0 && b[5] != 0xf8)) return;
  const std::uint16_t type = load_be16(&b[6]);
  if (type < 0x0600) return;
  link.type = type;
  link.payload = llc.after(8);
}

// Type field, tags and payload, wherever they stand.
bool read_type(Packet packet, Link& link) {
  if (packet.bytes.size() < 2) return false;
  std::uint16_t type = load_be16(packet.bytes.data());
  packet = packet.after(2);
  bool is_tagged = false;
  while (is_vlan_tag(type)) {
    if (packet.bytes.size() < 4) return false;
    const auto id = static_cast<std::uint16_t>(load_be16(packet.bytes.data()) & 0x0fff);
    if (!is_tagged)
      link.vlan = id;
    else if (link.inner_vlan == 0)
      link.inner_vlan = id;
    is_tagged = true;
    type = load_be16(&packet.bytes[2]);
    packet = packet.after(4);
  }
  if (type >= 0x0600) {
    link.type = type;
    link.payload = packet;
  } else {
    read_llc(packet.first(type), link);  // 802.3: the field is the length, what follows is padding
  }
  return true;
}

std::uint16_t ip_type(std::span<const std::uint8_t> bytes) {
  if (bytes.empty()) return ethertype::kUnknown;
  return bytes[0] >> 4 == 4   ? ethertype::kIpv4
         : bytes[0] >> 4 == 6 ? ethertype::kIpv6
                              : ethertype::kUnknown;
}

// BSD loopback: the address family, in the byte order of the machine that captured (null) or
// big-endian (loop).
bool read_null(Packet frame, Link& link) {
  if (frame.bytes.size() < 4) return false;
  std::uint32_t family = load_be32(frame.bytes.data());
  if (family > 0xffff) family = __builtin_bswap32(family);
  link.payload = frame.after(4);
  if (family == 2)
    link.type = ethertype::kIpv4;
  else if (family == 10 || family == 24 || family == 28 ||
           family == 30)  // Linux, NetBSD, FreeBSD, macOS
    link.type = ethertype::kIpv6;
  return true;
}

bool read_linux_cooked(Packet frame, Link& link) {
  if (frame.bytes.size() < 16) return false;
  const auto* b = frame.bytes.data();
  if (load_be16(b + 4) == 6) std::memcpy(link.source.bytes.data(), b + 6, 6);
  const std::uint16_t hardware = load_be16(b + 2);
  const std::uint16_t protocol = load_be16(b + 14);
  if (hardware == 803 || hardware == 802) {  // monitor-mode headers follow, not a protocol
    link.payload = frame.after(16);
    return true;
  }
  if (protocol == 4) {
    read_llc(frame.after(16), link);
    return true;
  }
  if (protocol == 1) {  // 802.3 without LLC (Novell)
    link.payload = frame.after(16);
    return true;
  }
  return read_type(frame.after(14), link);
}

bool read_linux_cooked2(Packet frame, Link& link) {
  if (frame.bytes.size() < 20) return false;
  const auto* b = frame.bytes.data();
  if (b[11] == 6) std::memcpy(link.source.bytes.data(), b + 12, 6);
  const std::uint16_t protocol = load_be16(b);
  link.payload = frame.after(20);
  if (protocol == 4) {
    read_llc(link.payload, link);
  } else if (is_vlan_tag(protocol) && link.payload.bytes.size() >= 4) {
    link.vlan = load_be16(link.payload.bytes.data()) & 0x0fff;
    return read_type(link.payload.after(2), link);
  } else if (protocol >= 0x0600) {
    link.type = protocol;
  }
  return true;
}

bool read_ppp(Packet frame, Link& link) {
  link.payload = frame;
  link.type = read_ppp_protocol(link.payload);
  return true;
}

// Cisco HDLC and its kin: address, control, ethertype.
bool read_c_hdlc(Packet frame, Link& link) {
  if (frame.bytes.size() < 4) return false;
  const std::uint16_t type = load_be16(&frame.bytes[2]);
  link.payload = frame.after(4);
  if (type >= 0x0600) link.type = type;
  return true;
}

// RFC 2427: Q.922 address of two bytes, control 03, NLPID; Cisco's form carries an ethertype
// instead.
bool read_frame_relay(Packet frame, Link& link) {
  if (frame.bytes.size() < 4) return false;
  const auto* b = frame.bytes.data();
  link.payload = frame.after(4);
  if (b[2] == 0x03 && b[3] == 0xcc)
    link.type = ethertype::kIpv4;
  else if (b[2] == 0x03 && b[3] == 0x8e)
    link.type = ethertype::kIpv6;
  else if (load_be16(b + 2) >= 0x0600)
    link.type = load_be16(b + 2);
  return true;
}

// 802.11 data frames in the clear. Management and control frames have stations too, but no network
// payload.
bool read_wireless(Packet frame, Link& link) {
  Cursor in(frame.bytes);
  const std::uint16_t control = in.le16();
  in.skip(2);
  const MacAddress first = in.mac();
  if (!in.is_good()) return false;
  const unsigned kind = control >> 2 & 3U;
  const bool is_to_ds = (control & 0x0100) != 0;
  const bool is_from_ds = (control & 0x0200) != 0;
  link.destination = first;
  link.payload = frame.after(in.offset());
  if (kind == 1) return true;  // control: only a receiver in common
  const MacAddress second = in.mac();
  const MacAddress third = in.mac();
  in.skip(2);
  if (!in.is_good()) return false;
  link.source = is_from_ds ? third : second;
  if (is_to_ds) link.destination = third;
  if (is_to_ds && is_from_ds) link.source = in.mac();
  if (kind == 2) {
    const bool is_qos = (control & 0x0080) != 0;
    if (is_qos) in.skip(2);
    if (is_qos && (control & 0x8000) != 0) in.skip(4);
    if (!in.is_good()) return false;
    link.payload = frame.after(in.offset());
    const bool has_no_data = (control & 0x0040) != 0;
    const bool is_encrypted = (control & 0x4000) != 0;
    if (!has_no_data && !is_encrypted) read_llc(link.payload, link);
    return true;
  }
  link.payload = frame.after(in.offset());
  return in.is_good();
}

// radiotap and prism headers begin with their own length.
bool read_behind_radio(LinkType type, Packet frame, Link& link) {
  if (frame.bytes.size() < 8) return false;
  Cursor in(frame.bytes);
  in.skip(type == LinkType::ieee802_11_radiotap ? 2 : 4);
  const std::size_t length = type == LinkType::ieee802_11_radiotap ? in.le16() : in.le32();
  if (length < 8 || length > frame.bytes.size()) return false;
  return read_wireless(frame.after(length), link);
}

// Linux netfilter log: address family, then TLVs of which one is the packet.
bool read_nflog(Packet frame, Link& link) {
  Cursor in(frame.bytes);
  const std::uint8_t family = in.u8();
  in.skip(3);
  while (in.left() >= 4) {
    const std::size_t at = in.offset();
    const std::uint16_t length = in.le16();
    const std::uint16_t type = in.le16();
    if (length < 4) return false;
    if (type == 9) {
      link.payload = frame.after(at + 4).first(length - 4U);
      if (family == 2) link.type = ethertype::kIpv4;
      if (family == 10) link.type = ethertype::kIpv6;
      return true;
    }
    in.skip((length - 4U + 3U) & ~3U);
  }
  return false;
}

bool read_by_type(LinkType type, Packet frame, Link& link, bool& is_known) {
  switch (type) {
    case LinkType::ethernet:
      return read_ethernet(frame, link);
    case LinkType::null:
    case LinkType::loop:
      return read_null(frame, link);
    case LinkType::raw:
    case LinkType::ipv4:
    case LinkType::ipv6:
      link.type = ip_type(frame.bytes);
      link.payload = frame;
      return true;
    case LinkType::linux_sll:
      return read_linux_cooked(frame, link);
    case LinkType::linux_sll2:
      return read_linux_cooked2(frame, link);
    case LinkType::ppp:
    case LinkType::ppp_hdlc:
    case LinkType::ppp_ether:
      // Devices that log both kinds under one number put Cisco HDLC's address 0f or 8f where PPP
      // has ff.
      if (type == LinkType::ppp_hdlc && frame.bytes.size() >= 4 &&
          (frame.bytes[0] == 0x0f || frame.bytes[0] == 0x8f))
        return read_c_hdlc(frame, link);
      if (type == LinkType::ppp_ether) {
        if (frame.bytes.size() < 6) return false;
        return read_ppp(frame.after(6), link);
      }
      return read_ppp(frame, link);
    case LinkType::ppp_with_direction:
      if (frame.bytes.empty()) return false;
      return read_ppp(frame.after(1), link);
    case LinkType::c_hdlc:
      return read_c_hdlc(frame, link);
    case LinkType::frame_relay:
      return read_frame_relay(frame, link);
    case LinkType::ieee802_11:
      return read_wireless(frame, link);
    case LinkType::ieee802_11_prism:
    case LinkType::ieee802_11_radiotap:
      return read_behind_radio(type, frame, link);
    case LinkType::nflog:
      return read_nflog(frame, link);
  }
  is_known = false;
  return false;
}

}  // namespace

bool read_ethernet(Packet frame, Link& link) {
  if (frame.bytes.size() < 14) return false;
  std::memcpy(link.destination.bytes.data(), frame.bytes.data(), 6);
  std::memcpy(link.source.bytes.data(), frame.bytes.data() + 6, 6);
  return read_type(frame.after(12), link);
}

std::uint16_t read_ppp_protocol(Packet& packet) {
  if (packet.bytes.size() >= 2 && packet.bytes[0] == 0xff && packet.bytes[1] == 0x03)
    packet = packet.after(2);
  if (packet.bytes.empty()) return ethertype::kUnknown;
  std::uint16_t protocol = packet.bytes[0];
  if ((protocol & 1) != 0) {  // compressed to one byte (RFC 1661, 6.5)
    packet = packet.after(1);
  } else {
    if (packet.bytes.size() < 2) return ethertype::kUnknown;
    protocol = load_be16(packet.bytes.data());
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

LinkVerdict read_link(LinkType type, Packet frame, Link& link) {
  bool is_known = true;
  if (read_by_type(type, frame, link, is_known)) return LinkVerdict::good;
  return is_known ? LinkVerdict::cut : LinkVerdict::unknown;
}

}  // namespace osect::decode
