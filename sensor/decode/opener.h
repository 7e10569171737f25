// Who opened a flow: what its first packet tells, and what was learnt about its ends before.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sensor/decode/flow.h"
#include "sensor/decode/flow_table.h"

namespace osect::decode {

// Remembers services that were seen to accept connections, and who opened flows that have left the
// table, so that direction stays the same for the same two ends. Fixed size; what is forgotten
// falls back to weaker grounds.
class OpenerMemory {
 public:
  OpenerMemory(std::size_t flows_max, const HashSeed& seed)
      : seed_(seed), mask_(std::bit_ceil(flows_max / 2 + 1) - 1), cells_(mask_ + 1) {}

  void remember_service(const Flow& flow, End server) { put(service_hash(flow, server)); }
  void remember_flow(std::uint32_t hash, End client) { put(flow_hash(hash, client)); }
  // States the grounds that hold when a flow begins with a packet from that end.
  void state_opener(Flow& flow, std::uint32_t hash, End from) const;

  [[nodiscard]] std::size_t memory_bytes() const { return cells_.size() * sizeof(std::uint64_t); }

 private:
  [[nodiscard]] std::uint64_t service_hash(const Flow& flow, End server) const;
  [[nodiscard]] std::uint64_t flow_hash(std::uint32_t hash, End client) const {
    return mix(hash + 1ULL + (static_cast<std::uint64_t>(index(client)) << 40), seed_.b);
  }
  void put(std::uint64_t hash) { cells_[hash & mask_] = hash; }
  [[nodiscard]] bool has(std::uint64_t hash) const { return cells_[hash & mask_] == hash; }

  HashSeed seed_;
  std::size_t mask_;
  std::vector<std::uint64_t> cells_;  // each holds the last hash that fell on it
};

}  // namespace osect::decode
