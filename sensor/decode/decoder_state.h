// What a decoder holds while it works; shared by the common path (decoder.cpp) and the rest
// (decoder_rare.cpp).
#pragma once

#include <algorithm>
#include <cstdint>

#include "sensor/decode/decoder.h"
#include "sensor/decode/flow_key.h"
#include "sensor/decode/flow_table.h"
#include "sensor/decode/fragment.h"
#include "sensor/decode/ip.h"
#include "sensor/decode/link.h"
#include "sensor/decode/opener.h"
#include "sensor/decode/stream.h"
#include "sensor/decode/tunnel.h"

namespace osect::decode {

struct Decoder::State {
  using Entry = FlowTable::Entry;

  State(const DecodeLimits& l, Sink& s)
      : limits(l),
        step_max(2 * std::max({l.tcp_idle, l.udp_idle, l.closed_idle, l.fragment_idle})),
        sink(s),
        flows(l.flows_max, HashSeed::random()),
        openers(l.flows_max, flows.seed()),
        streams(l.stream_bytes_max, s, counters),
        fragments(l.fragment_bytes_max, l.fragment_idle, counters) {}

  void advance(TimeNs now);
  void expire();
  // Any link layer; decode() has taken the common one itself.
  void link(capture::LinkType type, Packet packet, Segment& segment);
  void network(std::uint16_t type, Packet packet, Segment& segment);
  void link_layer(Packet packet, Segment& segment);
  void bridged(Packet frame, const Segment& outer);
  void enter_ethernet(Packet frame, Segment& segment);
  void ipv4(Packet packet, Segment& segment);
  void internet(bool is_v4, Packet packet, Segment& segment);
  void ip(const Ip& header, Segment& segment);
  void fragment(const Ip& header, Segment& segment);
  void transport(const Ip& ip, Segment& segment);
  void tcp(const Ip& ip, Segment& segment);
  void udp(const Ip& header, Segment& segment);
  void portless(Ip header, Segment& segment);
  void inside(const Inner& inner, const Segment& outer);
  // A header is not whole: because the capture cut it, or because it is wrong.
  void count_fault(const Packet& packet, std::size_t needed, Segment& segment);

  // One lookup; the flow is created when it is not there, and counts the packet.
  Entry& enter(const FlowSide& side, std::uint8_t protocol, Segment& segment);
  Entry& begin_flow(const FlowSide& side, std::uint32_t hash, std::uint8_t protocol,
                    const Segment& segment);
  // The same as a function, for everything that is not TCP.
  Entry& enter_rare(const FlowSide& side, std::uint8_t protocol, Segment& segment);
  // transport() as a function: of what was put together or lay behind another header.
  void carried(const Ip& datagram, Segment& segment);
  void count(Entry& entry, End from, Segment& segment);
  void end_flow(Entry& entry);
  void make_room();

  // Headers between Ethernet and IP that one frame may stack; real ones have two or three.
  static constexpr int kShimsMax = 8;
  static constexpr TimeNs kClockMax = INT64_MAX / 2;

  const DecodeLimits limits;
  const TimeNs step_max;
  Sink& sink;
  DecodeCounters counters;
  FlowTable flows;
  OpenerMemory openers;
  StreamAssembler streams;
  Defragmenter fragments;
  TimeNs clock = 0;  // advances with the capture's time and never goes back
  TimeNs last_time = 0;
  TimeNs next_expiry = 0;
  TimeNs visited = 0;  // by the clock: up to when flows were handed to for_each_recent_flow
  int shims = 0;       // of the current frame
};

}  // namespace osect::decode
