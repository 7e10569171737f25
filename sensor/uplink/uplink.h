// The spool's batches to the cloud, each once, acknowledged after commit;
// proto/osect/v1/uplink.proto.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <random>
#include <stop_token>
#include <string>

#include "sensor/condense/encoder.h"
#include "sensor/spool/spool.h"
#include "sensor/uplink/connection_bytes.h"
#include "sensor/uplink/identity.h"
#include "sensor/uplink/stream.h"

namespace osect::v1 {
class Renewed;
}

namespace osect::uplink {

struct UplinkConfig {
  std::string address;    // HOST:PORT
  std::string directory;  // where the identity is; read again for each connection, so that it can
                          // be renewed
  std::string version;
  std::size_t in_flight_bytes_max = 256U << 10;  // sent and not acknowledged
  std::size_t in_flight_batches_max = 64;
  std::chrono::milliseconds back_off_most{60'000};
  std::chrono::milliseconds back_off_first{1'000};
  std::chrono::milliseconds answer_timeout{90'000};  // half-open connections are given up after it
};

// What the uplink does; for health and for replay's progress.
struct UplinkState {
  bool is_connected = false;
  std::uint64_t bytes = 0;    // both ways, headers included, since the start
  std::uint64_t batches = 0;  // acknowledged since the start
  std::uint64_t refused = 0;  // quarantined by the cloud since the start
  std::string trouble;        // one sentence; empty: none
};

class Uplink {
 public:
  Uplink(UplinkConfig config, spool::Spool& spool);

  // The uplink thread: connects, sends, connects again, until it is told to stop.
  void run(const std::stop_token& stop);
  // There is something new to do; any thread.
  void wake();
  [[nodiscard]] UplinkState state() const;

 private:
  // One connection, from first to last.
  void run_stream(const std::stop_token& stop);
  bool welcome(Stream& stream, const std::stop_token& stop);
  void send_some(Stream& stream);
  // False when the stream has ended.
  bool receive(Stream& stream);
  void ask_for_renewal(Stream& stream);
  void take_renewed(const v1::Renewed& renewed);
  void back_off(const std::stop_token& stop);
  void wait_until(std::chrono::steady_clock::time_point deadline, const std::stop_token& stop);
  void count_bytes(const Stream& stream);
  void set_trouble(const std::string& trouble);
  [[nodiscard]] std::string sentence(const StreamEnd& end) const;

  struct InFlight {
    std::uint64_t sequence = 0;
    std::size_t bytes = 0;
    std::chrono::steady_clock::time_point sent;
  };

  const UplinkConfig config_;
  spool::Spool& spool_;
  Identity identity_;  // of the connection
  Validity validity_;
  bool is_renewal_asked_ = false;  // on this connection
  condense::Encoder encoder_;
  std::mt19937_64 random_;
  unsigned attempts_ = 0;
  std::uint64_t last_sent_ = 0;
  std::deque<InFlight> in_flight_;
  std::size_t in_flight_bytes_ = 0;
  ConnectionBytes counted_;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  bool is_woken_ = false;
  bool has_said_ = false;  // how it stands with the cloud
  UplinkState state_;
};

}  // namespace osect::uplink
