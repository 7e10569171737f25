// Rules of kind threshold: how many different values of a field a key had within a window.
#include <unordered_set>

#include "cloud/detect/engine.h"

namespace osect::detect {

bool is_over_threshold(const Rule& rule, const Sighting& sighting, const View& view) {
  const std::string key = key_of(sighting, rule.key);
  const TimeNs from = sighting.first - rule.window_minutes * kMinuteNs;
  std::unordered_set<std::string> seen{text_of(sighting, rule.distinct)};
  for (const Sighting& other : view.recent)
    if (other.record == rule.record && other.first >= from && other.first <= sighting.first &&
        is_fulfilled(rule.where, other.values) && key_of(other, rule.key) == key)
      seen.insert(text_of(other, rule.distinct));
  return static_cast<std::int64_t>(seen.size()) >= rule.at_least;
}

}  // namespace osect::detect
