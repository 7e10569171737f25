// One condition of a rule's `where`: a field has one of some values, or lies between two.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "cloud/detect/sighting.h"

namespace osect::detect {

struct Condition {
  std::string field;
  std::vector<Value> any_of{};  // texts may hold '*'; empty: only the bounds count
  bool is_negated = false;      // none of them
  std::int64_t least = std::numeric_limits<std::int64_t>::min();
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
};

// A field that is not there fulfils nothing but "none of".
[[nodiscard]] bool is_fulfilled(const Condition& condition, const Values& values);
[[nodiscard]] bool is_fulfilled(const std::vector<Condition>& all, const Values& values);

}  // namespace osect::detect
