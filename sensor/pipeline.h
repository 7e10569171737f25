// One monitor port from frame to report: decode, dissect and observe in one thread, shared by run,
// replay and analyze; docs/architecture.md, "one thread per monitor port".
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "sensor/capture/frame.h"
#include "sensor/decode/decoder.h"
#include "sensor/dissect/engine.h"
#include "sensor/observe/observer.h"
#include "sensor/signature/engine.h"
#include "sensor/signature/hit_log.h"

namespace osect::sensor {

struct PipelineLimits {
  decode::DecodeLimits decode;
  dissect::EngineLimits dissect;
  observe::ObserveLimits observe;
};

// Owned and used by one thread. Its clock is the frames' own: `now` below is on that clock too, so
// that a capture file behaves the same at any speed. A live port calls advance() when no frame came
// for a while.
class Pipeline final : private decode::Sink {
 public:
  // `port_name` stands in the reports' port counters.
  Pipeline(const PipelineLimits& limits, std::uint16_t port, std::string port_name);

  // Before the first frame: packets are held against these rules too, and hits become events. The
  // rules outlive this.
  // `further`, if any, is told every single hit.
  Result<> use_rules(const signature::RuleSet& rules, signature::HitSink* further);

  // Nothing is allocated here.
  void take(const capture::Frame& frame);
  // Time has passed: flows idle too long end.
  void advance(TimeNs now);
  // The totals of losses before this pipeline, as capture counts them since its start.
  void set_dropped(std::uint64_t kernel, std::uint64_t queue);

  // What is new since the last call; cheap when nothing is. Every second or so.
  [[nodiscard]] observe::Report drain_new(TimeNs now);
  // Counters of the interval since the last call, port counters included. Every minute or so.
  [[nodiscard]] observe::Report drain(TimeNs now);
  // The capture is over: every flow ends. drain() then gives the rest, totals() the whole.
  void finish();
  // Everything since the start, whatever was drained in between.
  [[nodiscard]] observe::Report totals() const;

  [[nodiscard]] TimeNs first_time() const { return first_; }  // of frames; 0: none yet
  [[nodiscard]] TimeNs last_time() const { return last_; }
  [[nodiscard]] const decode::DecodeCounters& decode_counters() const {
    return decoder_.counters();
  }
  [[nodiscard]] const dissect::EngineCounters& dissect_counters() const {
    return engine_.counters();
  }
  [[nodiscard]] const observe::ObserveCounters& observe_counters() const {
    return observer_.counters();
  }
  [[nodiscard]] std::size_t memory_bytes() const;  // everything allocated at start

 private:
  void on_segment(const decode::Segment& segment) override;
  void on_stream(const decode::StreamPiece& piece) override;
  void on_stream_end(decode::Flow& flow) override;
  void on_flow_end(decode::Flow& flow) override;
  // Port counters since the start.
  [[nodiscard]] observe::PortRow port_totals() const;

  std::uint16_t port_;
  std::string port_name_;
  observe::Observer observer_;
  dissect::Engine engine_;
  // What rules need: the log receives what the engine finds.
  struct Signatures {
    Signatures(const signature::RuleSet& rules, signature::HitSink* further)
        : log(rules, further) {}
    signature::HitLog log;
    std::unique_ptr<signature::Engine> engine;
  };
  std::unique_ptr<Signatures> signatures_;  // null: no rules
  decode::Decoder decoder_;
  TimeNs first_ = 0;
  TimeNs last_ = 0;
  TimeNs next_expire_ = 0;
  std::uint64_t dropped_kernel_ = 0;
  std::uint64_t dropped_queue_ = 0;
  observe::PortRow reported_;  // port counters as of the last drain
};

}  // namespace osect::sensor
