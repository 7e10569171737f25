// Rules of kind deviation: a value against what it usually is.
#include "cloud/detect/engine.h"

namespace osect::detect {
namespace {

std::int64_t number(const Sighting& sighting, const std::string& field) {
  const auto at = sighting.values.find(field);
  const auto* value =
      at == sighting.values.end() ? nullptr : std::get_if<std::int64_t>(&at->second);
  return value == nullptr ? 0 : *value;
}

}  // namespace

bool is_deviation(const Rule& rule, const Sighting& sighting) {
  const std::int64_t now = number(sighting, rule.value);
  const std::int64_t usual = number(sighting, rule.reference);
  return usual > 0 && now - usual >= rule.floor &&
         now / 100 >= usual * rule.factor_percent / 10'000;
}

}  // namespace osect::detect
