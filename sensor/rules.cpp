// osect-sensor rules check: which rules of a file load, and why others do not; docs/signatures.md.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "sensor/command.h"
#include "sensor/options.h"
#include "sensor/signature/rule_file.h"
#include "sensor/signature/rule_set.h"

namespace osect::sensor {
namespace {

constexpr std::string_view kUsage = "usage: osect-sensor rules check FILE [--home-net ADDRESSES]\n";

std::string describe(const signature::Rule& rule) {
  return fmt::format("line {}, sid {}: loaded\n", rule.line, rule.sid);
}

std::string describe(const signature::Refusal& refusal) {
  return fmt::format("line {}, sid {}: refused: {}\n", refusal.line,
                     refusal.sid == 0 ? "unknown" : std::to_string(refusal.sid), refusal.reason);
}

// Both kinds by line.
std::string describe(const signature::RuleFile& file) {
  struct Said {
    std::uint32_t line;
    std::string text;
  };
  std::vector<Said> all;
  for (const auto& rule : file.rules) all.push_back({rule.line, describe(rule)});
  for (const auto& refusal : file.refusals) all.push_back({refusal.line, describe(refusal)});
  std::ranges::stable_sort(all, {}, &Said::line);
  std::string text;
  for (const auto& one : all) text += one.text;
  return text + fmt::format("{} loaded, {} refused\n", file.rules.size(), file.refusals.size());
}

}  // namespace

int rules(Arguments arguments) {
  std::string home_net;
  const auto files = read_options(arguments, {{"--home-net", &home_net}});
  if (!files || files->size() != 2 || files->front() != "check") {
    fmt::print(stderr, "{}", files ? std::string(kUsage) : files.error().message + "\n");
    return kBadInput;
  }
  auto variables = signature::default_variables();
  if (!home_net.empty()) variables["HOME_NET"] = home_net;
  auto file = signature::read_rules(files->back(), variables);
  if (!file) {
    fmt::print(stderr, "osect-sensor rules: {}\n", file.error().message);
    return kBadInput;
  }
  const std::string text = describe(*file);
  const bool is_whole = file->refusals.empty();
  if (const auto built = signature::RuleSet::build(std::move(file->rules)); !built) {
    fmt::print(stderr, "osect-sensor rules: {}\n", built.error().message);
    return kBadInput;
  }
  fmt::print("{}", text);
  if (std::fflush(stdout) != 0) return kFailed;
  return is_whole ? kDone : kBadInput;
}

}  // namespace osect::sensor
