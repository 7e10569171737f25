// What rules know of a flow: who opened it, whether it is established, its bits.
#pragma once

#include <array>
#include <cstdint>

#include "sensor/decode/segment.h"
#include "sensor/observe/table.h"

namespace osect::signature {

struct FlowBits {
  std::array<std::uint64_t, 4> words{};

  [[nodiscard]] bool has(std::uint16_t bit) const {
    return (words[bit / 64] >> bit % 64 & 1U) != 0;
  }
  void set(std::uint16_t bit, bool value) {
    const std::uint64_t mask = std::uint64_t{1} << bit % 64;
    words[bit / 64] = value ? words[bit / 64] | mask : words[bit / 64] & ~mask;
  }
};

// By the flow's place in decode's table, which is its own until on_flow_end.
class FlowMemory {
 public:
  enum class Stage : std::uint8_t { none, opened, answered, established };

  struct Key {
    std::uint64_t place = 0;

    [[nodiscard]] std::uint64_t hash(const observe::Hasher& hasher) const {
      return hasher({&place, 1});
    }
    bool operator==(const Key&) const = default;
  };
  struct Entry {
    Key key;
    TimeNs last = 0;
    decode::End opener = decode::End::a;
    Stage stage = Stage::none;
    FlowBits bits;

    // A connection that began before the capture is never established, as for Suricata.
    void advance(std::uint8_t flags, bool is_from_opener);
  };

  explicit FlowMemory(std::size_t flows_max) : table_(flows_max) {}

  Entry& of(const decode::Segment& segment, std::uint64_t& evicted);
  void forget(const decode::Flow& flow);
  [[nodiscard]] std::size_t bytes() const { return table_.bytes(); }

 private:
  static Key key_of(const decode::Flow& flow);

  observe::Hasher hasher_;
  observe::Table<Key, Entry> table_;
};

}  // namespace osect::signature
