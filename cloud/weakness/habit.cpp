// A habit is there when all conditions of one of its alternatives are met; what met them is the
// evidence.
#include "cloud/weakness/habit.h"

#include <algorithm>
#include <optional>

namespace osect::weakness {
namespace {

std::optional<std::vector<Evidence>> met(const When& when, const Observed& device) {
  std::vector<Evidence> out;
  for (const Condition& condition : when) {
    const auto before = out.size();
    for (const Evidence& one : device.evidence)
      if (one.field == condition.field &&
          std::any_of(condition.patterns.begin(), condition.patterns.end(),
                      [&](const std::string& pattern) { return fits(pattern, one.value); }))
        out.push_back(one);
    if (out.size() == before) return std::nullopt;
  }
  return out;
}

}  // namespace

std::vector<std::string> Observed::facts(std::string_view attribute) const {
  std::vector<std::string> out;
  for (const Evidence& one : evidence)
    if (one.field.starts_with("fact.") && one.field.substr(5) == attribute)
      out.push_back(one.value);
  return out;
}

std::vector<Finding> find_habits(const Observed& device, const Known& known) {
  std::vector<Finding> out;
  for (const Habit& habit : known.habits) {
    std::vector<Evidence> evidence;
    for (const When& when : habit.when)
      if (auto found = met(when, device))
        evidence.insert(evidence.end(), found->begin(), found->end());
    if (evidence.empty()) continue;
    Finding finding;
    finding.kind = "habit";
    finding.rule = habit.id;
    finding.verdict = "affected";
    finding.severity = habit.severity;
    finding.action = habit.action;
    finding.title = habit.title;
    finding.reason = habit.reason;
    finding.measure = habit.measure;
    finding.evidence = std::move(evidence);
    out.push_back(std::move(finding));
  }
  return out;
}

}  // namespace osect::weakness
