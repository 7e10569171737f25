// IPv4 (RFC 791) and IPv6 (RFC 8200) headers, with options and extension headers skipped.
#pragma once

#include <cstdint>

#include "base/address.h"
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
constexpr std::uint8_t kIcmpv6 = 58;
constexpr std::uint8_t kEtherIp = 97;
constexpr std::uint8_t kSctp = 132;
}  // namespace ip_protocol

struct Ip {
  IpAddress source;
  IpAddress destination;
  std::uint8_t protocol = 0;  // of what the payload begins with
  std::uint8_t ttl = 0;
  bool is_fragment = false;
  bool has_more = false;
  std::uint32_t fragment_offset = 0;
  std::uint32_t fragment_id = 0;
  Packet payload;  // without link-layer padding
};

enum class IpVerdict : std::uint8_t { good, cut, malformed };

[[nodiscard]] IpVerdict read_ipv4(Packet packet, Ip& ip);
// Not good, but with addresses: an extension header is cut or broken; the payload is empty then.
[[nodiscard]] IpVerdict read_ipv6(Packet packet, Ip& ip);
// Skips the extension headers at the start of ip.payload; stops at a fragment header, whose fields
// it reads.
[[nodiscard]] IpVerdict skip_ipv6_extensions(Ip& ip);

}  // namespace osect::decode
