// Segments and stream pieces in, statements out: recognition, framing, pairing;
// docs/architecture.md, dissect.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "sensor/decode/segment.h"
#include "sensor/dissect/statement.h"

namespace osect::dissect {

// Everything is sized at start; the worst case is the sum of these.
struct EngineLimits {
  std::size_t flows_max = 65'536;     // flows whose protocol is remembered
  std::size_t buffers_max = 128;      // messages split over pieces, put together at the same time
  std::size_t requests_max = 16'384;  // requests waiting for their responses, over all flows
  std::size_t notes_max = 16'384;     // numbers that dissectors keep, over all flows
  std::size_t trials_max = 64;        // flows on which a weak signature waits for its proof
};

// Counters of what dissect could not or would not do; each reaches the interface.
struct EngineCounters {
  std::uint64_t messages = 0;   // handed to a dissector
  std::uint64_t unparsed = 0;   // datagrams and stream pieces on which no dissector spoke
  std::uint64_t anomalies = 0;  // messages that contradict their specification
  std::uint64_t truncated =
      0;  // messages that could not be read because the capture cut them short
  std::uint64_t resynchronised = 0;  // stream directions that found their next message after a loss
  std::uint64_t requests_expired =
      0;  // requests without a response within 10 s, or beyond 64 outstanding
  std::uint64_t flows_refused = 0;  // flows not looked at because the table was full
  std::uint64_t buffers_taken = 0;  // split messages given up because all buffers were in use
};

// Owned and used by one monitor port's thread; keeps its state of a flow in Flow::dissect_slot and
// states the client side (OpenerGround::message, service_port) there. Every call may call the sink.
// Nothing is allocated after construction.
class Engine {
 public:
  Engine(const EngineLimits& limits, StatementSink& sink);
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  ~Engine();

  // Datagrams and link-layer messages; TCP segments are passed over, their payload comes by
  // on_stream.
  void on_segment(const decode::Segment& segment);
  void on_stream(const decode::StreamPiece& piece);
  void on_stream_end(decode::Flow& flow);
  // Releases the flow's slot.
  void on_flow_end(decode::Flow& flow);

  [[nodiscard]] const EngineCounters& counters() const;
  [[nodiscard]] std::size_t memory_bytes() const;  // everything allocated, for the start-up line

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace osect::dissect
