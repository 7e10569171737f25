// Flows into conversations: which side is the client, which row they belong to, and when many rows
// are one scan; docs/architecture.md, observe.
#include "sensor/observe/state.h"

namespace osect::observe {

using decode::End;
using decode::Flow;
using decode::index;
using decode::OpenerGround;
using decode::Transport;

namespace {

constexpr std::uint8_t kVariantsMax =
    4;  // protocols told apart on one service of one pair of hosts

bool has_ports(Transport transport) {
  return transport == Transport::tcp || transport == Transport::udp || transport == Transport::sctp;
}

// The port that names the service when `end` is the server.
std::uint16_t service_port(const Flow& flow, End end) {
  if (has_ports(flow.transport)) return flow.ends[index(end)].port;
  return flow.transport == Transport::ethernet ? flow.ethertype : std::uint16_t{0};
}

bool is_station(const HostKey& key) {
  const Host host = key.host();
  if (host.mac.is_group()) return false;
  return host.ip.is_none() ? host.mac.is_station() : host.ip.is_station();
}

bool is_answered(const Flow& flow, const FlowState& state) {
  // A refused connection is no answer, nor is one that was opened and left at once.
  if (flow.transport == Transport::tcp || flow.transport == Transport::sctp)
    return state.has_payload;
  return flow.packets[0] > 0 && flow.packets[1] > 0;
}

}  // namespace

HostKey Observer::State::host_of(const Flow& flow, const FlowState& state, End end) const {
  const std::size_t e = index(end);
  const bool has_sent = flow.packets[e] > 0;
  MacAddress mac = has_sent ? flow.ends[e].mac : state.addressed[e];
  if (has_sent && !mac.is_station()) mac = {};  // no station sends from a group address
  return {flow.vlan, mac, flow.ends[e].ip};
}

std::uint32_t Observer::State::find_service(ConversationKey& key, std::string_view protocol) const {
  for (std::uint8_t variant = 0;; ++variant) {
    key = ConversationKey(key.client, key.server, key.transport(), key.port(), variant);
    const std::uint32_t slot = conversations.find(key, hasher);
    if (slot == kNoSlot) return kNoSlot;
    const std::string_view known = conversations[slot].protocol;
    if (protocol.empty() || known.empty() || known == protocol || variant + 1 == kVariantsMax)
      return slot;
  }
}

Pair& Observer::State::pair(const HostKey& client, const HostKey& server, Transport transport,
                            TimeNs time) {
  PairKey key;
  key.client = client;
  key.server = server;
  key.transport = static_cast<std::uint64_t>(transport);
  std::uint32_t slot = pairs.find(key, hasher);
  if (slot == kNoSlot) slot = pairs.add(key, hasher, [](const Pair&) {});
  Pair& row = pairs[slot];
  if (row.first == 0 || time - row.first > limits.scan.window) {
    row = Pair{};
    row.key = key;
    row.first = time;
  }
  row.last = std::max(row.last, time);
  return row;
}

void Observer::State::note_event(EventKind kind, const HostKey& subject, const HostKey& target,
                                 Transport transport, std::uint64_t count, const Pair& pair) {
  EventKey key;
  key.subject = subject;
  key.target = target;
  key.kind = static_cast<std::uint64_t>(transport) << 8 | static_cast<std::uint64_t>(kind);
  std::uint32_t slot = events.find(key, hasher);
  if (slot == kNoSlot) {
    slot = events.add(key, hasher, [&](const EventEntry&) { ++counters.events_dropped; });
    events[slot].first = pair.first;
    events[slot].count = count;
    has_new_events = true;
  } else {
    ++events[slot].count;
  }
  events[slot].last = std::max(events[slot].last, pair.last);
}

void Observer::State::collapse_scan(ConversationKey& key, const Flow& flow,
                                    const FlowState& state) {
  const Transport transport = flow.transport;
  const bool is_icmp = transport == Transport::icmp || transport == Transport::icmpv6;
  if ((!has_ports(transport) && !is_icmp) || flow.is_fragments || !is_station(key.server)) return;
  const ScanLimits& scan = limits.scan;
  const HostKey client = key.client;
  const HostKey server = key.server;
  const ConversationKey of_pair(client, server, transport, 0, 0);

  Pair& with_server = pair(client, server, transport, flow.first);
  if (is_answered(flow, state)) {
    if (++with_server.answered > scan.pair_ports_max) key = of_pair;
    return;
  }
  const std::uint32_t ports = ++with_server.unanswered;
  if (ports >= scan.event_ports)
    note_event(EventKind::port_scan, client, server, transport, ports, with_server);

  Pair& altogether = pair(client, {}, transport, flow.first);
  altogether.unanswered += 1;
  if (ports == 1) altogether.peers += 1;
  if (ports == 1 && altogether.peers >= scan.event_peers)
    note_event(EventKind::address_scan, client, {}, transport, altogether.peers, altogether);
  if (altogether.peers > scan.collapse_peers) {
    key = ConversationKey(client, HostKey(flow.vlan, {}, {}), transport, 0, 0);
  } else if (ports > scan.collapse_ports || altogether.unanswered > scan.collapse_client) {
    key = of_pair;
  }
}

std::uint32_t Observer::State::add_conversation(const ConversationKey& key, const Flow& flow) {
  // What a row counted and nobody was told yet must not vanish with it.
  const auto keep_counts = [&](const Conversation& row) {
    ++counters.conversations_evicted;
    counters.packets_evicted +=
        row.packets[0] - row.told_packets[0] + row.packets[1] - row.told_packets[1];
    counters.bytes_evicted += row.bytes[0] - row.told_bytes[0] + row.bytes[1] - row.told_bytes[1];
  };
  const std::uint32_t slot = conversations.add(key, hasher, keep_counts);
  Conversation& row = conversations[slot];
  row.first = flow.first;
  if (new_conversations.size() < new_conversations.capacity()) new_conversations.push_back(slot);
  // Whoever was only spoken to is an endpoint too.
  for (const HostKey* host : {&key.client, &key.server}) {
    if (!is_station(*host) || endpoints.find(*host, hasher) != kNoSlot) continue;
    const std::uint32_t added =
        endpoints.add(*host, hasher, [&](const Endpoint&) { ++counters.endpoints_evicted; });
    endpoints[added].first = flow.first;
    endpoints[added].last = flow.last;
    if (new_endpoints.size() < new_endpoints.capacity()) new_endpoints.push_back(added);
  }
  return slot;
}

void Observer::State::place(const Flow& flow, FlowState& state) {
  const std::array<HostKey, 2> hosts{host_of(flow, state, End::a), host_of(flow, state, End::b)};
  const auto key_for = [&](End client) {
    const End server = other(client);
    return ConversationKey(hosts[index(client)], hosts[index(server)], flow.transport,
                           service_port(flow, server), 0);
  };
  const bool is_syn = flow.client_ground == OpenerGround::syn;
  End client = flow.client;
  if (!is_syn) {
    const bool is_a_station = is_station(hosts[0]);
    if (is_a_station != is_station(hosts[1])) {
      client = is_a_station ? End::a : End::b;
    } else {
      // The same two hosts and service keep the direction they have; one that a SYN showed comes
      // first.
      const std::uint32_t as_a = conversations.find(key_for(End::a), hasher);
      const std::uint32_t as_b = conversations.find(key_for(End::b), hasher);
      if (as_a != kNoSlot && as_b != kNoSlot) {
        if (conversations[as_a].is_syn_seen != conversations[as_b].is_syn_seen)
          client = conversations[as_a].is_syn_seen ? End::a : End::b;
      } else if (as_a != kNoSlot || as_b != kNoSlot) {
        client = as_a != kNoSlot ? End::a : End::b;
      }
    }
  }

  ConversationKey key = key_for(client);
  bool is_shared = state.is_flooded;
  if (state.is_flooded) {
    const HostKey anybody(flow.vlan, {}, {});
    key = ConversationKey(anybody, anybody, flow.transport, 0, 0);
  }
  std::uint32_t slot = find_service(key, state.protocol);
  if (slot == kNoSlot && !state.is_flooded) {
    const ConversationKey own = key;
    collapse_scan(key, flow, state);
    if (!(key == own)) slot = find_service(key, {});
    is_shared = !(key == own);
  }
  if (slot == kNoSlot) {
    slot = add_conversation(key, flow);
    conversations[slot].is_shared = is_shared;
  }

  Conversation& row = conversations[slot];
  const std::uint32_t client_port = has_ports(flow.transport) && !row.is_shared
                                        ? flow.ends[index(client)].port
                                        : Conversation::kManyPorts;
  if (row.flows == 0) {
    row.client_port = client_port;
  } else if (row.client_port != client_port) {
    row.client_port = Conversation::kManyPorts;
  }
  row.is_syn_seen |= is_syn;
  if (state.conversation == kNoSlot) ++row.flows;
  state.client = client;
  state.conversation = slot;
  state.conversation_serial = conversations.serial(slot);
}

void Observer::State::fold(Flow& flow) {
  if (flow.observe_slot == kNoSlot) return;
  FlowState& state = flows[flow.observe_slot];
  const std::array<std::uint64_t, 2> packets{flow.packets[0] - state.packets[0],
                                             flow.packets[1] - state.packets[1]};
  // A flow of reassembled datagrams only has counted nothing: its fragments' flow did.
  if (packets[0] + packets[1] == 0 && (!state.has_news || state.conversation == kNoSlot)) return;
  const bool is_placed = state.conversation != kNoSlot &&
                         conversations.is_live(state.conversation) &&
                         conversations.serial(state.conversation) == state.conversation_serial;
  const std::string_view known =
      is_placed ? conversations[state.conversation].protocol : std::string_view{};
  if (!is_placed || (!known.empty() && !state.protocol.empty() && known != state.protocol))
    place(flow, state);

  Conversation& row = conversations[state.conversation];
  if (row.protocol.empty() && !state.protocol.empty() && !row.is_shared) {
    row.protocol = state.protocol;
    if (row.is_told) {  // under its name it is new
      row.is_told = false;
      if (new_conversations.size() < new_conversations.capacity())
        new_conversations.push_back(state.conversation);
    }
  }
  touched_conversations.note(row, state.conversation);
  state.has_news = false;
  if (row.packets == row.told_packets)
    row.since = state.folded_until != 0 ? state.folded_until : flow.first;
  row.first = std::min(row.first, flow.first);
  row.last = std::max(row.last, flow.last);
  const std::size_t client = index(state.client);
  for (const std::size_t end : {client, 1 - client}) {
    const std::size_t direction = end == client ? 0 : 1;
    row.packets[direction] += packets[end];
    row.bytes[direction] += flow.bytes[end] - state.bytes[end];
  }
  state.packets = flow.packets;
  state.bytes = flow.bytes;
  state.folded_until = flow.last;
}

}  // namespace osect::observe
