// What decode makes of a frame: one Segment for each network packet in it (outer first, then inside
// tunnels).
#pragma once

#include <cstdint>
#include <span>

#include "base/address.h"
#include "base/clock.h"
#include "sensor/decode/flow.h"

namespace osect::decode {

namespace tcp_flag {
constexpr std::uint8_t kFin = 0x01;
constexpr std::uint8_t kSyn = 0x02;
constexpr std::uint8_t kRst = 0x04;
constexpr std::uint8_t kPsh = 0x08;
constexpr std::uint8_t kAck = 0x10;
}  // namespace tcp_flag

// A view of one packet; valid during the call that hands it over. All fields were checked against
// the captured bytes.
struct Segment {
  TimeNs time = 0;
  std::uint32_t wire_length = 0;  // frame bytes on the wire; of an inner packet, its own length
  std::uint16_t port = 0;         // monitor port
  std::uint8_t tunnel_depth = 0;
  MacAddress source_mac;  // zero where the link has none, and inside L3 tunnels
  MacAddress destination_mac;
  std::uint16_t vlan = 0;        // outermost 802.1Q id, 0 untagged
  std::uint16_t inner_vlan = 0;  // QinQ
  std::uint16_t ethertype =
      0;             // of what is carried; 0 for 802.3 LLC, whose payload starts at the DSAP
  IpAddress source;  // none: not IP
  IpAddress destination;
  std::uint8_t ip_protocol = 0;
  std::uint8_t ttl = 0;
  bool is_fragment = false;  // counted under ports 0; its datagram follows when it is whole
  bool is_reassembled =
      false;  // a datagram put together: payload for dissectors, not counted again
  bool is_truncated =
      false;  // the capture cut the packet short: what is missing is not a malformation
  std::uint8_t tcp_flags = 0;
  std::uint16_t tcp_window = 0;
  std::span<const std::uint8_t> tcp_options;
  // Above TCP, UDP or SCTP; of ICMP, IGMP and other protocols the whole message; of what is not IP,
  // what the ethertype announces (LLC: from the DSAP). Empty for a fragment: its datagram comes
  // when it is whole.
  std::span<const std::uint8_t> payload;
  Flow* flow = nullptr;  // null when the flow table refused (counted) or the frame has no addresses
  End from = End::a;     // which end of the flow sent it

  [[nodiscard]] Transport transport() const {
    return flow != nullptr ? flow->transport : Transport::other;
  }
};

// A piece of one direction of a TCP connection, in order, each byte once; bytes valid during the
// call.
struct StreamPiece {
  TimeNs time = 0;  // of the frame that completed it
  Flow* flow = nullptr;
  End from = End::a;
  std::uint64_t lost_before =
      0;                  // bytes that the mirror lost between the piece before and this one
  bool is_start = false;  // first piece, and the connection's SYN was seen
  std::span<const std::uint8_t> bytes;
};

// Receives what decode finds; called on the monitor port's thread, in order.
class Sink {
 public:
  Sink() = default;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  virtual ~Sink() = default;
  virtual void on_segment(const Segment& segment) = 0;
  // In-order TCP payload. Called after on_segment of the frame that completed it.
  virtual void on_stream(const StreamPiece& piece) = 0;
  // The connection ended (FIN in both directions, or RST) or leaves the table unfinished. More
  // bytes may follow on the same flow when the end was not real (a forged RST).
  virtual void on_stream_end(Flow& flow) = 0;
  // The flow leaves the table (idle, closed, evicted, or its ports are used again); its counters
  // are final. Slots must be released now.
  virtual void on_flow_end(Flow& flow) = 0;
};

// Counters of what decode could not or would not do; each reaches the interface.
struct DecodeCounters {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;              // on the wire
  std::uint64_t malformed = 0;          // headers that contradict their specification
  std::uint64_t truncated = 0;          // cut by the capture's snap length
  std::uint64_t unknown_link = 0;       // frames of link types not understood
  std::uint16_t unknown_link_type = 0;  // the last of those, by its LINKTYPE_ number
  std::uint64_t flows_evicted = 0;      // flows that left early because the table was full
  std::uint64_t stream_bytes_lost = 0;
  std::uint64_t stream_pieces_refused =
      0;  // gaps skipped early because memory for what lies beyond them was full
  std::uint64_t fragments_dropped = 0;  // fragments whose datagram never became whole
  std::uint64_t tunnels_too_deep = 0;   // packets not looked into because of the depth limit
};

}  // namespace osect::decode
