// The flows of one monitor port: fixed capacity, keyed hash, one lookup per packet; the oldest
// leaves when it is full.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>

#include "sensor/decode/flow.h"
#include "sensor/decode/stream.h"

namespace osect::decode {

namespace flow_kind {
constexpr std::uint64_t kIpv4 = 1;
constexpr std::uint64_t kIpv6 = 2;
constexpr std::uint64_t kLink = 3;
constexpr std::uint64_t kFragments = 4;  // added
}  // namespace flow_kind

// What identifies a flow, packed so that two words are the whole key of an IPv4 flow.
struct FlowKey {
  std::uint64_t meta = 0;      // ports or ethertype, vlan, IP protocol, kind, tunnel depth
  std::uint64_t first = 0;     // both IPv4 addresses, or the first half of end a
  std::uint64_t rest[3] = {};  // the rest of IPv6 addresses, the second MAC

  [[nodiscard]] bool is_short() const { return (meta >> 4 & 3) == flow_kind::kIpv4; }
  bool operator==(const FlowKey& other) const {
    if (meta != other.meta || first != other.first) return false;
    return is_short() ||
           (rest[0] == other.rest[0] && rest[1] == other.rest[1] && rest[2] == other.rest[2]);
  }
};

// A random multiplier per process: without it an attacker could choose addresses that all fall on
// one bucket.
struct HashSeed {
  std::uint64_t a = 0;
  std::uint64_t b = 0;

  [[nodiscard]] static HashSeed random();
};

[[nodiscard]] inline std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

[[nodiscard]] inline std::uint32_t hash_of(const FlowKey& key, const HashSeed& seed) {
  std::uint64_t h = mix(key.meta ^ seed.a, key.first ^ seed.b);
  if (!key.is_short()) {
    h = mix(key.rest[0] ^ h, key.rest[1] ^ seed.a);
    h = mix(key.rest[2] ^ h, seed.b);
  }
  return static_cast<std::uint32_t>(h ^ h >> 32);
}

// Flows that may stay silent for equally long; each is one list ordered by age.
enum class Patience : std::uint8_t { connection, datagram, closed };
constexpr std::size_t kPatienceCount = 3;

class FlowTable {
 public:
  struct Entry {
    FlowKey key;
    std::uint32_t hash = 0;
    std::uint32_t older = kNoSlot;
    std::uint32_t newer = kNoSlot;
    Patience patience = Patience::datagram;
    TimeNs touched = 0;  // decode's own clock, which never goes back
    Flow flow;
    TcpConnection tcp;
  };

  FlowTable(std::size_t flows_max, const HashSeed& seed);
  FlowTable(const FlowTable&) = delete;
  FlowTable& operator=(const FlowTable&) = delete;

  [[nodiscard]] const HashSeed& seed() const { return seed_; }
  [[nodiscard]] Entry* find(const FlowKey& key, std::uint32_t hash) {
    for (std::size_t i = hash & mask_;; i = (i + 1) & mask_) {
      const Bucket bucket = buckets_.get()[i];
      if (bucket.slot == 0) return nullptr;
      if (bucket.hash != hash) continue;
      Entry& entry = entries_.get()[bucket.slot - 1];
      if (entry.key == key) return &entry;
    }
  }
  // The key must be absent and the table not full.
  Entry& insert(const FlowKey& key, std::uint32_t hash, Patience patience, TimeNs now);
  void erase(Entry& entry);
  // Makes an entry the youngest of its list. The order is kept to the second: most packets need not
  // move it.
  void touch(Entry& entry, TimeNs now) {
    if (now - entry.touched >= kSecondNs) move(entry, entry.patience, now);
  }
  void move(Entry& entry, Patience patience, TimeNs now);

  [[nodiscard]] bool is_full() const { return size_ == capacity_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  // Null when the list is empty.
  [[nodiscard]] Entry* oldest(Patience patience) {
    return at(lists_[static_cast<std::size_t>(patience)].oldest);
  }
  [[nodiscard]] Entry* newest(Patience patience) {
    return at(lists_[static_cast<std::size_t>(patience)].newest);
  }
  [[nodiscard]] Entry* older(const Entry& entry) { return at(entry.older); }
  [[nodiscard]] Entry* newer(const Entry& entry) { return at(entry.newer); }
  [[nodiscard]] std::size_t memory_bytes() const {
    return capacity_ * sizeof(Entry) + buckets_most_ * sizeof(Bucket);
  }

 private:
  struct Bucket {
    std::uint32_t hash = 0;
    std::uint32_t slot = 0;  // entry number + 1; 0: free
  };
  struct List {
    std::uint32_t oldest = kNoSlot;
    std::uint32_t newest = kNoSlot;
  };
  struct Release {
    void operator()(Entry* entries) const { ::operator delete(entries); }
    void operator()(Bucket* buckets) const { std::free(buckets); }
  };

  [[nodiscard]] Entry* at(std::uint32_t slot) {
    return slot == kNoSlot ? nullptr : &entries_[slot];
  }
  [[nodiscard]] std::uint32_t slot_of(const Entry& entry) const {
    return static_cast<std::uint32_t>(&entry - entries_.get());
  }
  void put(std::uint32_t hash, std::uint32_t slot);
  void spread();
  void link(Entry& entry, Patience patience, TimeNs now);
  void unlink(Entry& entry);

  std::size_t capacity_;
  HashSeed seed_;
  // Linear probing, at most half full. All are reserved, but only as many are in use as there have
  // been flows for: few flows spread over many buckets cost a cache miss each.
  std::size_t buckets_most_;
  std::size_t mask_;
  std::unique_ptr<Bucket[], Release> buckets_;
  // Reserved, but untouched until used: a quiet port does not pay for the worst case.
  std::unique_ptr<Entry[], Release> entries_;
  std::size_t used_ = 0;          // entries that were ever used
  std::uint32_t free_ = kNoSlot;  // returned ones, linked through `newer`
  std::size_t size_ = 0;
  List lists_[kPatienceCount];
};

}  // namespace osect::decode
