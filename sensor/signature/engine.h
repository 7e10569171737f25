// Packets in, hits out: which rules a packet matches; docs/signatures.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/clock.h"
#include "sensor/decode/segment.h"
#include "sensor/signature/rule_set.h"

namespace osect::signature {

// A rule matched a packet; views of the call.
struct Hit {
  const Rule* rule = nullptr;
  std::uint32_t number = 0;  // of the rule in its set
  const decode::Segment* segment = nullptr;
  Toward toward = Toward::any;  // of its flow, when flows are followed
};

class HitSink {
 public:
  HitSink() = default;
  HitSink(const HitSink&) = delete;
  HitSink& operator=(const HitSink&) = delete;
  virtual ~HitSink() = default;
  virtual void on_hit(const Hit& hit) = 0;
};

struct EngineLimits {
  std::size_t flows_max = 65'536;   // as decode's
  std::size_t limits_max = 16'384;  // hosts or pairs counted for thresholds, over all rules
};

struct EngineCounters {
  std::uint64_t hits = 0;            // before thresholds, without silent rules
  std::uint64_t flows_evicted = 0;   // whose bits were forgotten early
  std::uint64_t limits_evicted = 0;  // counts for thresholds that were forgotten early
};

// Owned and used by one monitor port's thread. Nothing is allocated after construction.
class Engine {
 public:
  static Result<std::unique_ptr<Engine>> make(const RuleSet& rules, const EngineLimits& limits,
                                              HitSink& sink);
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  ~Engine();

  void on_segment(const decode::Segment& segment);
  void on_flow_end(const decode::Flow& flow);

  [[nodiscard]] const EngineCounters& counters() const;
  [[nodiscard]] std::size_t memory_bytes() const;

 private:
  struct State;
  explicit Engine(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace osect::signature
