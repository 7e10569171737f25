// osect-sensor run: capture, condense, spool, upload, until told to stop; docs/architecture.md,
// Commands.
#include <fmt/format.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "base/log.h"
#include "sensor/capture/live_source.h"
#include "sensor/command.h"
#include "sensor/config.h"
#include "sensor/pipeline.h"
#include "sensor/reporter.h"
#include "sensor/signature/rule_file.h"
#include "sensor/transport.h"
#include "sensor/watch/mirror_watch.h"

namespace osect::sensor {
namespace {

// Tells systemd (sd_notify(3)) when it started us and wants to know.
void notify_systemd(std::string_view state) {
  const char* path = std::getenv("NOTIFY_SOCKET");
  sockaddr_un address{};
  const std::string_view name = path == nullptr ? "" : path;
  if (name.empty() || name.size() >= sizeof address.sun_path) return;
  address.sun_family = AF_UNIX;
  name.copy(address.sun_path, name.size());
  if (address.sun_path[0] == '@') address.sun_path[0] = '\0';
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return;
  void* any = &address;
  ::sendto(fd, state.data(), state.size(), MSG_NOSIGNAL, static_cast<sockaddr*>(any),
           static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size()));
  ::close(fd);
}

// One monitor port from frame to report, in its own thread, to completion. A port that goes away is
// looked for until it is back; the time between is declared as a gap.
class PortThread {
 public:
  // `source` is what LiveSource::open() gave for `port`.
  PortThread(const SensorConfig& config, capture::LivePort port,
             std::unique_ptr<capture::Source> source, Transport& transport)
      : port_(std::move(port)),
        source_(std::move(source)),
        gap_every_ns_(config.interval_s * kSecondNs),
        transport_(transport),
        pipeline_(PipelineLimits{}, port_.number, port_.interface),
        mirror_(port_.interface),
        reporter_(
            pipeline_, config.interval_s * kSecondNs, [this] { return transport_.has_room(); },
            [this](ReportKind kind, observe::Report&& report) {
              transport_.push({port_.number, kind, std::move(report), std::nullopt});
            }) {}

  void start() {
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }
  void stop() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
  }
  // Before start().
  Result<> use_rules(const signature::RuleSet& rules) {
    return pipeline_.use_rules(rules, nullptr);
  }
  [[nodiscard]] std::uint64_t turns() const { return turns_.load(std::memory_order_relaxed); }

 private:
  void run(const std::stop_token& stop) {
    name_this_thread(fmt::format("port-{}", port_.number).c_str());
    capture::Frame frame;
    std::uint32_t until_counters = 0;
    while (!stop.stop_requested()) {
      turns_.store(turns() + 1, std::memory_order_relaxed);
      const auto next = source_->next(frame);
      if (next == capture::Next::end) {
        wait_for_port(stop);
        continue;
      }
      if (next == capture::Next::idle) {
        advance();
        until_counters = 0;
      } else {
        reporter_.advance(frame.time);
        pipeline_.take(frame);
        mirror_.take(frame);
        watch_mirror(frame.time);
      }
      if (until_counters-- > 0) continue;
      until_counters = kFramesBetweenCounters;
      set_dropped();
    }
    reporter_.finish();
  }

  // Without frames the clock is ours.
  void advance() {
    const TimeNs now = system_now();
    pipeline_.advance(now);
    reporter_.advance(now);
    watch_mirror(now);
  }

  void watch_mirror(TimeNs now) {
    if (!mirror_.is_due(now) || !transport_.has_room()) [[likely]]
      return;
    observe::Report report;
    report.events = mirror_.turn(now, source_->read_counters());
    if (report.events.empty()) return;
    report.begin = now;
    report.end = now;
    transport_.push({port_.number, ReportKind::news, std::move(report), std::nullopt});
  }

  void set_dropped() {
    const auto counters = source_->read_counters();
    pipeline_.set_dropped(dropped_before_ + counters.dropped_kernel + counters.dropped_interface,
                          0);
  }

  // Returns when the port is open again, or with the stop.
  void wait_for_port(const std::stop_token& stop) {
    log::error("A monitor port is gone and is waited for: {}.", source_->problem().error().message);
    const auto counters = source_->read_counters();
    dropped_before_ += counters.dropped_kernel + counters.dropped_interface;
    TimeNs gone_since = system_now();
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any never;
    bool is_back = false;
    for (int tenths = 0; !is_back && !stop.stop_requested(); ++tenths) {
      never.wait_for(lock, stop, std::chrono::milliseconds(100), [] { return false; });
      turns_.store(turns() + 1, std::memory_order_relaxed);
      advance();
      if (tenths % 10 == 0) is_back = try_open();
      const TimeNs now = system_now();
      const bool is_due = is_back || stop.stop_requested() || now - gone_since >= gap_every_ns_;
      if (!is_due || (!is_back && !transport_.has_room())) continue;
      transport_.push({port_.number,
                       ReportKind::news,
                       {},
                       condense::Gap{"port_gone", gone_since, std::max(now, gone_since), 0, 0}});
      gone_since = now;
    }
    if (is_back) log::info("Monitor port {} is back.", port_.interface);
  }

  bool try_open() {
    auto opened = capture::LiveSource::open(port_);
    if (opened) source_ = std::move(*opened);
    return opened.has_value();
  }

  // libpcap asks the kernel for its counters: a system call.
  static constexpr std::uint32_t kFramesBetweenCounters = 10'000;

  const capture::LivePort port_;
  std::unique_ptr<capture::Source> source_;
  const TimeNs gap_every_ns_;
  std::uint64_t dropped_before_ = 0;  // by the sources before this one
  std::atomic<std::uint64_t> turns_ = 0;
  Transport& transport_;
  Pipeline pipeline_;
  watch::MirrorWatch mirror_;
  Reporter reporter_;
  std::jthread thread_;
};

Result<std::vector<std::unique_ptr<PortThread>>> open_ports(const SensorConfig& config,
                                                            Transport& transport) {
  std::vector<std::unique_ptr<PortThread>> ports;
  for (const auto& name : config.ports) {
    const capture::LivePort port{.interface = name,
                                 .number = static_cast<std::uint16_t>(ports.size()),
                                 .ring_bytes = static_cast<std::uint32_t>(config.ring_mib) << 20};
    auto source = capture::LiveSource::open(port);
    if (!source) return source.error();
    ports.push_back(std::make_unique<PortThread>(config, port, std::move(*source), transport));
  }
  return ports;
}

// None when none are configured. What is refused is said once; `osect-sensor rules check` names it.
Result<signature::RuleSet> load_rules(const SensorConfig& config) {
  if (config.rules.empty()) return signature::RuleSet{};
  auto variables = signature::default_variables();
  if (!config.home_net.empty()) variables["HOME_NET"] = config.home_net;
  auto file = signature::read_rules(config.rules, variables);
  if (!file) return file.error();
  log::info("Signatures: {} rules of {} loaded, {} refused.", file->rules.size(), config.rules,
            file->refusals.size());
  auto rules = signature::RuleSet::build(std::move(file->rules));
  if (!rules) return rules.error().within(config.rules);
  return rules;
}

// Tells systemd's watchdog that all goes on, twice in the time it allows; a thread that stands
// still keeps that back, and systemd ends this process and starts it anew (sd_watchdog_enabled(3)).
class Watchdog {
 public:
  Watchdog(const std::vector<std::unique_ptr<PortThread>>& ports, const Transport& transport)
      : ports_(ports), transport_(transport), turns_(ports.size() + 1) {
    const char* allowed = std::getenv("WATCHDOG_USEC");
    const std::string_view text = allowed == nullptr ? "" : allowed;
    std::uint64_t usec = 0;
    std::from_chars(text.data(), text.data() + text.size(), usec);
    if (usec > 0) every_ns_ = static_cast<TimeNs>(usec) * 500;
  }

  // Returns with a signal.
  void tell_until(const sigset_t& signals) {
    const timespec pause{every_ns_ / kSecondNs, every_ns_ % kSecondNs};
    while (::sigtimedwait(&signals, nullptr, &pause) < 0)
      if (has_moved()) notify_systemd("WATCHDOG=1");
  }

 private:
  // Every thread, since the last time this was asked.
  bool has_moved() {
    bool all = true;
    for (std::size_t i = 0; i < turns_.size(); ++i) {
      const auto now = i < ports_.size() ? ports_[i]->turns() : transport_.turns();
      all &= std::exchange(turns_[i], now) != now;
    }
    if (!all) log::error("A thread stands still; the watchdog is not told that all is well.");
    return all;
  }

  const std::vector<std::unique_ptr<PortThread>>& ports_;
  const Transport& transport_;
  std::vector<std::uint64_t> turns_;
  TimeNs every_ns_ = 3600 * kSecondNs;  // nobody watches
};

// A cloud that is there gets the last batches too; a second signal says not to wait.
void send_last(const Transport& transport, const sigset_t& signals) {
  const timespec tenth{0, 100'000'000};
  for (int tenths = 0; tenths < 20; ++tenths) {
    if (!transport.uplink_state().is_connected || transport.spool_state().pending == 0) return;
    if (::sigtimedwait(&signals, nullptr, &tenth) > 0) return;
  }
}

Result<> run_until_stopped(const SensorConfig& config) {
  // Before any thread starts, so that only this one receives them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  const auto rules = load_rules(config);
  if (!rules) return rules.error();
  TransportConfig transport_config;
  transport_config.state_directory = config.state_directory;
  transport_config.cloud = config.cloud;
  transport_config.ports = static_cast<std::uint32_t>(config.ports.size());
  transport_config.spool.bytes_max = static_cast<std::uint64_t>(config.spool_mib_max) << 20;
  auto transport = Transport::open(transport_config, WhenFull::drop_newest);
  if (!transport) return transport.error();
  auto ports = open_ports(config, **transport);
  if (!ports) return ports.error();
  if (!rules->rules().empty())
    for (auto& port : *ports)
      if (auto used = port->use_rules(*rules); !used) return used.error();
  const TimeNs now = system_now();
  if (const TimeNs before = (*transport)->spool_state().recorded_to; before > 0 && before < now)
    (*transport)->declare({"restart", before, now, 0, 0});

  (*transport)->start();
  for (auto& port : *ports) port->start();
  log::info("Watching {} for the cloud at {}.", fmt::join(config.ports, ", "), config.cloud);
  notify_systemd("READY=1");
  Watchdog(*ports, **transport).tell_until(signals);
  notify_systemd("STOPPING=1");
  for (auto& port : *ports) port->stop();
  (*transport)->finish();
  send_last(**transport, signals);
  log::info("Stopped; {} batches wait for the cloud.", (*transport)->spool_state().pending);
  return {};
}

}  // namespace

int run(Arguments arguments) {
  if (arguments.size() != 2 || arguments[0] != "--config") {
    fmt::print(stderr, "osect-sensor run: usage: osect-sensor run --config FILE\n");
    return kBadInput;
  }
  const auto config = read_sensor_config(std::string(arguments[1]));
  if (!config) {
    fmt::print(stderr, "osect-sensor run: {}\n", config.error().message);
    return kBadInput;
  }
  log::start("osect-sensor", config->log_level);
  const auto done = run_until_stopped(*config);
  if (!done) log::error("{}.", done.error().message);
  return done ? kDone : kFailed;
}

}  // namespace osect::sensor
