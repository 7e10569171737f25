// The condense thread and what starts and ends with it.
#include "sensor/transport.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>

#include "base/log.h"

namespace osect::sensor {
namespace {

using SteadyClock = std::chrono::steady_clock;

condense::CondenseLimits limits_for(std::uint32_t ports) {
  condense::CondenseLimits limits;
  limits.ports = ports;
  return limits;
}

}  // namespace

void name_this_thread(const char* name) {
  ::pthread_setname_np(::pthread_self(), name);
}

Transport::Transport(const TransportConfig& config, WhenFull when_full)
    : ports_(config.ports),
      reports_("reports", kQueueReports, when_full),
      condenser_(limits_for(config.ports)),
      box_(config.state_directory),
      files_(spool::posix_file_system()) {}

Result<std::unique_ptr<Transport>> Transport::open(const TransportConfig& config,
                                                   WhenFull when_full) {
  std::unique_ptr<Transport> transport(new Transport(config, when_full));
  auto spool =
      spool::Spool::open(*transport->files_, config.state_directory + "/spool", config.spool);
  if (!spool) return spool.error();
  transport->spool_ = std::move(*spool);
  uplink::UplinkConfig uplink;
  uplink.address = config.cloud;
  uplink.directory = config.state_directory;
  uplink.version = OSECT_VERSION;
  uplink.back_off_most = config.back_off_most;
  transport->uplink_ = std::make_unique<uplink::Uplink>(uplink, *transport->spool_);
  transport->spool_->on_readable([up = transport->uplink_.get()] { up->wake(); });
  return transport;
}

Transport::~Transport() {
  finish();
  if (uplink_thread_.joinable()) {
    uplink_thread_.request_stop();
    uplink_thread_.join();
    (void)spool_->sync();  // what was acknowledged last
  }
}

void Transport::start() {
  condense_thread_ = std::jthread([this] { condense(); });
  uplink_thread_ = std::jthread([this](const std::stop_token& stop) {
    name_this_thread("uplink");
    uplink_->run(stop);
  });
}

void Transport::finish() {
  reports_.close();
  if (condense_thread_.joinable()) condense_thread_.join();
}

void Transport::condense() {
  name_this_thread("condense");
  auto next_sync = SteadyClock::now() + std::chrono::seconds(1);
  while (true) {
    turns_.fetch_add(1, std::memory_order_relaxed);
    // News waits 200 ms for company at most, on the frames' clock; a live port reports ten times a
    // second.
    auto item = reports_.take_until(
        std::min(next_sync, SteadyClock::now() + std::chrono::milliseconds(100)));
    if (item) {
      add(*item);
    } else if (reports_.is_closed() && reports_.depth() == 0) {
      break;
    } else {
      // Nothing reports: no frame came, or nothing new in them. News must not wait for the next.
      condenser_.advance(std::numeric_limits<TimeNs>::max());
    }
    spool_ready();
    // One sync for all that is at hand.
    const bool is_due = SteadyClock::now() >= next_sync;
    if (!is_due && (!is_news_unsynced_ || reports_.depth() > 0)) continue;
    (void)spool_->sync();
    is_news_unsynced_ = false;
    next_sync = SteadyClock::now() + std::chrono::seconds(1);
  }
  condenser_.finish();
  spool_ready();
  (void)spool_->sync();
}

void Transport::add(const PortReport& item) {
  if (item.gap) return condenser_.add_gap(*item.gap);
  if (item.kind == ReportKind::news) return condenser_.add_new(item.report);
  condense::Health health;
  health.version = OSECT_VERSION;
  box_.read(health);
  health.spool_bytes = spool_->state().bytes;
  const auto bytes = uplink_->state().bytes;
  health.uplink_bytes = bytes - std::exchange(uplink_bytes_told_, bytes);
  condenser_.set_health(std::move(health));
  condenser_.add_interval(item.port, item.report);
}

void Transport::spool_ready() {
  for (const auto& content : condenser_.take()) {
    spool_->append(content);
    is_news_unsynced_ |= content.kind == condense::Kind::novelty;
  }
}

}  // namespace osect::sensor
