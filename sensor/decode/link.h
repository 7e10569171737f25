// Link layers: from a frame to addresses, VLANs and what the ethertype announces.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>

#include "base/address.h"
#include "sensor/capture/frame.h"
#include "sensor/decode/bytes.h"
#include "sensor/decode/segment.h"

namespace osect::decode {

// Captured bytes and how many there were on the wire; the wire's count is never the smaller one.
// Two registers wide, because every header on the way up hands one on.
struct Packet {
  const std::uint8_t* data = nullptr;
  std::uint32_t size = 0;
  std::uint32_t wire = 0;

  [[nodiscard]] std::span<const std::uint8_t> bytes() const { return {data, size}; }
  // Without the first n bytes; n must be there.
  [[nodiscard]] Packet after(std::size_t n) const {
    const auto count = static_cast<std::uint32_t>(n);
    return {data + n, size - count, wire - count};
  }
  // At most n bytes: what follows is padding or a trailer.
  [[nodiscard]] Packet first(std::size_t n) const {
    return n < wire ? Packet{data, n < size ? static_cast<std::uint32_t>(n) : size,
                             static_cast<std::uint32_t>(n)}
                    : *this;
  }
  [[nodiscard]] bool is_cut() const { return size < wire; }
};

namespace ethertype {
constexpr std::uint16_t kLlc = 0;  // 802.3: the payload starts at the DSAP
constexpr std::uint16_t kIpv4 = 0x0800;
constexpr std::uint16_t kArp = 0x0806;
constexpr std::uint16_t kBridging = 0x6558;  // transparent Ethernet bridging
constexpr std::uint16_t kVlan = 0x8100;
constexpr std::uint16_t kIpv6 = 0x86dd;
constexpr std::uint16_t kPpp = 0x880b;
constexpr std::uint16_t kMpls = 0x8847;
constexpr std::uint16_t kMplsMulticast = 0x8848;
constexpr std::uint16_t kPppoeSession = 0x8864;
constexpr std::uint16_t kErspan2 = 0x88be;
constexpr std::uint16_t kErspan3 = 0x22eb;
constexpr std::uint16_t kUnknown =
    0xffff;  // reserved by IEEE: here, "carries nothing we have a number for"
}  // namespace ethertype

enum class LinkVerdict : std::uint8_t {
  good,
  cut,
  unknown
};  // cut: the frame ends within its header

// Fills the addresses, VLANs and ethertype of a fresh segment and leaves in `packet` what the
// ethertype announces. Where the link has no addresses they stay zero; where it names no protocol
// the type is kUnknown.
[[nodiscard]] LinkVerdict read_link(capture::LinkType type, Packet& packet, Segment& segment);
// Takes off what a capturing device put in front of a frame; `type` becomes the frame's own. False:
// cut within, or nothing of the network is inside.
[[nodiscard]] bool try_unwrap(capture::LinkType& type, Packet& packet);
// Tags, LLC and everything else that is not plainly a type and a payload; `packet` starts at the
// type.
[[nodiscard]] bool read_type(Packet& packet, Segment& segment);
// False: cut within the header.
[[nodiscard]] inline bool read_ethernet(Packet& packet, Segment& segment) {
  if (packet.size < 14) return false;
  std::memcpy(segment.destination_mac.bytes.data(), packet.data, 6);
  std::memcpy(segment.source_mac.bytes.data(), packet.data + 6, 6);
  std::uint16_t type = load_be16(packet.data + 12);
  std::uint32_t header = 14;
  if (type == ethertype::kVlan && packet.size >= 18) {
    segment.vlan = load_be16(packet.data + 14) & 0x0fff;
    type = load_be16(packet.data + 16);
    header = 18;
  }
  if (type == ethertype::kIpv4 || type == ethertype::kIpv6) [[likely]] {
    segment.ethertype = type;
    packet = packet.after(header);
    return true;
  }
  packet = packet.after(12);
  return read_type(packet, segment);
}
// What a PPP packet carries, as an ethertype; kUnknown for what has none. The Packet moves behind
// the protocol field.
[[nodiscard]] std::uint16_t read_ppp_protocol(Packet& packet);

}  // namespace osect::decode
