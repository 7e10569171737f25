// Fragments wait in chunks of a fixed pool, ordered by offset; a complete datagram is copied once
// into one buffer.
#include "sensor/decode/fragment.h"

#include <algorithm>
#include <cstring>

namespace osect::decode {

Defragmenter::Defragmenter(std::size_t bytes_max, TimeNs idle, DecodeCounters& counters)
    : idle_(idle),
      counters_(counters),
      capacity_(std::max<std::size_t>(bytes_max / sizeof(Chunk), 1)),
      chunks_(new Chunk[capacity_]),
      datagrams_(std::clamp<std::size_t>(capacity_, 1, kDatagramsMax)),
      whole_(kDatagramBytesMax) {}

std::size_t Defragmenter::memory_bytes() const {
  return capacity_ * sizeof(Chunk) + datagrams_.size() * sizeof(Datagram) + whole_.size();
}

std::span<const std::uint8_t> Defragmenter::accept(const FragmentKey& key, std::uint32_t offset,
                                                   bool has_more,
                                                   std::span<const std::uint8_t> bytes,
                                                   TimeNs now) {
  Datagram& datagram = find(key, now);
  ++datagram.fragments;
  datagram.touched = now;
  if (datagram.is_refused) return {};
  const auto end = offset + static_cast<std::uint32_t>(bytes.size());
  const bool contradicts =
      datagram.total != 0 && (end > datagram.total || (!has_more && end != datagram.total));
  // All but the last are multiples of eight (RFC 791): others would never join.
  if (end > kDatagramBytesMax || contradicts || (has_more && bytes.size() % 8 != 0)) {
    refuse(datagram);
    return {};
  }
  if (!has_more) datagram.total = end;
  if (!store(datagram, offset, bytes)) {
    refuse(datagram);
    return {};
  }
  if (datagram.total == 0 || datagram.held != datagram.total) return {};
  for (std::uint32_t slot = datagram.chunks; slot != kNoSlot; slot = chunks_[slot].next)
    std::memcpy(&whole_[chunks_[slot].offset], chunks_[slot].bytes.data(), chunks_[slot].size);
  const std::size_t size = datagram.total;
  release(datagram);
  return std::span<const std::uint8_t>(whole_).first(size);
}

void Defragmenter::expire(TimeNs now) {
  if (live_ == 0) return;
  for (Datagram& datagram : datagrams_) {
    if (!datagram.is_used || now - datagram.touched < idle_) continue;
    drop(datagram);
  }
}

Defragmenter::Datagram& Defragmenter::find(const FragmentKey& key, TimeNs now) {
  Datagram* unused = nullptr;
  Datagram* oldest = &datagrams_.front();
  for (Datagram& datagram : datagrams_) {
    if (!datagram.is_used) {
      unused = &datagram;
      if (live_ == 0) break;
      continue;
    }
    if (datagram.key == key) {
      if (now - datagram.touched < idle_) return datagram;
      drop(datagram);
      unused = &datagram;
      break;
    }
    if (datagram.touched < oldest->touched) oldest = &datagram;
  }
  if (unused == nullptr) {
    drop(*oldest);
    unused = oldest;
  }
  *unused = {};
  unused->key = key;
  unused->is_used = true;
  ++live_;
  return *unused;
}

bool Defragmenter::store(Datagram& datagram, std::uint32_t offset,
                         std::span<const std::uint8_t> bytes) {
  std::uint32_t* link = &datagram.chunks;
  while (!bytes.empty()) {
    while (*link != kNoSlot && chunks_[*link].offset + chunks_[*link].size <= offset)
      link = &chunks_[*link].next;
    std::size_t room = std::min(bytes.size(), sizeof(Chunk::bytes));
    if (*link != kNoSlot) {
      const Chunk& kept = chunks_[*link];
      if (kept.offset <= offset) {
        const std::size_t known =
            std::min<std::size_t>(bytes.size(), kept.offset + kept.size - offset);
        const bool is_repeated =
            std::equal(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(known),
                       kept.bytes.begin() + (offset - kept.offset));
        if (datagram.key.source.is_v6() && !is_repeated) return false;
        bytes = bytes.subspan(known);
        offset += static_cast<std::uint32_t>(known);
        continue;
      }
      room = std::min<std::size_t>(room, kept.offset - offset);
    }
    const std::uint32_t slot =
        datagram.chunk_count < kPiecesPerDatagram ? take_chunk(datagram) : kNoSlot;
    if (slot == kNoSlot) return false;
    Chunk& chunk = chunks_[slot];
    chunk.offset = offset;
    chunk.size = static_cast<std::uint16_t>(room);
    std::memcpy(chunk.bytes.data(), bytes.data(), room);
    chunk.next = *link;
    *link = slot;
    ++datagram.chunk_count;
    datagram.held += static_cast<std::uint32_t>(room);
    bytes = bytes.subspan(room);
    offset += static_cast<std::uint32_t>(room);
  }
  return true;
}

void Defragmenter::refuse(Datagram& datagram) {
  const Datagram before = datagram;
  release(datagram);
  datagram = {};
  datagram.key = before.key;
  datagram.fragments = before.fragments;
  datagram.touched = before.touched;
  datagram.is_used = true;
  datagram.is_refused = true;
  ++live_;
}

void Defragmenter::release(Datagram& datagram) {
  for (std::uint32_t slot = datagram.chunks; slot != kNoSlot;) {
    const std::uint32_t next = chunks_[slot].next;
    chunks_[slot].next = free_;
    free_ = slot;
    slot = next;
  }
  datagram.is_used = false;
  datagram.chunks = kNoSlot;
  datagram.chunk_count = 0;
  --live_;
}

void Defragmenter::drop(Datagram& datagram) {
  counters_.fragments_dropped += datagram.fragments;
  release(datagram);
}

std::uint32_t Defragmenter::take_chunk(const Datagram& owner) {
  if (free_ == kNoSlot && used_ == capacity_) {
    Datagram* oldest = &datagrams_.front();
    for (Datagram& datagram : datagrams_)
      if (datagram.is_used && datagram.chunk_count > 0 && &datagram != &owner &&
          (oldest == nullptr || datagram.touched < oldest->touched))
        oldest = &datagram;
    if (oldest == nullptr) return kNoSlot;
    drop(*oldest);
  }
  if (free_ == kNoSlot) return static_cast<std::uint32_t>(used_++);
  const std::uint32_t slot = free_;
  free_ = chunks_[slot].next;
  return slot;
}

}  // namespace osect::decode
