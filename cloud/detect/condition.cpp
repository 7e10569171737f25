// Values against a condition.
#include "cloud/detect/condition.h"

#include <fnmatch.h>

#include <algorithm>

namespace osect::detect {
namespace {

bool is_like(const Value& wanted, const Value& value) {
  const auto* pattern = std::get_if<std::string>(&wanted);
  const auto* text = std::get_if<std::string>(&value);
  if (pattern == nullptr || text == nullptr) return wanted == value;
  return fnmatch(pattern->c_str(), text->c_str(), FNM_NOESCAPE) == 0;
}

}  // namespace

bool is_fulfilled(const Condition& condition, const Values& values) {
  const auto at = values.find(condition.field);
  if (at == values.end()) return condition.is_negated;
  if (const auto* number = std::get_if<std::int64_t>(&at->second);
      number != nullptr && (*number < condition.least || *number > condition.most))
    return false;
  if (condition.any_of.empty()) return true;
  const bool has = std::any_of(condition.any_of.begin(), condition.any_of.end(),
                               [&](const Value& wanted) { return is_like(wanted, at->second); });
  return has != condition.is_negated;
}

bool is_fulfilled(const std::vector<Condition>& all, const Values& values) {
  return std::all_of(all.begin(), all.end(),
                     [&](const Condition& one) { return is_fulfilled(one, values); });
}

}  // namespace osect::detect
