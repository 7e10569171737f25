// What the records of a capture cost on the wire: the figure uplink_bytes of `analyze`;
// docs/architecture.md, commands.
#pragma once

#include <cstdint>

#include "sensor/condense/condenser.h"
#include "sensor/condense/encoder.h"

namespace osect::condense {

// Runs the reports of one port through the condenser and the encoder, as run does, and counts
// instead of sending: one stream, every batch acknowledged, TLS 1.3, HTTP/2, gRPC, TCP and IPv4
// headers both ways, acknowledgements included.
class UplinkCost {
 public:
  UplinkCost();

  // What Pipeline::drain_new and Pipeline::drain gave, in order.
  void add_new(const observe::Report& report);
  void add_interval(const observe::Report& report);
  void finish();

  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }  // both ways
  [[nodiscard]] std::uint64_t payload_bytes() const {
    return payload_bytes_;
  }  // of Batch.records alone
  [[nodiscard]] std::uint64_t batches() const { return batches_; }
  [[nodiscard]] std::uint64_t records() const { return records_; }  // rows of any kind
  [[nodiscard]] std::uint64_t conversations() const {
    return conversations_;
  }  // rows of conversations

 private:
  void count_ready();

  Condenser condenser_;
  Encoder encoder_;
  std::uint64_t bytes_ = 0;
  std::uint64_t payload_bytes_ = 0;
  std::uint64_t batches_ = 0;
  std::uint64_t records_ = 0;
  std::uint64_t conversations_ = 0;
};

}  // namespace osect::condense
