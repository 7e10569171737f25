// Hits condensed to events: one row for each rule and pair of hosts, with a count.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sensor/observe/report.h"
#include "sensor/observe/row.h"
#include "sensor/observe/table.h"
#include "sensor/signature/engine.h"

namespace osect::signature {

// Owned and used by one monitor port's thread. Bounded: a full log drops the row that was silent
// longest, and counts it.
class HitLog final : public HitSink {
 public:
  // `further`, if any, is told every hit too.
  HitLog(const RuleSet& rules, HitSink* further);

  void on_hit(const Hit& hit) override;

  // Appends rows that nobody was told of yet.
  void drain_new(std::vector<observe::EventRow>& into);
  // Appends what was counted since the last drain. A row silent for ten minutes leaves: what comes
  // later is new again.
  void drain(TimeNs now, std::vector<observe::EventRow>& into);
  // Appends everything that is still remembered, as if never drained.
  void totals(std::vector<observe::EventRow>& into) const;

  [[nodiscard]] std::uint64_t evicted() const { return evicted_; }
  [[nodiscard]] std::size_t bytes() const { return table_.bytes(); }

 private:
  static constexpr std::size_t kRowsMost = 4096;
  static constexpr TimeNs kWindow = 600 * kSecondNs;

  struct Key {
    observe::HostKey source;
    observe::HostKey destination;
    std::uint64_t rule = 0;

    [[nodiscard]] std::uint64_t hash(const observe::Hasher& hasher) const {
      return hasher(std::bit_cast<std::array<std::uint64_t, 9>>(*this));
    }
    bool operator==(const Key&) const = default;
  };
  struct Entry {
    Key key;
    TimeNs last = 0;
    TimeNs first = 0;
    std::uint64_t count = 0;
    std::uint64_t told = 0;
    decode::Transport transport = decode::Transport::other;
    std::uint16_t port = 0;  // that the first hit went to
  };
  [[nodiscard]] observe::EventRow row_of(const Entry& entry, std::uint64_t count) const;

  const RuleSet& rules_;
  HitSink* further_;
  observe::Hasher hasher_;
  observe::Table<Key, Entry> table_;
  bool has_news_ = false;
  std::uint64_t evicted_ = 0;
};

// 1 is high, 2 medium, 3 low, what is beyond is for information.
[[nodiscard]] observe::Severity severity_of(std::uint32_t priority);

}  // namespace osect::signature
