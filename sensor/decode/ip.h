// IPv4 (RFC 791) and IPv6 (RFC 8200) headers, with options and extension headers skipped.
#pragma once

#include <cstdint>

#include "sensor/decode/bytes.h"
#include "sensor/decode/link.h"

namespace osect::decode {

namespace ip_protocol {
constexpr std::uint8_t kIcmp = 1;
constexpr std::uint8_t kIgmp = 2;
constexpr std::uint8_t kIpv4 = 4;
constexpr std::uint8_t kTcp = 6;
constexpr std::uint8_t kUdp = 17;
constexpr std::uint8_t kIpv6 = 41;
constexpr std::uint8_t kGre = 47;
constexpr std::uint8_t kAuthentication = 51;
constexpr std::uint8_t kIcmpv6 = 58;
constexpr std::uint8_t kEtherIp = 97;
constexpr std::uint8_t kSctp = 132;
}  // namespace ip_protocol

struct Ip {
  const std::uint8_t* addresses = nullptr;  // source, then destination; null: the header gave none
  bool is_v4 = true;
  std::uint8_t protocol = 0;  // of what the payload begins with
  std::uint8_t ttl = 0;
  bool is_fragment = false;
  bool has_more = false;
  std::uint32_t fragment_offset = 0;
  std::uint32_t fragment_id = 0;
  Packet payload;  // without link-layer padding
};

enum class IpVerdict : std::uint8_t { good, cut, malformed };

[[nodiscard]] inline IpVerdict read_ipv4(Packet packet, Ip& ip) {
  const auto* b = packet.data;
  if (packet.size < 20) return packet.wire >= 20 ? IpVerdict::cut : IpVerdict::malformed;
  const std::uint32_t header = (b[0] & 0x0fU) * 4;
  std::uint32_t total = load_be16(b + 2);
  if (total == 0) total = packet.wire;  // captured before the network card cut a large send
  if (b[0] >> 4 != 4 || header < 20 || total < header || packet.wire < header)
    return IpVerdict::malformed;
  ip.addresses = b + 12;
  ip.is_v4 = true;
  ip.ttl = b[8];
  ip.protocol = b[9];
  const std::uint32_t fragment = load_be16(b + 6);
  ip.is_fragment = (fragment & 0x3fff) != 0;
  if (ip.is_fragment) {
    ip.has_more = (fragment & 0x2000) != 0;
    ip.fragment_offset = (fragment & 0x1fff) * 8;
    ip.fragment_id = load_be16(b + 4);
  }
  packet = packet.first(total);
  ip.payload = packet.size < header ? Packet{b, 0, packet.wire - header} : packet.after(header);
  return IpVerdict::good;
}

// Not good, but with addresses: an extension header is cut or broken; the payload is empty then.
[[nodiscard]] IpVerdict read_ipv6(Packet packet, Ip& ip);
// Skips the extension headers at the start of ip.payload; stops at a fragment header, whose fields
// it reads.
[[nodiscard]] IpVerdict skip_ipv6_extensions(Ip& ip);
// The authentication header (RFC 4302), which an IPv4 packet may have as well.
[[nodiscard]] IpVerdict skip_authentication(Ip& ip);

}  // namespace osect::decode
