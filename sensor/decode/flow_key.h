// From addresses to the key of a flow and the end that sent; the smaller address (then port) is end
// a.
#pragma once

#include <cstdint>
#include <cstring>
#include <utility>

#include "sensor/decode/bytes.h"
#include "sensor/decode/flow_table.h"
#include "sensor/decode/ip.h"

namespace osect::decode {

struct FlowSide {
  FlowKey key;
  End from = End::a;
};

namespace flow_kind {
constexpr std::uint64_t kLink = 1;
constexpr std::uint64_t kIpv4 = 2;
constexpr std::uint64_t kIpv6 = 3;
constexpr std::uint64_t kFragments = 4;  // added
}  // namespace flow_kind

// ports: end a's in the upper half.
[[nodiscard]] inline std::uint64_t flow_meta(std::uint32_t ports, std::uint16_t vlan,
                                             std::uint8_t protocol, std::uint64_t kind,
                                             std::uint8_t depth) {
  return static_cast<std::uint64_t>(ports) << 32 | static_cast<std::uint64_t>(vlan) << 16 |
         static_cast<std::uint64_t>(protocol) << 8 | kind << 4 | depth;
}

[[nodiscard]] inline FlowSide ip_flow(const Ip& ip, std::uint16_t source_port,
                                      std::uint16_t destination_port, std::uint16_t vlan,
                                      std::uint8_t depth) {
  FlowSide side;
  const std::uint64_t fragments = ip.is_fragment ? flow_kind::kFragments : 0;
  const auto pair = [&](bool is_swapped) {
    side.from = is_swapped ? End::b : End::a;
    return is_swapped ? static_cast<std::uint32_t>(destination_port) << 16 | source_port
                      : static_cast<std::uint32_t>(source_port) << 16 | destination_port;
  };
  if (ip.source.is_v4()) {
    const std::uint64_t source = load_be32(ip.source.bytes().data());
    const std::uint64_t destination = load_be32(ip.destination.bytes().data());
    const bool is_swapped =
        source != destination ? source > destination : source_port > destination_port;
    side.key.first = is_swapped ? destination << 32 | source : source << 32 | destination;
    side.key.meta =
        flow_meta(pair(is_swapped), vlan, ip.protocol, flow_kind::kIpv4 | fragments, depth);
    return side;
  }
  const auto* s = ip.source.bytes().data();
  const auto* d = ip.destination.bytes().data();
  const int order = std::memcmp(s, d, 16);
  const bool is_swapped = order != 0 ? order > 0 : source_port > destination_port;
  side.key.meta =
      flow_meta(pair(is_swapped), vlan, ip.protocol, flow_kind::kIpv6 | fragments, depth);
  if (is_swapped) std::swap(s, d);
  side.key.first = load_be64(s);
  side.key.rest[0] = load_be64(s + 8);
  side.key.rest[1] = load_be64(d);
  side.key.rest[2] = load_be64(d + 8);
  return side;
}

[[nodiscard]] inline FlowSide link_flow(const MacAddress& source, const MacAddress& destination,
                                        std::uint16_t type, std::uint16_t vlan,
                                        std::uint8_t depth) {
  FlowSide side;
  const bool is_swapped = source > destination;
  side.from = is_swapped ? End::b : End::a;
  const MacAddress& a = is_swapped ? destination : source;
  const MacAddress& b = is_swapped ? source : destination;
  side.key.meta = flow_meta(type, vlan, 0, flow_kind::kLink, depth);
  std::memcpy(&side.key.first, a.bytes.data(), 6);
  std::memcpy(&side.key.rest[0], b.bytes.data(), 6);
  return side;
}

}  // namespace osect::decode
