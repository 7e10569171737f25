// The walk through one frame: link layer, IP, transport, flow, stream; tunnels go round again.
#include "sensor/decode/decoder.h"

#include <algorithm>
#include <cstring>

#include "sensor/decode/bytes.h"
#include "sensor/decode/decoder_state.h"

// The way of an ordinary TCP segment is one function: saving registers in eight would cost it a
// fifth.
#define OSECT_HOT [[gnu::always_inline]] inline

namespace osect::decode {
namespace {

using Entry = FlowTable::Entry;

Transport transport_of(std::uint8_t protocol) {
  switch (protocol) {
    case ip_protocol::kTcp:
      return Transport::tcp;
    case ip_protocol::kUdp:
      return Transport::udp;
    case ip_protocol::kIcmp:
      return Transport::icmp;
    case ip_protocol::kIcmpv6:
      return Transport::icmpv6;
    case ip_protocol::kSctp:
      return Transport::sctp;
    case ip_protocol::kIgmp:
      return Transport::igmp;
    default:
      return Transport::other;
  }
}

}  // namespace

// A capture's time may jump (merged files, a wrong clock, nonsense): only steps forward age
// anything, and no step counts for more than it takes to end every flow.
OSECT_HOT void Decoder::State::advance(TimeNs now) {
  if (now > last_time && last_time != 0 && clock < kClockMax)
    clock += static_cast<TimeNs>(std::min(static_cast<std::uint64_t>(elapsed(last_time, now)),
                                          static_cast<std::uint64_t>(step_max)));
  last_time = now;
  if (clock >= next_expiry) expire();
}

OSECT_HOT void Decoder::State::count(Entry& entry, End from, Segment& segment) {
  Flow& flow = entry.flow;
  const std::size_t i = index(from);
  segment.flow = &flow;
  segment.from = from;
  flow.last = segment.time;
  if (segment.is_reassembled) return;
  if (flow.packets[i]++ == 0) flow.ends[i].mac = segment.source_mac;
  flow.bytes[i] += segment.wire_length;
}

// One lookup; the flow is created when it is not there, and counts the packet.
OSECT_HOT Entry& Decoder::State::enter(const FlowSide& side, std::uint8_t protocol,
                                       Segment& segment) {
  const std::uint32_t hash = hash_of(side.key, flows.seed());
  Entry* found = flows.find(side.key, hash);
  Entry& entry = found != nullptr ? *found : begin_flow(side, hash, protocol, segment);
  flows.touch(entry, clock);
  count(entry, side.from, segment);
  return entry;
}

OSECT_HOT void Decoder::State::tcp(const Ip& header, Segment& segment) {
  const Packet& packet = header.payload;
  const auto* b = packet.data;
  const std::uint32_t ports = packet.size >= 4 ? load_be32(b) : 0;
  const FlowSide side = ip_flow(header, ports, segment.vlan, segment.tunnel_depth);
  if (packet.size < 20) {
    count_fault(packet, 20, segment);
    enter(side, header.protocol, segment);
    return sink.on_segment(segment);
  }
  TcpSegment data;
  data.time = segment.time;
  data.sequence = load_be32(b + 4);
  data.acknowledgment = load_be32(b + 8);
  data.flags = b[13];
  const std::size_t length = (b[12] >> 4) * 4U;
  if (length < 20 || length > packet.wire) {
    ++counters.malformed;
  } else {
    const bool is_whole = length <= packet.size;
    const Packet above = is_whole ? packet.after(length)
                                  : Packet{b, 0, packet.wire - static_cast<std::uint32_t>(length)};
    segment.tcp_options = {b + 20, (is_whole ? length : packet.size) - 20};
    data.payload = above.bytes();
    data.length = above.wire;
  }
  segment.tcp_flags = data.flags;
  segment.tcp_window = load_be16(b + 14);
  segment.payload = data.payload;
  if ((data.flags & tcp_flag::kSyn) != 0) {
    Entry* known = flows.find(side.key, hash_of(side.key, flows.seed()));
    if (known != nullptr && is_new_connection(known->tcp, side.from, data)) {
      // The same ports again: what the SYN says about its direction holds for the connection before
      // as well.
      if ((data.flags & tcp_flag::kAck) == 0)
        known->flow.state_client(side.from, OpenerGround::syn);
      end_flow(*known);
    }
  }
  Entry& entry = enter(side, header.protocol, segment);
  if ((data.flags & tcp_flag::kSyn) != 0) {
    const bool is_answer = (data.flags & tcp_flag::kAck) != 0;
    entry.flow.state_client(is_answer ? other(side.from) : side.from, OpenerGround::syn);
    if (is_answer) openers.remember_service(entry.flow, side.from);
  }
  sink.on_segment(segment);
  if (streams.accept(entry.flow, entry.tcp, side.from, data))
    flows.move(entry, Patience::closed, clock);
  else if (entry.patience == Patience::closed && !entry.tcp.is_closed)
    flows.move(entry, Patience::connection, clock);
}

OSECT_HOT void Decoder::State::transport(const Ip& header, Segment& segment) {
  switch (header.protocol) {
    case ip_protocol::kTcp:
      return tcp(header, segment);
    case ip_protocol::kUdp:
      return udp(header, segment);
    default:
      return portless(header, segment);
  }
}

OSECT_HOT void Decoder::State::ip(const Ip& header, Segment& segment) {
  if (header.is_v4) {
    segment.source.set_v4(header.addresses);
    segment.destination.set_v4(header.addresses + 4);
  } else {
    segment.source.set_v6(header.addresses);
    segment.destination.set_v6(header.addresses + 16);
  }
  segment.ip_protocol = header.protocol;
  segment.ttl = header.ttl;
  if (header.is_fragment) return fragment(header, segment);
  transport(header, segment);
}

OSECT_HOT void Decoder::State::ipv4(Packet packet, Segment& segment) {
  Ip header;
  if (read_ipv4(packet, header) == IpVerdict::good) [[likely]]
    return ip(header, segment);
  internet(true, packet, segment);  // the same again, out of line, for its complaint
}

Decoder::Decoder(const DecodeLimits& limits, Sink& sink)
    : state_(std::make_unique<State>(limits, sink)) {}

Decoder::~Decoder() = default;

void Decoder::decode(const capture::Frame& frame) {
  State& s = *state_;
  ++s.counters.packets;
  s.counters.bytes += frame.wire_length;
  s.advance(frame.time);
  s.shims = 0;
  Segment segment;
  segment.time = frame.time;
  segment.port = frame.port;
  segment.wire_length = frame.wire_length;
  const auto size = static_cast<std::uint32_t>(frame.bytes.size());
  const Packet packet{frame.bytes.data(), size, std::max(frame.wire_length, size)};
  segment.is_truncated = packet.is_cut();
  // Ethernet with at most one tag and IPv4 in it, which nearly every frame is, in registers: a
  // Packet that any function was given the address of costs a stalled load in each layer.
  if (frame.link == capture::LinkType::ethernet && size >= 18) [[likely]] {
    const bool is_tagged = load_be16(packet.data + 12) == ethertype::kVlan;
    const std::uint32_t header = is_tagged ? 18 : 14;
    if (load_be16(packet.data + header - 2) == ethertype::kIpv4) [[likely]] {
      std::memcpy(segment.destination_mac.bytes.data(), packet.data, 6);
      std::memcpy(segment.source_mac.bytes.data(), packet.data + 6, 6);
      if (is_tagged) segment.vlan = load_be16(packet.data + 14) & 0x0fff;
      segment.ethertype = ethertype::kIpv4;
      if (segment.is_truncated) ++s.counters.truncated;
      return s.ipv4(packet.after(header), segment);
    }
  }
  s.link(frame.link, packet, segment);
}

void Decoder::expire(TimeNs now) {
  state_->advance(now);
  state_->expire();
}

void Decoder::finish() {
  State& s = *state_;
  for (std::size_t i = 0; i < kPatienceCount; ++i)
    while (Entry* entry = s.flows.oldest(static_cast<Patience>(i))) s.end_flow(*entry);
  s.fragments.expire(s.clock + s.limits.fragment_idle);
}

const DecodeCounters& Decoder::counters() const {
  return state_->counters;
}

std::size_t Decoder::memory_bytes() const {
  const State& s = *state_;
  return sizeof s + s.flows.memory_bytes() + s.openers.memory_bytes() + s.streams.memory_bytes() +
         s.fragments.memory_bytes();
}

void Decoder::visit_flows(FlowVisit visit, void* context) {
  State& s = *state_;
  // The lists are in order to the second. Oldest first: a conversation keeps the direction of the
  // flow that comes first.
  const TimeNs since = s.visited - kSecondNs;
  for (std::size_t i = 0; i < kPatienceCount; ++i) {
    Entry* first = nullptr;
    for (Entry* entry = s.flows.newest(static_cast<Patience>(i));
         entry != nullptr && entry->touched >= since; entry = s.flows.older(*entry))
      first = entry;
    for (Entry* entry = first; entry != nullptr; entry = s.flows.newer(*entry))
      visit(context, entry->flow);
  }
  s.visited = s.clock;
}

void Decoder::State::expire() {
  next_expiry = clock + kSecondNs;
  const auto end_idle = [this](Patience patience, TimeNs idle) {
    while (Entry* entry = flows.oldest(patience)) {
      if (clock - entry->touched < idle) break;
      end_flow(*entry);
    }
  };
  end_idle(Patience::connection, limits.tcp_idle);
  end_idle(Patience::datagram, limits.udp_idle);
  end_idle(Patience::closed, limits.closed_idle);
  fragments.expire(clock);
}

[[gnu::noinline]] void Decoder::State::internet(bool is_v4, Packet packet, Segment& segment) {
  Ip header;
  const IpVerdict verdict = is_v4 ? read_ipv4(packet, header) : read_ipv6(packet, header);
  if (verdict == IpVerdict::malformed) ++counters.malformed;
  if (header.addresses == nullptr) return link_layer(packet, segment);
  ip(header, segment);
}

Entry& Decoder::State::enter_rare(const FlowSide& side, std::uint8_t protocol, Segment& segment) {
  return enter(side, protocol, segment);
}

void Decoder::State::carried(const Ip& datagram, Segment& segment) {
  transport(datagram, segment);
}

[[gnu::noinline]] Entry& Decoder::State::begin_flow(const FlowSide& side, std::uint32_t hash,
                                                    std::uint8_t protocol, const Segment& segment) {
  if (flows.is_full()) make_room();
  const bool is_tcp = protocol == ip_protocol::kTcp && !segment.is_fragment;
  Entry& entry =
      flows.insert(side.key, hash, is_tcp ? Patience::connection : Patience::datagram, clock);
  Flow& flow = entry.flow;
  FlowEnd& from = flow.ends[index(side.from)];
  FlowEnd& to = flow.ends[index(other(side.from))];
  from.ip = segment.source;
  to.ip = segment.destination;
  flow.vlan = segment.vlan;
  flow.tunnel_depth = segment.tunnel_depth;
  flow.is_fragments = segment.is_fragment;
  flow.ip_protocol = protocol;
  flow.first = segment.time;
  flow.last = segment.time;
  if (segment.source.is_none()) {
    flow.transport = Transport::ethernet;
    flow.ethertype = segment.ethertype;
    from.mac = segment.source_mac;
    to.mac = segment.destination_mac;
  } else {
    flow.transport = transport_of(protocol);
    flow.ends[0].port = static_cast<std::uint16_t>(side.key.meta >> 48);
    flow.ends[1].port = static_cast<std::uint16_t>(side.key.meta >> 32);
  }
  openers.state_opener(flow, hash, side.from);
  return entry;
}

void Decoder::State::end_flow(Entry& entry) {
  if (entry.flow.transport == Transport::tcp) streams.end(entry.flow, entry.tcp);
  if (entry.flow.client_ground >= OpenerGround::message)
    openers.remember_flow(entry.hash, entry.flow.client);
  sink.on_flow_end(entry.flow);
  flows.erase(entry);
}

void Decoder::State::make_room() {
  Entry* victim = flows.oldest(Patience::closed);
  if (victim == nullptr) {
    victim = flows.oldest(Patience::connection);
    Entry* datagram = flows.oldest(Patience::datagram);
    if (victim == nullptr || (datagram != nullptr && datagram->touched < victim->touched))
      victim = datagram;
  }
  ++counters.flows_evicted;
  end_flow(*victim);
}

}  // namespace osect::decode
