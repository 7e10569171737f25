// IP datagrams out of fragments, bounded: RFC 791 section 3.2, RFC 8200 section 4.5, RFC 5722.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/address.h"
#include "base/clock.h"
#include "sensor/decode/segment.h"

namespace osect::decode {

struct FragmentKey {
  IpAddress source;
  IpAddress destination;
  std::uint32_t id = 0;
  std::uint16_t vlan = 0;
  std::uint8_t ip_protocol = 0;
  std::uint8_t tunnel_depth = 0;

  bool operator==(const FragmentKey&) const = default;
};

// Policy for overlaps: of IPv4 the bytes that came first stay; IPv6 datagrams with overlapping
// fragments are dropped whole (RFC 5722). Exact repetitions are ignored in both.
class Defragmenter {
 public:
  Defragmenter(std::size_t bytes_max, TimeNs idle, DecodeCounters& counters);

  // The whole datagram's payload when this fragment completes it, otherwise empty; valid until the
  // next call.
  [[nodiscard]] std::span<const std::uint8_t> accept(const FragmentKey& key, std::uint32_t offset,
                                                     bool has_more,
                                                     std::span<const std::uint8_t> bytes,
                                                     TimeNs now);
  void expire(TimeNs now);
  [[nodiscard]] std::size_t memory_bytes() const;

 private:
  static constexpr std::size_t kDatagramBytesMax = 65'535;
  static constexpr std::size_t kDatagramsMax = 256;  // fewer when there is memory for fewer
  static constexpr std::uint32_t kPiecesPerDatagram = 512;

  struct Chunk {
    std::uint32_t offset;
    std::uint16_t size;
    std::uint32_t next;
    std::array<std::uint8_t, 1014> bytes;
  };
  struct Datagram {
    FragmentKey key;
    bool is_used = false;
    bool is_refused = false;         // overlapped or too large: stays to swallow the rest of it
    std::uint32_t chunks = kNoSlot;  // ordered by offset
    std::uint32_t chunk_count = 0;
    std::uint32_t held = 0;   // bytes kept
    std::uint32_t total = 0;  // known once the last fragment has come
    std::uint32_t fragments = 0;
    TimeNs touched = 0;
  };

  [[nodiscard]] Datagram& find(const FragmentKey& key, TimeNs now);
  // False: no room.
  [[nodiscard]] bool store(Datagram& datagram, std::uint32_t offset,
                           std::span<const std::uint8_t> bytes);
  void refuse(Datagram& datagram);
  void release(Datagram& datagram);
  void drop(Datagram& datagram);  // counted
  // The oldest other datagram makes room; kNoSlot when there is none.
  [[nodiscard]] std::uint32_t take_chunk(const Datagram& owner);

  TimeNs idle_;
  DecodeCounters& counters_;
  std::size_t capacity_;
  std::unique_ptr<Chunk[]> chunks_;
  std::size_t used_ = 0;
  std::uint32_t free_ = kNoSlot;
  std::size_t live_ = 0;
  std::vector<Datagram> datagrams_;
  std::vector<std::uint8_t> whole_;
};

}  // namespace osect::decode
