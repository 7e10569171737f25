// osect-sensor replay: a capture file through the real pipeline, spool and uplink;
// docs/architecture.md, Commands.
#include <fmt/format.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>

#include "base/log.h"
#include "sensor/capture/file_source.h"
#include "sensor/command.h"
#include "sensor/config.h"
#include "sensor/options.h"
#include "sensor/pipeline.h"
#include "sensor/reporter.h"
#include "sensor/transport.h"

namespace osect::sensor {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr const char* kUsage =
    "usage: osect-sensor replay FILE --cloud HOST:PORT [--state DIR] [--pace real|fast] "
    "[--rebase now]\n";
// The cloud may restart meanwhile; longer, and the records stay for the next run.
constexpr std::chrono::seconds kPatience{30};

struct Request {
  std::string file;
  TransportConfig transport;
  bool is_real_pace = false;
  bool is_rebased = false;
};

Result<Request> read_request(Arguments arguments) {
  Request request;
  request.transport.state_directory = SensorConfig().state_directory;
  // Somebody waits in front of it: several attempts before kPatience is over.
  request.transport.back_off_most = kPatience / 10;
  std::string pace = "fast";
  std::string rebase;
  const auto files = read_options(arguments, {{"--cloud", &request.transport.cloud},
                                              {"--state", &request.transport.state_directory},
                                              {"--pace", &pace},
                                              {"--rebase", &rebase}});
  if (!files) return files.error();
  if (files->size() != 1) return Error("one capture file is needed");
  if (request.transport.cloud.find(':') == std::string::npos)
    return Error("--cloud HOST:PORT is needed");
  if (pace != "real" && pace != "fast")
    return Error(fmt::format("--pace is real or fast, not '{}'", pace));
  if (!rebase.empty() && rebase != "now")
    return Error(fmt::format("--rebase is now, not '{}'", rebase));
  request.file = files->front();
  request.is_real_pace = pace == "real";
  request.is_rebased = rebase == "now";
  return request;
}

struct TimeRange {
  TimeNs first = 0;
  TimeNs last = 0;
};

Result<TimeRange> read_time_range(const std::string& path) {
  auto source = capture::FileSource::open(path);
  if (!source) return source.error();
  TimeRange range;
  capture::Frame frame;
  while ((*source)->next(frame) == capture::Next::frame) {
    if (range.first == 0) range.first = frame.time;
    range.last = std::max(range.last, frame.time);
  }
  return range;
}

// Reads the file through one pipeline into the transport, at its own pace or as fast as it goes.
class Replay {
 public:
  Replay(const Request& request, Transport& transport)
      : request_(request),
        transport_(transport),
        pipeline_(PipelineLimits{}, 0, "replay"),
        reporter_(
            pipeline_, kMinuteNs, [] { return true; },
            [this](ReportKind kind, observe::Report&& report) {
              transport_.push({0, kind, std::move(report), std::nullopt});
            }) {}

  Result<> read(const TimeRange& range) {
    auto source = capture::FileSource::open(request_.file);
    if (!source) return source.error();
    const TimeNs now = system_now();
    // At its own pace the capture begins now, so that each frame is as new as it looks; else it
    // ends now.
    if (request_.is_rebased) shift_ = now - (request_.is_real_pace ? range.first : range.last);
    const auto begin = SteadyClock::now();
    TimeNs next_progress = 0;
    capture::Frame frame;
    while ((*source)->next(frame) == capture::Next::frame) {
      if (request_.is_real_pace)
        wait_until(begin + std::chrono::nanoseconds(frame.time - range.first));
      frame.time += shift_;
      reporter_.advance(frame.time);
      pipeline_.take(frame);
      ++packets_;
      bytes_ += frame.wire_length;
      if ((packets_ & 0xfff) == 0 || request_.is_real_pace) {
        const TimeNs elapsed = (SteadyClock::now() - begin).count();
        if (elapsed < next_progress) continue;
        next_progress = elapsed + 2 * kSecondNs;
        print_progress(static_cast<double>(frame.time - shift_ - range.first) /
                       static_cast<double>(std::max<TimeNs>(range.last - range.first, 1)));
      }
    }
    reporter_.finish();
    return (*source)->problem();
  }

  [[nodiscard]] std::uint64_t packets() const { return packets_; }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

 private:
  static void wait_until(SteadyClock::time_point time) {
    if (time <= SteadyClock::now()) return;
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable never;
    never.wait_until(lock, time, [] { return false; });
  }

  void print_progress(double share) const {
    const auto spool = transport_.spool_state();
    fmt::print(stderr, "replay: {:3.0f} % read, {} packets; {} batches acknowledged, {} to go\n",
               100 * share, packets_, transport_.uplink_state().batches, spool.pending);
  }

  const Request& request_;
  Transport& transport_;
  Pipeline pipeline_;
  Reporter reporter_;
  TimeNs shift_ = 0;
  std::uint64_t packets_ = 0;
  std::uint64_t bytes_ = 0;
};

// True when the cloud has everything; false when it does not take anything any more.
bool wait_until_acknowledged(const Transport& transport) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable never;
  auto last_progress = SteadyClock::now();
  auto next_print = last_progress + std::chrono::seconds(2);
  std::uint64_t pending = 0;
  while (true) {
    const auto now_pending = transport.spool_state().pending;
    if (now_pending == 0) return true;
    const auto now = SteadyClock::now();
    if (now_pending != std::exchange(pending, now_pending)) last_progress = now;
    if (now - last_progress > kPatience) return false;
    if (now > next_print) {
      const auto uplink = transport.uplink_state();
      fmt::print(stderr, "replay: {} batches acknowledged, {} to go{}{}\n", uplink.batches, pending,
                 uplink.trouble.empty() ? "" : "; ", uplink.trouble);
      next_print = now + std::chrono::seconds(2);
    }
    never.wait_for(lock, std::chrono::milliseconds(20));
  }
}

int replay_file(const Request& request) {
  const auto range = read_time_range(request.file);
  if (!range) {
    fmt::print(stderr, "osect-sensor replay: {}\n", range.error().message);
    return kBadInput;
  }
  if (const auto identity = uplink::read_identity(request.transport.state_directory); !identity) {
    fmt::print(stderr, "osect-sensor replay: {}\n", identity.error().message);
    return kFailed;
  }
  const auto transport = Transport::open(request.transport, WhenFull::block);
  if (!transport) {
    fmt::print(stderr, "osect-sensor replay: {}\n", transport.error().message);
    return kFailed;
  }
  (*transport)->start();
  Replay replay(request, **transport);
  const auto read = replay.read(*range);
  if (!read) fmt::print(stderr, "osect-sensor replay: {}\n", read.error().message);
  (*transport)->finish();
  const bool is_done = wait_until_acknowledged(**transport);
  const auto uplink = (*transport)->uplink_state();
  const auto spool = (*transport)->spool_state();
  if (!is_done) {
    fmt::print(stderr, "osect-sensor replay: {}; {} batches are kept in {} for the next run.\n",
               uplink.trouble.empty() ? "the cloud does not acknowledge" : uplink.trouble,
               spool.pending, request.transport.state_directory);
    return kFailed;
  }
  fmt::print(
      "Replayed {} packets, {} bytes, {:.0f} s of traffic: {} batches acknowledged, {} refused, {} "
      "given up; {} bytes on the wire to and from the cloud, {:.3f} % of the traffic.\n",
      replay.packets(), replay.bytes(),
      static_cast<double>(range->last - range->first) / static_cast<double>(kSecondNs),
      uplink.batches, uplink.refused, spool.given_up, uplink.bytes,
      100 * static_cast<double>(uplink.bytes) /
          static_cast<double>(std::max<std::uint64_t>(replay.bytes(), 1)));
  return read ? kDone : kBadInput;
}

}  // namespace

int replay(Arguments arguments) {
  const auto request = read_request(arguments);
  if (!request) {
    fmt::print(stderr, "osect-sensor replay: {}\n{}", request.error().message, kUsage);
    return kBadInput;
  }
  log::start("osect-sensor", "info");
  return replay_file(*request);
}

}  // namespace osect::sensor
