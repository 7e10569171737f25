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

// ports: end a's in the upper half.
[[nodiscard]] inline std::uint64_t flow_meta(std::uint32_t ports, std::uint16_t vlan,
                                             std::uint8_t protocol, std::uint64_t kind,
                                             std::uint8_t depth) {
  return static_cast<std::uint64_t>(ports) << 32 | static_cast<std::uint64_t>(vlan) << 16 |
         static_cast<std::uint64_t>(protocol) << 8 | kind << 4 | depth;
}

// The ports as they stand on the wire, source first.
[[nodiscard]] inline FlowSide ip_flow(const Ip& ip, std::uint32_t ports, std::uint16_t vlan,
                                      std::uint8_t depth) {
  FlowSide side;
  const std::uint64_t fragments = ip.is_fragment ? flow_kind::kFragments : 0;
  const bool is_port_order = ports >> 16 <= (ports & 0xffff);
  const std::uint32_t turned = ports << 16 | ports >> 16;
  if (ip.is_v4) [[likely]] {
    const std::uint64_t pair = load_be64(ip.addresses);  // source in the upper half
    const std::uint64_t turned_pair = pair << 32 | pair >> 32;
    const bool is_swapped = pair != turned_pair ? pair > turned_pair : !is_port_order;
    side.from = is_swapped ? End::b : End::a;
    side.key.first = is_swapped ? turned_pair : pair;
    side.key.meta = flow_meta(is_swapped ? turned : ports, vlan, ip.protocol,
                              flow_kind::kIpv4 | fragments, depth);
    return side;
  }
  const auto* s = ip.addresses;
  const auto* d = ip.addresses + 16;
  const int order = std::memcmp(s, d, 16);
  const bool is_swapped = order != 0 ? order > 0 : !is_port_order;
  side.from = is_swapped ? End::b : End::a;
  side.key.meta = flow_meta(is_swapped ? turned : ports, vlan, ip.protocol,
                            flow_kind::kIpv6 | fragments, depth);
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
