// Link types under which a capturing device hands out frames with a header of its own in front; the
// descriptions are those of tcpdump.org's registry and of the makers.
#include "sensor/decode/bytes.h"
#include "sensor/decode/cursor.h"
#include "sensor/decode/link.h"

namespace osect::decode {
namespace {

using capture::LinkType;

bool try_skip(Packet& packet, std::size_t n) {
  if (packet.size < n) return false;
  packet = packet.after(n);
  return true;
}

// The check sequence at the end of a frame belongs to the link.
void drop_check_sequence(Packet& packet) {
  if (packet.wire >= 4) packet = packet.first(packet.wire - 4);
}

// Magic "MGC", flags; bit 0x80: extensions with their length; bit 0x02: no link header, but four
// bytes that name the protocol.
bool try_unwrap_juniper(LinkType inside, LinkType& type, Packet& packet) {
  Cursor in(packet.bytes());
  in.skip(3);
  const std::uint8_t flags = in.u8();
  if ((flags & 0x80) != 0) in.skip(in.be16());
  const bool is_bare = (flags & 0x02) != 0;
  if (is_bare) in.skip(4);
  if (!in.is_good()) return false;
  type = is_bare ? LinkType::raw : inside;
  return try_skip(packet, in.offset());
}

// Endace's record: time, type, flags, lengths, extension headers of eight bytes, each saying
// whether another follows; in front of an Ethernet frame two bytes of alignment.
bool try_unwrap_endace(LinkType& type, Packet& packet) {
  Cursor in(packet.bytes());
  in.skip(8);
  const std::uint8_t kind = in.u8();
  in.skip(7);
  bool has_more = (kind & 0x80) != 0;
  while (has_more && in.is_good()) {
    has_more = (in.u8() & 0x80) != 0;
    in.skip(7);
  }
  switch (kind & 0x7f) {
    case 2:  // plain, and three kinds of colour
    case 11:
    case 16:
    case 20:
      type = LinkType::ethernet;
      in.skip(2);
      break;
    case 1:
    case 10:
    case 15:
    case 19:
      type = LinkType::ppp_hdlc;
      break;
    case 22:
    case 23:
      type = LinkType::raw;
      break;
    default:  // metadata, or a kind of link without a network's packets: type stays unknown
      break;
  }
  return in.is_good() && try_skip(packet, in.offset());
}

// A data link type of the capturing system, whose number for raw IP is not the registry's.
LinkType link_of(std::uint32_t number) {
  return number == 12 || number == 14 ? LinkType::raw : static_cast<LinkType>(number);
}

// A header that begins with its own length, in the given form.
bool try_skip_own_length(Packet& packet, std::size_t length, std::size_t least) {
  return length >= least && try_skip(packet, length);
}

// Preamble and start of frame. Of a frame that was preempted only the first part has a header.
bool try_unwrap_mpacket(LinkType& type, Packet& packet) {
  if (packet.size < 8) return false;
  const std::uint8_t start = packet.data[7];
  const bool is_beginning =
      start == 0xd5 || start == 0xe6 || start == 0x4c || start == 0x7f || start == 0xb3;
  if (is_beginning) type = LinkType::ethernet;
  packet = packet.after(8);
  drop_check_sequence(packet);
  return true;
}

}  // namespace

bool try_unwrap(LinkType& type, Packet& packet) {
  Cursor in(packet.bytes());
  const auto unwrap = [&](LinkType inside, std::size_t header) {
    type = inside;
    return try_skip(packet, header);
  };
  switch (type) {
    case LinkType::ppp_with_direction:
      return unwrap(LinkType::ppp, 1);
    case LinkType::c_hdlc_with_direction:
      return unwrap(LinkType::c_hdlc, 1);
    case LinkType::frame_relay_with_direction:
      return unwrap(LinkType::frame_relay, 1);
    case LinkType::ppp_daemon:  // the direction stands in the place of the address
      return unwrap(LinkType::ppp, 2);
    case LinkType::juniper_ethernet:
      return try_unwrap_juniper(LinkType::ethernet, type, packet);
    case LinkType::juniper_ppp:
      return try_unwrap_juniper(LinkType::ppp, type, packet);
    case LinkType::juniper_frame_relay:
      return try_unwrap_juniper(LinkType::frame_relay, type, packet);
    case LinkType::juniper_c_hdlc:
      return try_unwrap_juniper(LinkType::c_hdlc, type, packet);
    case LinkType::endace:
      return try_unwrap_endace(type, packet);
    case LinkType::ipsec_enc:  // address family, index, flags
      return unwrap(LinkType::raw, 12);
    case LinkType::pflog:  // the length does not count the padding to four bytes
      type = LinkType::raw;
      return try_skip_own_length(packet, (in.u8() + 3U) & ~3U, 4);
    case LinkType::ieee802_11_radiotap:
      type = LinkType::ieee802_11;
      in.skip(2);
      return try_skip_own_length(packet, in.le16(), 8);
    case LinkType::ieee802_11_prism:
      type = LinkType::ieee802_11;
      in.skip(4);
      return try_skip_own_length(packet, in.le32(), 8);
    case LinkType::ieee802_11_avs:
      type = LinkType::ieee802_11;
      in.skip(4);
      return try_skip_own_length(packet, in.be32(), 8);
    case LinkType::per_packet_information: {
      in.skip(2);
      const std::size_t length = in.le16();
      type = link_of(in.le32());
      return try_skip_own_length(packet, length, 8);
    }
    case LinkType::pktap: {
      const std::size_t length = in.le32();
      in.skip(4);
      type = link_of(in.le32());
      return try_skip_own_length(packet, length, 12);
    }
    case LinkType::net_analyzer:
      drop_check_sequence(packet);
      return unwrap(LinkType::ethernet, 4);
    case LinkType::net_analyzer_transparent:  // the preamble stands in front of the frame
      drop_check_sequence(packet);
      return unwrap(LinkType::ethernet, 12);
    case LinkType::ethernet_mpacket:
      return try_unwrap_mpacket(type, packet);
    default:
      return true;
  }
}

}  // namespace osect::decode
