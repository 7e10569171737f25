// How often rules with a threshold matched, by the hosts they track; Suricata's "Thresholding".
#pragma once

#include <cstdint>

#include "sensor/decode/segment.h"
#include "sensor/observe/row.h"
#include "sensor/observe/table.h"
#include "sensor/signature/rule.h"

namespace osect::signature {

class RateMemory {
 public:
  explicit RateMemory(std::size_t most) : table_(most) {}

  // Counts a match of the rule and says whether it is told.
  [[nodiscard]] bool is_told(const Limit& limit, std::uint32_t rule, const decode::Segment& segment,
                             std::uint64_t& evicted);
  [[nodiscard]] std::size_t bytes() const { return table_.bytes(); }

 private:
  struct Key {
    observe::HostKey first;
    observe::HostKey second;
    std::uint64_t rule = 0;

    [[nodiscard]] std::uint64_t hash(const observe::Hasher& hasher) const {
      return hasher(std::bit_cast<std::array<std::uint64_t, 9>>(*this));
    }
    bool operator==(const Key&) const = default;
  };
  struct Entry {
    Key key;
    TimeNs last = 0;
    TimeNs since = 0;
    std::uint32_t count = 0;
  };
  static Key key_of(const Limit& limit, std::uint32_t rule, const decode::Segment& segment);

  observe::Hasher hasher_;
  observe::Table<Key, Entry> table_;
};

}  // namespace osect::signature
