// Segments into endpoints and flow states: the part of observe that runs for each packet;
// docs/architecture.md, observe.
#include "sensor/observe/state.h"

namespace osect::observe {

using decode::Flow;
using decode::index;
using decode::Segment;

namespace {

void count_sent(Endpoint& endpoint, const Segment& segment) {
  if (endpoint.packets == endpoint.told_packets) endpoint.since = segment.time;
  endpoint.last = segment.time;
  endpoint.packets += 1;
  endpoint.bytes += segment.wire_length;
  endpoint.has_sent = true;
}

}  // namespace

void Observer::State::begin_flow(Flow& flow) {
  const std::uint32_t slot = flows_free != 0 ? flows_free - 1 : flows_used++;
  assert(slot < limits.flows_max);  // decode ends a flow before it begins one too many
  if (flows_free != 0) flows_free = flows[slot].next_free;
  flows[slot] = FlowState{};
  flow.observe_slot = slot;
}

void Observer::State::release(Flow& flow) {
  if (flow.observe_slot == kNoSlot) return;
  flows[flow.observe_slot].next_free = flows_free;
  flows_free = flow.observe_slot + 1;
  flow.observe_slot = kNoSlot;
  flow.endpoint_slot = {kNoSlot, kNoSlot};
}

void Observer::State::count_flooding(EventKind kind, std::uint16_t vlan, TimeNs time) {
  Pair seen;
  seen.first = flood_since;
  seen.last = time;
  note_event(kind, HostKey(vlan, {}, {}), {}, decode::Transport::ethernet, 1, seen);
}

std::uint32_t Observer::State::sender(std::uint16_t vlan, MacAddress mac, const IpAddress& ip,
                                      TimeNs time) {
  if (!mac.is_station()) mac = {};
  const HostKey key(vlan, mac, ip.is_station() ? ip : IpAddress{});
  if (mac.is_zero() && key.words[3] == 0) return kNoSlot;
  std::uint32_t slot = endpoints.find(key, hasher);
  if (slot != kNoSlot) return slot;

  if (time - flood_since >= limits.scan.flood_window || time < flood_since) {
    flood_since = time;
    flood_macs = 0;
    flood_hosts = 0;
  }
  if (flood_hosts >= limits.scan.flood_hosts) {
    count_flooding(EventKind::address_flood, vlan, time);
    return kNoSlot;
  }
  if (!mac.is_zero()) {
    const MacKey mac_key{key.words[2]};
    const std::uint32_t known = macs.find(mac_key, hasher);
    if (known != kNoSlot) {
      macs[known].last = time;
    } else if (flood_macs >= limits.scan.flood_macs) {
      count_flooding(EventKind::mac_flood, vlan, time);
      return kNoSlot;
    } else {
      ++flood_macs;
      macs[macs.add(mac_key, hasher, [](const MacEntry&) {})].last = time;
    }
  }
  ++flood_hosts;
  slot = endpoints.add(key, hasher, [&](const Endpoint&) { ++counters.endpoints_evicted; });
  endpoints[slot].first = time;
  if (new_endpoints.size() < new_endpoints.capacity()) new_endpoints.push_back(slot);
  return slot;
}

std::uint32_t Observer::State::meet_sender(FlowState& state, const Segment& segment) {
  Flow& flow = *segment.flow;
  const std::size_t from = index(segment.from);
  const std::uint32_t slot = sender(segment.vlan, segment.source_mac, segment.source, segment.time);
  flow.endpoint_slot[from] = segment.source_mac == flow.ends[from].mac ? slot : kNoSlot;
  if (slot != kNoSlot) state.endpoint_serial[from] = endpoints.serial(slot);
  if (state.addressed[1 - from].is_zero()) state.addressed[1 - from] = segment.destination_mac;
  if (!state.is_begun) {
    state.is_begun = true;
    // Known before the flow's own MACs are: too many senders share one conversation.
    state.is_flooded = slot == kNoSlot && segment.source_mac.is_station();
  }
  return slot;
}

void Observer::State::count_segment(const Segment& segment) {
  if (segment.is_reassembled) return;  // its fragments were counted
  if (begin == 0) begin = segment.time;
  last = segment.time;

  Flow* const flow = segment.flow;
  if (flow == nullptr) [[unlikely]] {
    const std::uint32_t slot =
        sender(segment.vlan, segment.source_mac, segment.source, segment.time);
    if (slot != kNoSlot) count_sent(endpoints[slot], segment);
    return;
  }
  FlowState& state = flow_state(*flow);
  const std::size_t from = index(segment.from);
  const std::uint32_t known = flow->endpoint_slot[from];
  // The flow says who the sender is, unless its packets come by way of different MACs.
  Endpoint* endpoint = known != kNoSlot && segment.source_mac == flow->ends[from].mac
                           ? endpoints.find(known, state.endpoint_serial[from])
                           : nullptr;
  if (endpoint == nullptr) [[unlikely]] {
    const std::uint32_t slot = meet_sender(state, segment);
    if (slot != kNoSlot) endpoint = &endpoints[slot];
  }
  if (endpoint != nullptr) count_sent(*endpoint, segment);
  state.has_payload |= !segment.payload.empty();
  // A conversation is told at once when its protocol is recognised, and when it lasts without one
  // being.
  if (state.has_news || (state.conversation == kNoSlot && segment.time - flow->first >= kSecondNs))
      [[unlikely]]
    fold(*flow);
}

}  // namespace osect::observe
