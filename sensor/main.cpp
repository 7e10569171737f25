// osect-sensor: finds the sub-command; docs/architecture.md, Commands.
#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "sensor/command.h"

namespace {

struct Command {
  std::string_view name;
  std::string_view usage;
  std::string_view purpose;
  int (*run)(osect::sensor::Arguments arguments);
};

constexpr Command kCommands[] = {
    {"run", "--config FILE", "capture, condense, spool, upload", osect::sensor::run},
    {"analyze", "FILE... [--format jsonl|summary] [--rules FILE]",
     "everything known about capture files; no network", osect::sensor::analyze},
    {"replay", "FILE --cloud HOST:PORT [--state DIR] [--pace real|fast] [--rebase now]",
     "a capture file through the real spool and uplink", osect::sensor::replay},
    {"enroll", "--cloud HOST[:PORT] --code CODE [--state DIR]",
     "a one-time code becomes this sensor's certificate", osect::sensor::enroll},
    {"check", "--port IFACE [--seconds N] [--lang en|ja]",
     "what is wrong with the mirror, in words; listens only", osect::sensor::check},
    {"ports", "--config FILE", "the monitor ports of a configuration, one a line",
     osect::sensor::ports},
    {"rules", "check FILE [--home-net ADDRESSES]",
     "which rules of a file load, and why others do not", osect::sensor::rules},
};

std::string usage() {
  std::string text = "usage:\n";
  for (const auto& command : kCommands)
    text += fmt::format("  osect-sensor {:<8} {}\n      {}\n", command.name, command.usage,
                        command.purpose);
  text += "  osect-sensor --version | --help\n";
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string_view> words(argv, argv + argc);
  if (words.size() < 2) {
    fmt::print(stderr, "{}", usage());
    return osect::sensor::kBadInput;
  }
  if (words[1] == "--version") {
    fmt::print("osect-sensor {}\n", OSECT_VERSION);
    return osect::sensor::kDone;
  }
  if (words[1] == "--help" || words[1] == "help") {
    fmt::print("{}", usage());
    return osect::sensor::kDone;
  }
  for (const auto& command : kCommands)
    if (command.name == words[1]) return command.run(osect::sensor::Arguments(words).subspan(2));
  fmt::print(stderr, "osect-sensor: there is no command '{}'\n{}", words[1], usage());
  return osect::sensor::kBadInput;
}
