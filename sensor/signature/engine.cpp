// Header, flow, payload, bits, thresholds: in this order, cheap ones first.
#include "sensor/signature/engine.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>
#include <vector>

#include "sensor/signature/flow_memory.h"
#include "sensor/signature/payload.h"
#include "sensor/signature/rate.h"

namespace osect::signature {
namespace {

constexpr std::uint8_t kTcp = 6;
constexpr std::uint8_t kUdp = 17;
constexpr std::uint8_t kIcmp = 1;
constexpr std::uint8_t kIcmp6 = 58;
constexpr std::size_t kIcmpHeader = 8;

// A packet as rules see it.
struct Packet {
  const decode::Segment* segment = nullptr;
  Protocol protocol = Protocol::ip;
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  std::uint8_t icmp_type = 0;
  std::uint8_t icmp_code = 0;
  Bytes payload;
  FlowMemory::Entry* flow = nullptr;
  bool is_established = false;
  Toward toward = Toward::any;
};

bool has_flags(const TcpFlags& wanted, std::uint8_t given) {
  const auto flags = static_cast<std::uint8_t>(given & ~wanted.ignored);
  switch (wanted.mode) {
    case FlagsMode::exactly:
      return flags == wanted.flags;
    case FlagsMode::all:
      return (flags & wanted.flags) == wanted.flags;
    case FlagsMode::any:
      return (flags & wanted.flags) != 0;
    case FlagsMode::not_all:
      return (flags & wanted.flags) != wanted.flags;
  }
  return false;
}

bool has(const std::optional<Interval>& wanted, std::uint32_t value) {
  return !wanted || wanted->has(value);
}

bool is_between(const Rule& rule, const Packet& packet) {
  const auto& segment = *packet.segment;
  const auto fits = [&](const IpAddress& source, std::uint16_t source_port,
                        const IpAddress& destination, std::uint16_t destination_port) {
    return rule.destination_port.has(destination_port) && rule.source_port.has(source_port) &&
           rule.source.has(source) && rule.destination.has(destination);
  };
  return fits(segment.source, packet.source_port, segment.destination, packet.destination_port) ||
         (rule.is_both_ways &&
          fits(segment.destination, packet.destination_port, segment.source, packet.source_port));
}

bool has_header(const Rule& rule, const Packet& packet) {
  const auto& segment = *packet.segment;
  if (rule.protocol != Protocol::ip && rule.protocol != packet.protocol) return false;
  if (rule.families != 0 && rule.families != static_cast<std::uint8_t>(segment.source.family()))
    return false;
  if (!is_between(rule, packet)) return false;
  if (rule.is_once && segment.flow != nullptr &&
      segment.flow->packets[decode::index(segment.from)] != 1)
    return false;
  if (!has(rule.size, static_cast<std::uint32_t>(packet.payload.size())) ||
      !has(rule.ttl, segment.ttl) || !has(rule.ip_protocol, segment.ip_protocol))
    return false;
  if (packet.protocol == Protocol::icmp &&
      (!has(rule.icmp_type, packet.icmp_type) || !has(rule.icmp_code, packet.icmp_code)))
    return false;
  if (!has(rule.window, segment.tcp_window)) return false;
  if (rule.flags && !has_flags(*rule.flags, segment.tcp_flags)) return false;
  return !rule.is_same_ip || segment.source == segment.destination;
}

bool has_flow(const Rule& rule, const Packet& packet) {
  if (!rule.needs_flow()) return true;
  if (packet.flow == nullptr) return false;
  if (rule.flow == FlowState::established && !packet.is_established) return false;
  if (rule.flow == FlowState::not_established && packet.is_established) return false;
  if (rule.toward != Toward::any && rule.toward != packet.toward) return false;
  return std::ranges::all_of(rule.bits, [&](const FlowBit& bit) {
    return bit.is_write() || packet.flow->bits.has(bit.bit) == (bit.action == BitAction::is_set);
  });
}

void write_bits(const Rule& rule, FlowMemory::Entry& flow) {
  for (const auto& bit : rule.bits) {
    if (bit.action == BitAction::set) flow.bits.set(bit.bit, true);
    if (bit.action == BitAction::unset) flow.bits.set(bit.bit, false);
    if (bit.action == BitAction::toggle) flow.bits.set(bit.bit, !flow.bits.has(bit.bit));
  }
}

}  // namespace

struct Engine::State {
  State(const RuleSet& loaded, const EngineLimits& limits, HitSink& told)
      : rules(loaded),
        sink(told),
        flows(rules.needs_flows() ? limits.flows_max : 1),
        rates(limits.limits_max) {
    candidates.reserve(2 * rules.rules().size() + 16);
  }

  void gather(const Group* group, const Packet& packet);
  void judge(const Rule& rule, std::uint32_t number, const Packet& packet);
  void follow(Packet& packet);

  const RuleSet& rules;
  HitSink& sink;
  Scratch scratch;
  PayloadJudge payload;
  FlowMemory flows;
  RateMemory rates;
  std::vector<std::uint32_t> candidates;  // reserved for every rule
  const Group* group = nullptr;           // being scanned
  EngineCounters counters;
};

Result<std::unique_ptr<Engine>> Engine::make(const RuleSet& rules, const EngineLimits& limits,
                                             HitSink& sink) {
  auto state = std::make_unique<State>(rules, limits, sink);
  for (const auto& group : state->rules.groups()) {
    if (!group.prefilter) continue;
    if (auto grown = state->scratch.grow_for(*group.prefilter); !grown) return grown.error();
  }
  return std::unique_ptr<Engine>(new Engine(std::move(state)));
}

Engine::Engine(std::unique_ptr<State> state) : state_(std::move(state)) {}
Engine::~Engine() = default;

const EngineCounters& Engine::counters() const {
  return state_->counters;
}

std::size_t Engine::memory_bytes() const {
  return state_->flows.bytes() + state_->rates.bytes() +
         state_->candidates.capacity() * sizeof(std::uint32_t);
}

void Engine::State::gather(const Group* of, const Packet& packet) {
  if (of == nullptr) return;
  const auto add = [](std::vector<std::uint32_t>& into, const std::vector<std::uint32_t>& list) {
    const std::size_t room = into.capacity() - into.size();
    into.insert(into.end(), list.begin(),
                list.begin() + static_cast<std::ptrdiff_t>(std::min(room, list.size())));
  };
  add(candidates, of->always);
  if (!of->prefilter || packet.payload.empty()) return;
  group = of;
  of->prefilter->scan(packet.payload, scratch.room(), this,
                      [](void* context, std::uint32_t pattern) {
                        auto& state = *static_cast<State*>(context);
                        const auto& list = state.group->wanted[pattern];
                        if (state.candidates.capacity() - state.candidates.size() < list.size())
                          return;
                        state.candidates.insert(state.candidates.end(), list.begin(), list.end());
                      });
}

// What the flow was before this packet counts, as for Suricata.
void Engine::State::follow(Packet& packet) {
  if (!rules.needs_flows() || packet.segment->flow == nullptr) return;
  if (packet.protocol != Protocol::tcp && packet.protocol != Protocol::udp) return;
  auto& flow = flows.of(*packet.segment, counters.flows_evicted);
  packet.flow = &flow;
  const bool is_from_opener = flow.opener == packet.segment->from;
  packet.toward = is_from_opener ? Toward::server : Toward::client;
  if (packet.protocol == Protocol::tcp) {
    packet.is_established = flow.stage == FlowMemory::Stage::established;
    flow.advance(packet.segment->tcp_flags, is_from_opener);
  } else {
    const auto& sent = packet.segment->flow->packets;
    packet.is_established = sent[0] > 0 && sent[1] > 0;
  }
}

void Engine::State::judge(const Rule& rule, std::uint32_t number, const Packet& packet) {
  if (!has_header(rule, packet) || !has_flow(rule, packet)) return;
  if (!payload.is_match(rule, packet.payload)) return;
  if (!rule.bits.empty()) write_bits(rule, *packet.flow);
  if (rule.is_silent) return;
  ++counters.hits;
  if (rule.limit && !rates.is_told(*rule.limit, number, *packet.segment, counters.limits_evicted))
    return;
  sink.on_hit({&rule, number, packet.segment, packet.toward});
}

void Engine::on_segment(const decode::Segment& segment) {
  if (segment.source.is_none() || segment.is_fragment) return;
  Packet packet;
  packet.segment = &segment;
  packet.payload = segment.payload;
  if (segment.ip_protocol == kTcp || segment.ip_protocol == kUdp) {
    packet.protocol = segment.ip_protocol == kTcp ? Protocol::tcp : Protocol::udp;
    if (segment.flow == nullptr) return;
    packet.source_port = segment.flow->ends[decode::index(segment.from)].port;
    packet.destination_port = segment.flow->ends[decode::index(decode::other(segment.from))].port;
  } else if (segment.ip_protocol == kIcmp || segment.ip_protocol == kIcmp6) {
    if (segment.payload.size() < kIcmpHeader) return;
    packet.protocol = Protocol::icmp;
    packet.icmp_type = segment.payload[0];
    packet.icmp_code = segment.payload[1];
    packet.payload = segment.payload.subspan(kIcmpHeader);
  }
  State& state = *state_;
  state.follow(packet);
  state.candidates.clear();
  state.gather(state.rules.any_of(Protocol::ip), packet);
  if (packet.protocol != Protocol::ip) state.gather(state.rules.any_of(packet.protocol), packet);
  if (packet.protocol == Protocol::tcp || packet.protocol == Protocol::udp) {
    state.gather(state.rules.of_port(packet.protocol, packet.destination_port), packet);
    if (packet.source_port != packet.destination_port)
      state.gather(state.rules.of_port(packet.protocol, packet.source_port), packet);
  }
  auto& candidates = state.candidates;
  if (candidates.empty()) return;
  std::sort(candidates.begin(), candidates.end());
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  for (const auto number : candidates) state.judge(state.rules.rules()[number], number, packet);
}

void Engine::on_flow_end(const decode::Flow& flow) {
  if (state_->rules.needs_flows()) state_->flows.forget(flow);
}

}  // namespace osect::signature
