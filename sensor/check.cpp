// osect-sensor check: what is wrong with the mirror, in words; docs/architecture.md, Commands.
#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <string>

#include "sensor/capture/live_source.h"
#include "sensor/command.h"
#include "sensor/options.h"
#include "sensor/watch/mirror.h"

namespace osect::sensor {
namespace {

constexpr const char* kUsage =
    "usage: osect-sensor check --port IFACE [--seconds N] [--lang en|ja]\n";
constexpr int kSecondsMax = 3600;

// Frames of the port for so long; it is only listened to.
Result<> listen(capture::Source& source, watch::MirrorDoctor& doctor, int seconds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  while (std::chrono::steady_clock::now() < end) {
    capture::Frame frame;
    const capture::Next next = source.next(frame);
    if (next == capture::Next::end) break;
    if (next == capture::Next::frame) doctor.take(frame);
  }
  return source.problem();
}

}  // namespace

int check(Arguments arguments) {
  std::string port;
  std::string seconds_text = "30";
  std::string language = "en";
  const auto read = read_options(
      arguments, {{"--port", &port}, {"--seconds", &seconds_text}, {"--lang", &language}});
  int seconds = 0;
  std::from_chars(seconds_text.data(), seconds_text.data() + seconds_text.size(), seconds);
  const bool is_language = language == "en" || language == "ja";
  if (!read || !read->empty() || port.empty() || seconds < 1 || seconds > kSecondsMax ||
      !is_language) {
    fmt::print(
        stderr, "osect-sensor check: {}\n{}",
        read ? "--port is needed, --seconds is 1 to 3600, --lang en or ja" : read.error().message,
        kUsage);
    return kBadInput;
  }
  const auto source = capture::LiveSource::open({.interface = port});
  if (!source) {
    fmt::print(stderr, "osect-sensor check: {}\n", source.error().message);
    return kFailed;
  }
  watch::MirrorDoctor doctor;
  if (const auto heard = listen(**source, doctor, seconds); !heard) {
    fmt::print(stderr, "osect-sensor check: {}\n", heard.error().message);
    return kFailed;
  }
  const bool is_japanese = language == "ja";
  const auto findings = doctor.findings((*source)->read_counters());
  fmt::print(fmt::runtime(is_japanese ? "{}: {} 秒間に {} フレーム、{} バイト\n"
                                      : "{}: in {} s {} frames, {} bytes\n"),
             port, seconds, doctor.frames(), doctor.bytes());
  for (const auto& finding : findings) fmt::print("- {}\n", watch::describe(finding, is_japanese));
  if (findings.empty())
    fmt::print("{}\n", is_japanese ? "ミラーに問題は見つかりませんでした。"
                                   : "Nothing is wrong with the mirror, as far as this shows.");
  return findings.empty() ? kDone : kFailed;
}

}  // namespace osect::sensor
