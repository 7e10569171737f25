// Everything after the pipelines, shared by run and replay: one thread condenses and spools, one
// uplinks.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/queue.h"
#include "base/result.h"
#include "sensor/condense/condenser.h"
#include "sensor/health/box.h"
#include "sensor/observe/report.h"
#include "sensor/reporter.h"
#include "sensor/spool/spool.h"
#include "sensor/uplink/uplink.h"

namespace osect::sensor {

struct TransportConfig {
  std::string state_directory;  // identity; the spool is in its folder spool/
  std::string cloud;            // HOST:PORT
  std::uint32_t ports = 1;
  std::chrono::milliseconds back_off_most{60'000};  // between attempts to reach the cloud
  spool::SpoolLimits spool;
};

struct PortReport {
  std::uint16_t port = 0;
  ReportKind kind = ReportKind::news;
  observe::Report report;
  std::optional<condense::Gap> gap;  // what the port could not see; then there is no report
};

// The thread of whoever owns it starts and ends it; push() and has_room() are for the ports'
// threads.
class Transport {
 public:
  static Result<std::unique_ptr<Transport>> open(const TransportConfig& config, WhenFull when_full);
  ~Transport();

  void start();
  // Waits when the queue is full and the policy is to block.
  void push(PortReport report) { (void)reports_.try_push(std::move(report)); }
  // With room for one more report of every port, so that each may push after asking.
  [[nodiscard]] bool has_room() const { return reports_.depth() + ports_ < kQueueReports; }
  // What was not recorded before this run; before start().
  void declare(condense::Gap gap) { condenser_.add_gap(std::move(gap)); }
  // No more reports come: the rest is condensed and made durable. The uplink goes on.
  void finish();

  // Grows while the condense thread goes on.
  [[nodiscard]] std::uint64_t turns() const { return turns_.load(std::memory_order_relaxed); }
  [[nodiscard]] spool::SpoolState spool_state() const { return spool_->state(); }
  [[nodiscard]] uplink::UplinkState uplink_state() const { return uplink_->state(); }

 private:
  static constexpr std::size_t kQueueReports = 64;

  Transport(const TransportConfig& config, WhenFull when_full);
  void condense();
  void add(const PortReport& report);
  void spool_ready();

  const std::uint32_t ports_;
  // Full: run's ports keep counting and report later (has_room), replay's reader waits.
  Queue<PortReport> reports_;
  condense::Condenser condenser_;
  health::Box box_;
  std::uint64_t uplink_bytes_told_ = 0;
  bool is_news_unsynced_ = false;
  std::atomic<std::uint64_t> turns_ = 0;
  std::unique_ptr<spool::FileSystem> files_;
  std::unique_ptr<spool::Spool> spool_;
  std::unique_ptr<uplink::Uplink> uplink_;
  std::jthread condense_thread_;
  std::jthread uplink_thread_;
};

// What ps and top show; at most 15 characters.
void name_this_thread(const char* name);

}  // namespace osect::sensor
