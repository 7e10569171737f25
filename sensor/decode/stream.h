// TCP streams out of segments: loss, overlap, retransmission, wrap, mid-stream start. RFC 9293 as a
// bystander sees it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "sensor/decode/flow.h"
#include "sensor/decode/segment.h"

namespace osect::decode {

// From one time of the capture to another. Both may be nonsense: the difference then is, too, but
// harmless.
[[nodiscard]] inline TimeNs elapsed(TimeNs from, TimeNs to) {
  return static_cast<TimeNs>(static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from));
}

// One direction of a connection.
struct TcpDirection {
  std::uint32_t next = 0;           // sequence number of the byte to come
  std::uint32_t initial = 0;        // of the SYN
  std::uint32_t fin = 0;            // sequence number of the FIN
  std::uint32_t waiting = kNoSlot;  // first chunk beyond a gap
  std::uint32_t chunks = 0;
  bool is_synchronized = false;  // `next` means something
  bool has_initial = false;
  bool has_fin = false;
  bool is_start = false;  // the next piece begins the connection
  TimeNs gap_since = 0;
  std::uint64_t lost = 0;  // to be told with the next piece
};

struct TcpConnection {
  std::array<TcpDirection, 2> directions;
  bool is_closed = false;
  bool has_streamed = false;  // something was handed over since the last on_stream_end
};

struct TcpSegment {
  TimeNs time = 0;
  std::uint32_t sequence = 0;
  std::uint32_t acknowledgment = 0;
  std::uint8_t flags = 0;
  std::uint32_t length = 0;               // of the payload on the wire
  std::span<const std::uint8_t> payload;  // what of it was captured
};

// Segments with these flags and numbers cannot belong to the connection known so far: the ports are
// used again.
[[nodiscard]] bool is_new_connection(const TcpConnection& connection, End from, TcpSegment segment);

// Hands in-order bytes through without copying; only what lies beyond a gap is kept, in a fixed
// pool.
//
// Policy: bytes that came first stay; later copies of them are ignored, whatever they hold. A gap
// is given up, and told as lost_before, when the receiver has acknowledged the missing bytes (the
// mirror lost them): at once if it answers with data, so that a request comes before its answer,
// otherwise after kReorderNs, as mirrors swap frames of the two directions. Without acknowledgment
// it is given up after kGapNs, or when memory for what lies beyond it is used up.
class StreamAssembler {
 public:
  static constexpr TimeNs kReorderNs = 1'000'000;
  static constexpr TimeNs kGapNs = 3 * kSecondNs;
  static constexpr std::uint32_t kChunksPerDirection = 256;
  // A jump further than any window means other things than loss: the numbering starts anew from
  // there.
  static constexpr std::int32_t kJump = 1 << 25;

  StreamAssembler(std::size_t bytes_max, Sink& sink, DecodeCounters& counters);

  // True when the connection has just closed.
  [[nodiscard, gnu::always_inline]] bool accept(Flow& flow, TcpConnection& connection, End from,
                                                const TcpSegment& segment) {
    const TcpDirection& own = connection.directions[index(from)];
    const TcpDirection& peer = connection.directions[index(other(from))];
    constexpr std::uint8_t kRare = tcp_flag::kSyn | tcp_flag::kFin | tcp_flag::kRst;
    // Nearly every segment: nothing is missing, and this one has the next bytes or none.
    if ((segment.flags & kRare) == 0 && (own.waiting & peer.waiting) == kNoSlot &&
        (segment.length == 0 || (own.is_synchronized && own.next == segment.sequence))) [[likely]] {
      if (segment.length != 0)
        deliver(flow, connection, from, segment.time, segment.length, segment.payload);
      return false;
    }
    return accept_rare(flow, connection, from, segment);
  }
  // Hands over what waits beyond gaps and says on_stream_end.
  void end(Flow& flow, TcpConnection& connection);

  [[nodiscard]] std::size_t memory_bytes() const { return capacity_ * sizeof(Chunk); }

 private:
  struct Chunk {
    std::uint32_t sequence;
    std::uint32_t next;
    std::uint32_t length;  // on the wire; what exceeds `captured` is lost
    std::uint16_t captured;
    std::array<std::uint8_t, 2034> bytes;
  };

  // By value, so that the ordinary segment need not live in memory.
  [[nodiscard]] bool accept_rare(Flow& flow, TcpConnection& connection, End from,
                                 TcpSegment segment);
  void synchronize(TcpConnection& connection, End from, const TcpSegment& segment);
  void take_payload(Flow& flow, TcpConnection& connection, End from, TcpSegment segment);
  void deliver(Flow& flow, TcpConnection& connection, End from, TimeNs time, std::uint32_t length,
               std::span<const std::uint8_t> captured);
  void keep(Flow& flow, TcpConnection& connection, End from, TcpSegment segment);
  [[nodiscard]] bool try_store(TcpDirection& direction, std::uint32_t* link,
                               const TcpSegment& segment);
  // Hands over chunks that have become in order.
  void drain(Flow& flow, TcpConnection& connection, End from, TimeNs time);
  void skip_gap(Flow& flow, TcpConnection& connection, End from, TimeNs time);
  void flush(Flow& flow, TcpConnection& connection, TimeNs time);
  [[nodiscard]] std::uint32_t take_chunk();
  void give_back(TcpDirection& direction, std::uint32_t chunk);

  Sink& sink_;
  DecodeCounters& counters_;
  std::size_t capacity_;
  std::unique_ptr<Chunk[]> chunks_;  // default-initialised: pages are touched when used
  std::size_t used_ = 0;
  std::uint32_t free_ = kNoSlot;
};

inline void StreamAssembler::deliver(Flow& flow, TcpConnection& connection, End from, TimeNs time,
                                     std::uint32_t length, std::span<const std::uint8_t> captured) {
  TcpDirection& own = connection.directions[index(from)];
  own.next += length;
  if (!captured.empty()) {
    StreamPiece piece;
    piece.time = time;
    piece.flow = &flow;
    piece.from = from;
    piece.lost_before = own.lost;
    piece.is_start = own.is_start && own.lost == 0;
    piece.bytes = captured;
    counters_.stream_bytes_lost += own.lost;
    own.lost = 0;
    own.is_start = false;
    connection.has_streamed = true;
    connection.is_closed = false;
    sink_.on_stream(piece);
  }
  own.lost += length - captured.size();  // cut by the capture
}

}  // namespace osect::decode
