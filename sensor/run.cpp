// osect-sensor run: capture, condense, spool, upload, until told to stop; docs/architecture.md,
// Commands.
#include <fmt/format.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <thread>
#include <vector>

#include "base/log.h"
#include "sensor/capture/live_source.h"
#include "sensor/command.h"
#include "sensor/config.h"
#include "sensor/pipeline.h"
#include "sensor/reporter.h"
#include "sensor/transport.h"

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

// One monitor port from frame to report, in its own thread, to completion.
class PortThread {
 public:
  PortThread(const SensorConfig& config, std::uint16_t number,
             std::unique_ptr<capture::Source> source, Transport& transport)
      : source_(std::move(source)),
        number_(number),
        transport_(transport),
        pipeline_(PipelineLimits{}, number, config.ports[number]),
        reporter_(
            pipeline_, config.interval_s * kSecondNs, [this] { return transport_.has_room(); },
            [this](ReportKind kind, observe::Report&& report) {
              transport_.push({number_, kind, std::move(report)});
            }) {}

  void start() {
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }
  void stop() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
  }
  // Why the port ended by itself; ok while it runs.
  [[nodiscard]] bool is_over() const { return is_over_; }
  [[nodiscard]] Result<> problem() const { return source_->problem(); }

 private:
  void run(const std::stop_token& stop) {
    name_this_thread(fmt::format("port-{}", number_).c_str());
    capture::Frame frame;
    std::uint32_t until_counters = 0;
    while (!stop.stop_requested()) {
      const auto next = source_->next(frame);
      if (next == capture::Next::end) break;
      if (next == capture::Next::idle) {
        const TimeNs now = system_now();
        pipeline_.advance(now);
        reporter_.advance(now);
        until_counters = 0;
      } else {
        reporter_.advance(frame.time);
        pipeline_.take(frame);
      }
      if (until_counters-- > 0) continue;
      until_counters = kFramesBetweenCounters;
      const auto counters = source_->read_counters();
      pipeline_.set_dropped(counters.dropped_kernel + counters.dropped_interface, 0);
    }
    reporter_.finish();
    is_over_ = true;
  }

  // libpcap asks the kernel for its counters: a system call.
  static constexpr std::uint32_t kFramesBetweenCounters = 10'000;

  std::unique_ptr<capture::Source> source_;
  const std::uint16_t number_;
  Transport& transport_;
  Pipeline pipeline_;
  Reporter reporter_;
  std::atomic<bool> is_over_ = false;
  std::jthread thread_;
};

Result<std::vector<std::unique_ptr<PortThread>>> open_ports(const SensorConfig& config,
                                                            Transport& transport) {
  std::vector<std::unique_ptr<PortThread>> ports;
  for (const auto& name : config.ports) {
    const auto number = static_cast<std::uint16_t>(ports.size());
    auto source = capture::LiveSource::open(
        {.interface = name,
         .number = number,
         .ring_bytes = static_cast<std::uint32_t>(config.ring_mib) << 20});
    if (!source) return source.error();
    ports.push_back(std::make_unique<PortThread>(config, number, std::move(*source), transport));
  }
  return ports;
}

// Returns when a signal says stop (true) or a port is over (false).
bool wait(const sigset_t& signals, const std::vector<std::unique_ptr<PortThread>>& ports) {
  while (true) {
    const timespec second{1, 0};
    if (::sigtimedwait(&signals, nullptr, &second) > 0) return true;
    for (const auto& port : ports) {
      if (!port->is_over()) continue;
      const auto problem = port->problem();
      log::error("A monitor port is gone: {}.",
                 problem ? "its source ended" : problem.error().message);
      return false;
    }
  }
}

// A cloud that is there gets the last batches too; a second signal says not to wait.
void send_last(const Transport& transport, const sigset_t& signals) {
  const timespec tenth{0, 100'000'000};
  for (int tenths = 0; tenths < 20; ++tenths) {
    if (!transport.uplink_state().is_connected || transport.spool_state().pending == 0) return;
    if (::sigtimedwait(&signals, nullptr, &tenth) > 0) return;
  }
}

Result<bool> run_until_stopped(const SensorConfig& config) {
  // Before any thread starts, so that only this one receives them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  TransportConfig transport_config;
  transport_config.state_directory = config.state_directory;
  transport_config.cloud = config.cloud;
  transport_config.ports = static_cast<std::uint32_t>(config.ports.size());
  transport_config.spool.bytes_max = static_cast<std::uint64_t>(config.spool_mib_max) << 20;
  auto transport = Transport::open(transport_config, WhenFull::drop_newest);
  if (!transport) return transport.error();
  auto ports = open_ports(config, **transport);
  if (!ports) return ports.error();
  const TimeNs now = system_now();
  if (const TimeNs before = (*transport)->spool_state().recorded_to; before > 0 && before < now)
    (*transport)->declare({"restart", before, now, 0, 0});

  (*transport)->start();
  for (auto& port : *ports) port->start();
  log::info("Watching {} for the cloud at {}.", fmt::join(config.ports, ", "), config.cloud);
  notify_systemd("READY=1");
  const bool is_told = wait(signals, *ports);
  notify_systemd("STOPPING=1");
  for (auto& port : *ports) port->stop();
  (*transport)->finish();
  send_last(**transport, signals);
  log::info("Stopped; {} batches wait for the cloud.", (*transport)->spool_state().pending);
  return is_told;
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
  const auto is_told = run_until_stopped(*config);
  if (!is_told) log::error("{}.", is_told.error().message);
  return is_told && *is_told ? kDone : kFailed;
}

}  // namespace osect::sensor
