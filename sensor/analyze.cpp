// osect-sensor analyze: capture files in, everything known about them out, no network;
// docs/architecture.md, Commands.
#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sensor/capture/file_source.h"
#include "sensor/command.h"
#include "sensor/condense/cost.h"
#include "sensor/jsonl.h"
#include "sensor/pipeline.h"
#include "sensor/signature/rule_file.h"
#include "sensor/summary_text.h"

namespace osect::sensor {

namespace {

enum class Format { jsonl, summary };

struct Request {
  std::vector<std::string> files;
  Format format = Format::jsonl;
  std::string rules;  // a file of signatures; "": none
};

Result<Request> read_arguments(Arguments arguments) {
  Request request;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    std::string_view word = arguments[i];
    if (word == "--format" || word.starts_with("--format=")) {
      std::string_view value;
      if (word == "--format") {
        value = ++i < arguments.size() ? arguments[i] : std::string_view{};
      } else {
        value = word.substr(word.find('=') + 1);
      }
      if (value != "jsonl" && value != "summary")
        return Error(fmt::format("--format is jsonl or summary, not '{}'", value));
      request.format = value == "jsonl" ? Format::jsonl : Format::summary;
    } else if (word == "--rules") {
      if (++i == arguments.size()) return Error("--rules needs a file");
      request.rules = arguments[i];
    } else if (word.size() > 1 && word.starts_with("-")) {
      return Error(fmt::format("there is no option '{}'", word));
    } else {
      request.files.emplace_back(word);
    }
  }
  if (request.files.empty()) return Error("no capture file is named");
  return request;
}

// The pipeline with what its reports would cost on the wire: drained by the capture's own clock as
// run drains by the wall's.
class Analysis {
 public:
  explicit Analysis(const PipelineLimits& limits) : pipeline_(limits, 0, "file") {}

  Result<> use_rules(const signature::RuleSet& rules, signature::HitSink* further) {
    return pipeline_.use_rules(rules, further);
  }
  void take(const capture::Frame& frame) {
    if (frame.time >= next_new_) drain(frame.time);
    pipeline_.take(frame);
  }
  void finish() {
    pipeline_.finish();
    cost_.add_interval(pipeline_.drain(pipeline_.last_time()));
    cost_.finish();
  }
  [[nodiscard]] const Pipeline& pipeline() const { return pipeline_; }
  [[nodiscard]] const condense::UplinkCost& cost() const { return cost_; }

 private:
  void drain(TimeNs time) {
    if (time >= next_interval_) {
      if (next_interval_ != 0) cost_.add_interval(pipeline_.drain(next_interval_));
      next_interval_ = (time / kMinuteNs + 1) * kMinuteNs;
    } else {
      cost_.add_new(pipeline_.drain_new(next_new_));
    }
    next_new_ = (time / kSecondNs + 1) * kSecondNs;
  }

  Pipeline pipeline_;
  condense::UplinkCost cost_;
  TimeNs next_new_ = 0;
  TimeNs next_interval_ = 0;
};

// Everything that can be read is taken, also when the file turns out to be damaged later on.
Result<> read_file(const std::string& path, Analysis& analysis) {
  auto source = capture::FileSource::open(path);
  if (!source) return source.error();
  capture::Frame frame;
  const auto unknown = analysis.pipeline().decode_counters().unknown_link;
  while ((*source)->next(frame) == capture::Next::frame) analysis.take(frame);
  const decode::DecodeCounters& counted = analysis.pipeline().decode_counters();
  if (counted.unknown_link > unknown)
    fmt::print(
        stderr,
        "osect-sensor: {}: {} frame(s) are of a link type that is not understood (number {} in "
        "tcpdump.org's list) and only counted\n",
        path, counted.unknown_link - unknown, counted.unknown_link_type);
  return (*source)->problem();
}

// A capture is read whole: no row leaves because its part of the capture is long over.
PipelineLimits limits_for_files() {
  PipelineLimits limits;
  limits.observe.row_idle = 0;
  return limits;
}

Summary summarise(const Analysis& analysis, const observe::PortRow& port) {
  Summary summary;
  summary.packets = port.packets;
  summary.bytes = port.bytes;
  summary.duration = analysis.pipeline().last_time() - analysis.pipeline().first_time();
  summary.dropped = port.dropped_kernel + port.dropped_queue;
  summary.malformed = port.malformed;
  summary.unparsed = port.unparsed;
  summary.uplink_bytes = analysis.cost().bytes();
  summary.uplink_records = analysis.cost().records();
  return summary;
}

// Every hit of a rule as a line, as it is found.
class AlertLines final : public signature::HitSink {
 public:
  explicit AlertLines(JsonLines& lines) : lines_(lines) {}
  void on_hit(const signature::Hit& hit) override { lines_.write(hit); }

 private:
  JsonLines& lines_;
};

// Refused rules are named, the others are used.
Result<signature::RuleSet> load_rules(const std::string& path) {
  auto file = signature::read_rules(path, signature::default_variables());
  if (!file) return file.error();
  for (const auto& refusal : file->refusals)
    fmt::print(stderr, "osect-sensor: {}: line {}: a rule is refused: {}\n", path, refusal.line,
               refusal.reason);
  auto rules = signature::RuleSet::build(std::move(file->rules));
  if (!rules) return rules.error().within(path);
  return rules;
}

bool print(const observe::Report& report, const Summary& summary, Format format, JsonLines& lines) {
  if (format == Format::summary) {
    fmt::print("{}", summary_text(report, summary));
    return std::fflush(stdout) == 0;
  }
  lines.write(report);
  lines.write(summary);
  return lines.flush();
}

}  // namespace

int analyze(Arguments arguments) {
  const auto request = read_arguments(arguments);
  if (!request) {
    fmt::print(
        stderr,
        "osect-sensor analyze: {}\nusage: osect-sensor analyze FILE... [--format jsonl|summary] "
        "[--rules FILE]\n",
        request.error().message);
    return kBadInput;
  }
  JsonLines lines(stdout);
  AlertLines alerts(lines);
  signature::RuleSet rules;
  Analysis analysis(limits_for_files());
  if (!request->rules.empty()) {
    auto loaded = load_rules(request->rules);
    if (loaded) rules = std::move(*loaded);
    const auto used =
        loaded ? analysis.use_rules(rules, request->format == Format::jsonl ? &alerts : nullptr)
               : Result<>(loaded.error());
    if (!used) {
      fmt::print(stderr, "osect-sensor: {}\n", used.error().message);
      return kBadInput;
    }
  }
  int status = kDone;
  for (const auto& file : request->files) {
    if (const auto read = read_file(file, analysis); !read) {
      fmt::print(stderr, "osect-sensor: {}\n", read.error().message);
      status = kBadInput;
    }
  }
  analysis.finish();
  const observe::Report report = analysis.pipeline().totals();
  if (const auto evicted = analysis.pipeline().observe_counters().evicted(); evicted > 0) {
    fmt::print(stderr, "osect-sensor: the totals lack {} rows that left full tables early\n",
               evicted);
  }
  if (!print(report, summarise(analysis, report.ports.front()), request->format, lines)) {
    fmt::print(stderr, "osect-sensor: the output could not be written\n");
    return kFailed;
  }
  return status;
}

}  // namespace osect::sensor
