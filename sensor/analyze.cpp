// osect-sensor analyze: capture files in, everything known about them out, no network;
// docs/architecture.md, Commands.
#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "sensor/capture/file_source.h"
#include "sensor/command.h"
#include "sensor/jsonl.h"
#include "sensor/pipeline.h"
#include "sensor/summary_text.h"

namespace osect::sensor {

namespace {

enum class Format { jsonl, summary };

struct Request {
  std::vector<std::string> files;
  Format format = Format::jsonl;
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
    } else if (word.size() > 1 && word.starts_with("-")) {
      return Error(fmt::format("there is no option '{}'", word));
    } else {
      request.files.emplace_back(word);
    }
  }
  if (request.files.empty()) return Error("no capture file is named");
  return request;
}

// Everything that can be read goes through the pipeline, also when the file turns out to be damaged
// later on.
Result<> read_file(const std::string& path, Pipeline& pipeline) {
  auto source = capture::FileSource::open(path);
  if (!source) return source.error();
  capture::Frame frame;
  while ((*source)->next(frame) == capture::Next::frame) pipeline.take(frame);
  return (*source)->problem();
}

// A capture is read whole: no row leaves because its part of the capture is long over.
PipelineLimits limits_for_files() {
  PipelineLimits limits;
  limits.observe.row_idle = 0;
  return limits;
}

Summary summarise(const Pipeline& pipeline, const observe::PortRow& port) {
  Summary summary;
  summary.packets = port.packets;
  summary.bytes = port.bytes;
  summary.duration = pipeline.last_time() - pipeline.first_time();
  summary.dropped = port.dropped_kernel + port.dropped_queue;
  summary.malformed = port.malformed;
  summary.unparsed = port.unparsed;
  return summary;
}

bool print(const observe::Report& report, const Summary& summary, Format format) {
  if (format == Format::summary) {
    fmt::print("{}", summary_text(report, summary));
    return std::fflush(stdout) == 0;
  }
  JsonLines lines(stdout);
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
        "osect-sensor analyze: {}\nusage: osect-sensor analyze FILE... [--format jsonl|summary]\n",
        request.error().message);
    return kBadInput;
  }
  Pipeline pipeline(limits_for_files(), 0, "file");
  int status = kDone;
  for (const auto& file : request->files) {
    if (const auto read = read_file(file, pipeline); !read) {
      fmt::print(stderr, "osect-sensor: {}\n", read.error().message);
      status = kBadInput;
    }
  }
  pipeline.finish();
  const observe::Report report = pipeline.totals();
  if (const auto evicted = pipeline.observe_counters().evicted(); evicted > 0) {
    fmt::print(stderr, "osect-sensor: the totals lack {} rows that left full tables early\n",
               evicted);
  }
  if (!print(report, summarise(pipeline, report.ports.front()), request->format)) {
    fmt::print(stderr, "osect-sensor: the output could not be written\n");
    return kFailed;
  }
  return status;
}

}  // namespace osect::sensor
