// Grounds for the client side, weakest last; a SYN and a dissector's word come later and are
// stronger.
#include "sensor/decode/opener.h"

#include <cstring>

#include "sensor/decode/service_port.h"

namespace osect::decode {

std::uint64_t OpenerMemory::service_hash(const Flow& flow, End server) const {
  const FlowEnd& end = flow.ends[index(server)];
  std::uint64_t words[2] = {};
  std::memcpy(words, end.ip.bytes().data(), end.ip.bytes().size());
  const std::uint64_t rest = static_cast<std::uint64_t>(end.port) << 32 |
                             static_cast<std::uint64_t>(flow.vlan) << 16 |
                             static_cast<std::uint64_t>(flow.ip_protocol) << 8 | flow.tunnel_depth;
  return mix(mix(words[0] ^ seed_.a, words[1] ^ seed_.b) ^ rest, seed_.a);
}

void OpenerMemory::state_opener(Flow& flow, std::uint32_t hash, End from) const {
  flow.state_client(from, OpenerGround::first_frame);
  const std::uint16_t a = flow.ends[0].port;
  const std::uint16_t b = flow.ends[1].port;
  if (a == 0 && b == 0) return;
  if (a != b) flow.state_client(a < b ? End::b : End::a, OpenerGround::lower_port);
  for (const End end : {End::a, End::b}) {
    if (has(flow_hash(hash, end)) && !has(flow_hash(hash, other(end)))) {
      flow.state_client(end, OpenerGround::service_port);
      return;
    }
  }
  const bool a_serves = has(service_hash(flow, End::a));
  const bool b_serves = has(service_hash(flow, End::b));
  if (a_serves != b_serves) {
    flow.state_client(a_serves ? End::b : End::a, OpenerGround::service_port);
    return;
  }
  const auto rank = flow.transport == Transport::udp ? udp_port_rank : tcp_port_rank;
  if (rank(a) != rank(b))
    flow.state_client(rank(a) > rank(b) ? End::b : End::a, OpenerGround::service_port);
}

}  // namespace osect::decode
