// Sequence arithmetic, the kept chunks and when a gap is given up.
#include "sensor/decode/stream.h"

#include <algorithm>
#include <cstring>

namespace osect::decode {
namespace {

// Signed distance in sequence space (RFC 9293, 3.4): right across the wrap.
std::int32_t distance(std::uint32_t from, std::uint32_t to) {
  return static_cast<std::int32_t>(to - from);
}

// Drops the first n bytes of a segment's payload.
void trim_front(TcpSegment& segment, std::uint32_t n) {
  segment.sequence += n;
  segment.length -= n;
  segment.payload = segment.payload.subspan(std::min<std::size_t>(n, segment.payload.size()));
}

}  // namespace

bool is_new_connection(const TcpConnection& connection, End from, TcpSegment segment) {
  if ((segment.flags & tcp_flag::kSyn) == 0) return false;
  const TcpDirection& own = connection.directions[index(from)];
  const TcpDirection& peer = connection.directions[index(other(from))];
  if ((segment.flags & tcp_flag::kAck) == 0) {
    if (own.has_initial) return own.initial != segment.sequence;
    if (own.is_synchronized) return own.next != segment.sequence + 1;
    return !peer.has_initial;
  }
  if (!own.has_initial || own.initial == segment.sequence) return false;
  // A server under load may answer the same SYN with another number of its own (SYN cookies).
  return !(peer.has_initial && segment.acknowledgment == peer.initial + 1);
}

StreamAssembler::StreamAssembler(std::size_t bytes_max, Sink& sink, DecodeCounters& counters)
    : sink_(sink),
      counters_(counters),
      capacity_(std::max<std::size_t>(bytes_max / sizeof(Chunk), 1)),
      chunks_(new Chunk[capacity_]) {}

bool StreamAssembler::accept_rare(Flow& flow, TcpConnection& connection, End from,
                                  TcpSegment segment) {
  TcpDirection& own = connection.directions[index(from)];
  TcpDirection& peer = connection.directions[index(other(from))];
  if ((segment.flags & tcp_flag::kSyn) != 0) synchronize(connection, from, segment);
  if (peer.waiting != kNoSlot && (segment.flags & tcp_flag::kAck) != 0 &&
      (segment.length > 0 || elapsed(peer.gap_since, segment.time) >= kReorderNs) &&
      distance(chunks_[peer.waiting].sequence, segment.acknowledgment) >= 0)
    skip_gap(flow, connection, other(from), segment.time);

  if (segment.length > 0) {
    TcpSegment data = segment;
    if ((segment.flags & tcp_flag::kSyn) != 0) ++data.sequence;
    take_payload(flow, connection, from, data);
    if (own.waiting != kNoSlot && elapsed(own.gap_since, segment.time) >= kGapNs)
      skip_gap(flow, connection, from, segment.time);
  }
  if ((segment.flags & (tcp_flag::kFin | tcp_flag::kRst)) == 0 || connection.is_closed)
    return false;
  if ((segment.flags & tcp_flag::kFin) != 0) {
    own.has_fin = true;
    own.fin = segment.sequence + segment.length;
    if (!own.is_synchronized) {
      own.is_synchronized = true;
      own.next = own.fin;
    }
  }
  const auto is_done = [](const TcpDirection& d) {
    return d.has_fin && distance(d.next, d.fin) <= 0;
  };
  if ((segment.flags & tcp_flag::kRst) == 0 && !(is_done(own) && is_done(peer))) return false;
  connection.is_closed = true;
  flush(flow, connection, segment.time);
  if (connection.has_streamed) sink_.on_stream_end(flow);
  connection.has_streamed = false;
  return true;
}

void StreamAssembler::synchronize(TcpConnection& connection, End from, const TcpSegment& segment) {
  TcpDirection& own = connection.directions[index(from)];
  TcpDirection& peer = connection.directions[index(other(from))];
  if (!own.has_initial || (own.initial != segment.sequence && own.is_start)) {
    own.has_initial = true;
    own.initial = segment.sequence;
    if (!own.is_synchronized || own.is_start) {
      own.is_synchronized = true;
      own.is_start = true;
      own.next = segment.sequence + 1;
    }
  }
  // The answer shows where the other side began, should its SYN not have been seen.
  if ((segment.flags & tcp_flag::kAck) != 0 && !peer.is_synchronized) {
    peer.is_synchronized = true;
    peer.is_start = true;
    peer.next = segment.acknowledgment;
  }
}

void StreamAssembler::take_payload(Flow& flow, TcpConnection& connection, End from,
                                   TcpSegment segment) {
  TcpDirection& own = connection.directions[index(from)];
  if (!own.is_synchronized) {
    own.is_synchronized = true;
    own.next = segment.sequence;
  }
  const std::int32_t ahead = distance(own.next, segment.sequence);
  if (ahead == 0) {
    deliver(flow, connection, from, segment.time, segment.length, segment.payload);
  } else if (ahead > kJump || ahead < -kJump) {
    while (own.waiting != kNoSlot) skip_gap(flow, connection, from, segment.time);
    own.lost += ahead > 0 ? static_cast<std::uint64_t>(ahead) : 1;
    own.next = segment.sequence;
    deliver(flow, connection, from, segment.time, segment.length, segment.payload);
  } else if (ahead < 0) {
    // Seen before, in part or whole: a retransmission, a keep-alive's old byte, a frame mirrored
    // twice.
    const auto known = static_cast<std::uint32_t>(-ahead);
    if (known >= segment.length) return;
    trim_front(segment, known);
    deliver(flow, connection, from, segment.time, segment.length, segment.payload);
  } else {
    keep(flow, connection, from, segment);
    return;
  }
  if (own.waiting != kNoSlot) drain(flow, connection, from, segment.time);
}

void StreamAssembler::keep(Flow& flow, TcpConnection& connection, End from, TcpSegment segment) {
  TcpDirection& own = connection.directions[index(from)];
  if (own.waiting == kNoSlot) own.gap_since = segment.time;
  std::uint32_t* link = &own.waiting;
  while (segment.length > 0) {
    // To the first kept chunk that ends beyond this segment's start.
    while (*link != kNoSlot &&
           distance(segment.sequence, chunks_[*link].sequence + chunks_[*link].length) <= 0)
      link = &chunks_[*link].next;
    TcpSegment part = segment;
    if (*link != kNoSlot) {
      const Chunk& kept = chunks_[*link];
      const std::int32_t room = distance(segment.sequence, kept.sequence);
      if (room <= 0) {  // the first bytes are kept already
        trim_front(segment,
                   std::min(segment.length, kept.length - static_cast<std::uint32_t>(-room)));
        continue;
      }
      part.length = std::min(part.length, static_cast<std::uint32_t>(room));
    }
    part.length = std::min<std::uint32_t>(part.length, sizeof(Chunk::bytes));
    part.payload = part.payload.first(std::min<std::size_t>(part.payload.size(), part.length));
    if (!try_store(own, link, part)) {
      // No memory to wait any longer: everything kept goes on, then this segment, now in order or
      // known to follow a loss.
      ++counters_.stream_pieces_refused;
      while (own.waiting != kNoSlot) skip_gap(flow, connection, from, segment.time);
      const std::int32_t ahead = distance(own.next, segment.sequence);
      if (ahead > 0) {
        own.lost += static_cast<std::uint64_t>(ahead);
        own.next = segment.sequence;
      } else if (static_cast<std::uint32_t>(-ahead) < segment.length) {
        trim_front(segment, static_cast<std::uint32_t>(-ahead));
      } else {
        return;
      }
      deliver(flow, connection, from, segment.time, segment.length, segment.payload);
      return;
    }
    trim_front(segment, part.length);
  }
}

bool StreamAssembler::try_store(TcpDirection& direction, std::uint32_t* link,
                                const TcpSegment& segment) {
  if (direction.chunks >= kChunksPerDirection) return false;
  const std::uint32_t slot = take_chunk();
  if (slot == kNoSlot) return false;
  Chunk& chunk = chunks_[slot];
  chunk.sequence = segment.sequence;
  chunk.length = segment.length;
  chunk.captured = static_cast<std::uint16_t>(segment.payload.size());
  if (!segment.payload.empty())
    std::memcpy(chunk.bytes.data(), segment.payload.data(), segment.payload.size());
  chunk.next = *link;
  *link = slot;
  ++direction.chunks;
  return true;
}

void StreamAssembler::drain(Flow& flow, TcpConnection& connection, End from, TimeNs time) {
  TcpDirection& own = connection.directions[index(from)];
  while (own.waiting != kNoSlot) {
    const std::uint32_t slot = own.waiting;
    const Chunk& chunk = chunks_[slot];
    const std::int32_t ahead = distance(own.next, chunk.sequence);
    if (ahead > 0) {
      own.gap_since = time;
      return;
    }
    const auto known = static_cast<std::uint32_t>(-ahead);
    if (known < chunk.length) {
      const std::span<const std::uint8_t> captured(chunk.bytes.data(), chunk.captured);
      deliver(flow, connection, from, time, chunk.length - known,
              captured.subspan(std::min<std::size_t>(known, captured.size())));
    }
    own.waiting = chunk.next;
    give_back(own, slot);
  }
}

void StreamAssembler::skip_gap(Flow& flow, TcpConnection& connection, End from, TimeNs time) {
  TcpDirection& own = connection.directions[index(from)];
  const std::int32_t ahead = distance(own.next, chunks_[own.waiting].sequence);
  if (ahead > 0) {
    own.lost += static_cast<std::uint64_t>(ahead);
    own.next = chunks_[own.waiting].sequence;
  }
  drain(flow, connection, from, time);
}

void StreamAssembler::flush(Flow& flow, TcpConnection& connection, TimeNs time) {
  for (const End from : {End::a, End::b})
    while (connection.directions[index(from)].waiting != kNoSlot)
      skip_gap(flow, connection, from, time);
}

void StreamAssembler::end(Flow& flow, TcpConnection& connection) {
  flush(flow, connection, flow.last);
  if (connection.has_streamed) sink_.on_stream_end(flow);
  connection.has_streamed = false;
}

std::uint32_t StreamAssembler::take_chunk() {
  if (free_ != kNoSlot) {
    const std::uint32_t slot = free_;
    free_ = chunks_[slot].next;
    return slot;
  }
  return used_ < capacity_ ? static_cast<std::uint32_t>(used_++) : kNoSlot;
}

void StreamAssembler::give_back(TcpDirection& direction, std::uint32_t chunk) {
  chunks_[chunk].next = free_;
  free_ = chunk;
  --direction.chunks;
}

}  // namespace osect::decode
