// Segments and statements in, reports out: bounded tables of endpoints, conversations, operations
// and facts; docs/architecture.md, observe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "sensor/decode/segment.h"
#include "sensor/dissect/statement.h"
#include "sensor/observe/report.h"

namespace osect::observe {

// When many addresses or ports are one scan and no longer many conversations. Only rows of
// conversations that stayed without an answer, or without any payload, count towards a scan;
// `window` after its first one a count starts again.
struct ScanLimits {
  TimeNs window = 3600 * kSecondNs;
  std::uint32_t event_ports = 64;  // unanswered ports of one server: a port_scan event
  std::uint32_t event_peers = 64;  // unanswered servers of one client: an address_scan event
  std::uint32_t collapse_ports =
      512;  // further unanswered ports of one server share one conversation of port 0
  std::uint32_t collapse_peers =
      512;  // further unanswered servers of one client share one conversation
  std::uint32_t collapse_client =
      4096;  // unanswered conversations of one client, whatever their servers
  std::uint32_t pair_ports_max = 2048;  // answered ports of one server that get a conversation each
  TimeNs flood_window = kMinuteNs;
  std::uint32_t flood_macs =
      2048;  // new senders' MACs within the flood window: a mac_flood event, and no more rows
  std::uint32_t flood_hosts =
      8192;  // new senders, by MAC and IP, within it: an address_flood event, likewise
};

// Everything is sized at start; the worst case is the sum of these. A full table drops its row that
// was silent longest.
struct ObserveLimits {
  std::size_t flows_max = 65'536;  // as decode's: the flows that live at the same time
  std::size_t endpoints_max = 32'768;
  std::size_t conversations_max = 65'536;
  std::size_t operations_max = 16'384;
  std::size_t facts_max = 16'384;
  std::size_t pairs_max = 32'768;  // clients and pairs watched for scans
  std::size_t events_max = 1'024;
  TimeNs row_idle = 24 * 3600 * kSecondNs;  // rows silent that long leave; 0: never
  ScanLimits scan;
};

// Rows that left early because a table was full, and what found no place at all.
struct ObserveCounters {
  std::uint64_t endpoints_evicted = 0;
  std::uint64_t conversations_evicted = 0;
  std::uint64_t operations_evicted = 0;
  std::uint64_t facts_evicted = 0;
  std::uint64_t events_dropped = 0;
  // Of evicted conversations, what had not been drained yet.
  std::uint64_t packets_evicted = 0;
  std::uint64_t bytes_evicted = 0;

  [[nodiscard]] std::uint64_t evicted() const {
    return endpoints_evicted + conversations_evicted + operations_evicted + facts_evicted +
           events_dropped;
  }
};

// Owned and used by one monitor port's thread. Keeps its state of a flow in Flow::observe_slot and
// Flow::endpoint_slot. Counters stay in the flow; they are folded into conversations at the end of
// an interval, at the end of the flow and when there is news of it, each packet once. Nothing is
// allocated per segment or statement; reports are.
class Observer final : public dissect::StatementSink {
 public:
  explicit Observer(const ObserveLimits& limits);
  ~Observer() override;

  // After dissect has seen the segment, so that a protocol recognised in it counts already.
  void on_segment(const decode::Segment& segment);
  // Folds what the flow counted for the last time and releases its slot; after dissect.
  void on_flow_end(decode::Flow& flow);
  // Folds what a live flow counted so far; for each live flow before drain().
  void fold(decode::Flow& flow);

  dissect::Memo on_operation(const dissect::Origin& origin, const dissect::Operation& operation,
                             std::optional<dissect::Memo> asked) override;
  void on_fact(const dissect::Origin& origin, const dissect::Fact& fact) override;
  void on_protocol(const dissect::Origin& origin, bool is_assumed) override;
  void on_anomaly(const dissect::Origin& origin) override;

  // What nobody was told of yet: new rows with what they counted so far. Cheap when nothing is new.
  [[nodiscard]] Report drain_new(TimeNs now);
  // Everything counted since it was last drained; fold() the live flows first. Rows silent too long
  // leave.
  [[nodiscard]] Report drain(TimeNs now);
  // Everything since the start, as if never drained, and with the direction of conversations as the
  // best evidence of the whole time shows it. fold() the live flows first.
  [[nodiscard]] Report totals() const;

  [[nodiscard]] const ObserveCounters& counters() const;
  [[nodiscard]] std::size_t memory_bytes() const;  // everything allocated, for the start-up line

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace osect::observe
