// One captured link-layer frame, as capture hands it to decode.
#pragma once

#include <cstdint>
#include <span>

#include "base/clock.h"

namespace osect::capture {

// Link types understood, by their number in the registry of tcpdump.org (LINKTYPE_ values). Sources
// turn the numbers that differ between systems (DLT_RAW is 12 or 14) into these.
enum class LinkType : std::uint16_t {
  null = 0,
  ethernet = 1,
  token_ring = 6,
  ppp = 9,
  fddi = 10,
  ppp_hdlc = 50,
  ppp_ether = 51,
  atm_rfc1483 = 100,
  raw = 101,
  c_hdlc = 104,
  ieee802_11 = 105,
  frame_relay = 107,
  loop = 108,
  ipsec_enc = 109,
  linux_sll = 113,
  pflog = 117,
  ieee802_11_prism = 119,
  ip_over_fibre_channel = 122,
  ieee802_11_radiotap = 127,
  ieee802_11_avs = 163,
  ppp_daemon = 166,
  juniper_ethernet = 178,
  juniper_ppp = 179,
  juniper_frame_relay = 180,
  juniper_c_hdlc = 181,
  per_packet_information = 192,
  endace = 197,
  ppp_with_direction = 204,
  c_hdlc_with_direction = 205,
  frame_relay_with_direction = 206,
  ipv4 = 228,
  ipv6 = 229,
  nflog = 239,
  net_analyzer = 240,
  net_analyzer_transparent = 241,
  pktap = 258,
  ethernet_mpacket = 274,
  linux_sll2 = 276,
  dsa = 284,
  edsa = 285,
};

// A view of one frame; bytes are valid until the source is asked for the next frame.
struct Frame {
  TimeNs time = 0;
  std::span<const std::uint8_t> bytes;  // what was captured
  std::uint32_t wire_length = 0;        // what was on the wire; at least bytes.size()
  LinkType link =
      LinkType::ethernet;  // other numbers may occur: decode counts them as not understood
  std::uint16_t port = 0;  // which monitor port, or which interface of a pcapng file
};

}  // namespace osect::capture
