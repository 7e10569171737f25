// Reports of all ports in, batches out: what is new at once, what repeats at the interval's end;
// docs/architecture.md, condense.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <limits>
#include <string>
#include <unordered_set>
#include <vector>

#include "sensor/condense/content.h"
#include "sensor/condense/dictionary.h"

namespace osect::condense {

struct CondenseLimits {
  std::uint32_t ports = 1;                   // monitor ports that report
  TimeNs novelty_delay = 200'000'000;        // what is new waits so long for company
  TimeNs idle_interval = 5 * kMinuteNs;      // an interval without records is told so seldom
  TimeNs fact_repeat = 24 * 60 * kMinuteNs;  // a fact that is seen again is told so seldom
  std::size_t facts_max = 65'536;            // facts whose repetition is counted
};

// Rows by key, those of one key folded into one: counters add up, times widen.
class Merge {
 public:
  // A row's times are taken as they lie within the limits.
  struct Limits {
    TimeNs begin = std::numeric_limits<TimeNs>::min();
    TimeNs end = std::numeric_limits<TimeNs>::max();
  };

  void add(const observe::EndpointRow& row, const Limits& limits);
  void add(const observe::ConversationRow& row, const Limits& limits);
  void add(const observe::OperationRow& row, const Limits& limits);
  void add(const observe::FactRow& row, const Limits& limits);
  void add(const observe::EventRow& row) { rows_.events.push_back(row); }
  void add(const observe::PortRow& row);

  [[nodiscard]] bool is_empty() const { return rows_.is_empty(); }
  [[nodiscard]] const std::vector<observe::PortRow>& ports() const { return rows_.ports; }
  // The rows; none are left.
  [[nodiscard]] Rows take();

 private:
  Dictionary dictionary_;
  std::vector<std::uint32_t> endpoints_;  // by host: place + 1 of its row
  // The key of a fact has the shape of an operation's: a host and some texts.
  boost::unordered_flat_map<OperationKey, std::size_t, KeyHash> facts_;
  Rows rows_;
};

// Owned by the condense thread. Knows no clock but the reports' and the one it is told.
class Condenser {
 public:
  explicit Condenser(const CondenseLimits& limits) : limits_(limits) {}

  // What Pipeline::drain_new gave.
  void add_new(const observe::Report& report);
  // What Pipeline::drain gave. The interval is ready when every port has reported, or one twice.
  void add_interval(std::uint16_t port, const observe::Report& report);
  // Time has passed without a report.
  void advance(TimeNs now);
  // Goes with the next batch of counters.
  void set_health(Health health) { health_ = std::move(health); }
  // Goes out at once.
  void add_gap(Gap gap);
  // Nothing more comes: what is held becomes ready.
  void finish();

  // The batches that are ready, in order.
  [[nodiscard]] std::vector<Content> take();

 private:
  struct RepeatedFact {
    TimeNs told = 0;
    observe::FactRow since;  // what was counted since it was told
  };

  void hold_new(const observe::Report& report);
  void count_fact(const observe::FactRow& row, TimeNs now);
  // When something is to be done about the fact: it is told again, or forgotten as it was not seen.
  [[nodiscard]] TimeNs due(const RepeatedFact& fact) const;
  void add_due_facts();
  void flush_novelty();
  void flush_counters();

  CondenseLimits limits_;
  Merge novelty_;
  Merge counters_;
  std::vector<Gap> gaps_;
  std::optional<Health> health_;
  boost::unordered_flat_map<std::string, RepeatedFact> facts_;
  static constexpr TimeNs kNever = std::numeric_limits<TimeNs>::max();
  TimeNs facts_due_ = kNever;  // nothing is to be done about any fact sooner
  std::unordered_set<std::uint16_t> reported_;
  std::vector<Content> ready_;
  TimeNs novelty_since_ = 0;
  bool has_novelty_ = false;
  TimeNs counters_begin_ = 0;
  TimeNs counters_end_ = 0;
  bool has_counters_ = false;
  TimeNs told_ = 0;  // end of the last batch of counters
};

}  // namespace osect::condense
