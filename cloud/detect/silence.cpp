// Rules of kind silence: something known has not been heard for longer than it may be.
#include <algorithm>

#include "cloud/detect/engine.h"

namespace osect::detect {

bool is_silence(const Rule& rule, const Sighting& sighting) {
  const auto number = [&](const char* field) {
    const auto at = sighting.values.find(field);
    const auto* value =
        at == sighting.values.end() ? nullptr : std::get_if<std::int64_t>(&at->second);
    return value == nullptr ? 0 : *value;
  };
  constexpr std::int64_t kMillisecondsPerSecond = 1000;
  const std::int64_t cycles_s = rule.cycles * number("cycle_ms") / kMillisecondsPerSecond;
  return number("silent_s") >= std::max(rule.after_s, cycles_s);
}

}  // namespace osect::detect
