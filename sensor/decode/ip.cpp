// The IPv6 header and its extensions.
#include "sensor/decode/ip.h"

namespace osect::decode {

IpVerdict read_ipv6(Packet packet, Ip& ip) {
  const auto* b = packet.data;
  if (packet.size < 40) return packet.wire >= 40 ? IpVerdict::cut : IpVerdict::malformed;
  if (b[0] >> 4 != 6) return IpVerdict::malformed;
  ip.addresses = b + 8;
  ip.is_v4 = false;
  ip.protocol = b[6];
  ip.ttl = b[7];
  const std::uint32_t length = load_be16(b + 4);
  ip.payload = packet.after(40);
  if (length != 0) ip.payload = ip.payload.first(length);  // 0: a jumbogram or a large send
  switch (ip.protocol) {
    case ip_protocol::kTcp:
    case ip_protocol::kUdp:
    case ip_protocol::kIcmpv6:
      return IpVerdict::good;
    default:
      return skip_ipv6_extensions(ip);
  }
}

IpVerdict skip_authentication(Ip& ip) {
  const auto b = ip.payload.bytes();
  const std::size_t length = b.size() >= 12 ? (b[1] + 2U) * 4 : 12;  // RFC 4302, 2.2
  if (length < 12 || length > b.size()) {
    const bool is_cut = length <= ip.payload.wire;
    ip.payload = ip.payload.first(0);
    return length >= 12 && is_cut ? IpVerdict::cut : IpVerdict::malformed;
  }
  ip.protocol = b[0];
  ip.payload = ip.payload.after(length);
  return IpVerdict::good;
}

IpVerdict skip_ipv6_extensions(Ip& ip) {
  constexpr std::uint8_t kHopByHop = 0;
  constexpr std::uint8_t kRouting = 43;
  constexpr std::uint8_t kFragment = 44;
  constexpr std::uint8_t kDestination = 60;
  constexpr std::uint8_t kMobility = 135;
  constexpr std::uint8_t kHip = 139;
  constexpr std::uint8_t kShim6 = 140;
  while (true) {
    if (ip.protocol == ip_protocol::kAuthentication) {
      if (const IpVerdict verdict = skip_authentication(ip); verdict != IpVerdict::good)
        return verdict;
      continue;
    }
    const bool is_fragment = ip.protocol == kFragment;
    if (!is_fragment && ip.protocol != kHopByHop && ip.protocol != kRouting &&
        ip.protocol != kDestination && ip.protocol != kMobility && ip.protocol != kHip &&
        ip.protocol != kShim6)
      return IpVerdict::good;
    const auto b = ip.payload.bytes();
    if (b.size() < 8) {
      const bool is_cut = ip.payload.is_cut();
      ip.payload = ip.payload.first(0);
      return is_cut ? IpVerdict::cut : IpVerdict::malformed;
    }
    if (!is_fragment &&
        (ip.protocol == kMobility || ip.protocol == kHip || ip.protocol == kShim6) && b[0] == 59)
      return IpVerdict::good;  // the header is the message
    ip.protocol = b[0];
    const std::uint32_t length = is_fragment ? 8 : (b[1] + 1U) * 8;
    if (is_fragment) {
      ip.fragment_offset = load_be16(&b[2]) & 0xfff8U;
      ip.has_more = (b[3] & 1) != 0;
      ip.fragment_id = load_be32(&b[4]);
      ip.is_fragment = ip.has_more || ip.fragment_offset != 0;
    }
    if (length > b.size()) {
      const bool is_cut = length <= ip.payload.wire;
      ip.payload = ip.payload.first(0);
      return is_cut ? IpVerdict::cut : IpVerdict::malformed;
    }
    ip.payload = ip.payload.after(length);
    if (ip.is_fragment) return IpVerdict::good;
  }
}

}  // namespace osect::decode
