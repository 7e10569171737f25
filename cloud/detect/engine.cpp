// Every rule over every sighting of its record, and what a finding weighs.
#include "cloud/detect/engine.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace osect::detect {
namespace {

constexpr std::array<std::int64_t, 5> kPoints{10, 30, 50, 70, 90};
constexpr std::array<std::int64_t, 4> kLeast{20, 40, 60, 80};  // of low, medium, high, critical

bool has(const Sighting& sighting, std::string_view field) {
  const auto at = sighting.values.find(field);
  const auto* truth = at == sighting.values.end() ? nullptr : std::get_if<bool>(&at->second);
  return truth != nullptr && *truth;
}

std::vector<Point> weigh(const Rule& rule, const Sighting& sighting) {
  std::vector<Point> out{{"rule", kPoints.at(static_cast<std::size_t>(rule.severity))}};
  // What is about operations weighs what it does to a controller already.
  if (rule.record == Record::conversation && has(sighting, "server_is_controller"))
    out.push_back({"controller", 10});
  if (has(sighting, "is_made_up_mac")) out.push_back({"made_up_mac", 10});
  if (has(sighting, "client_is_outside")) out.push_back({"from_outside", 20});
  if (has(sighting, "is_refused")) out.push_back({"refused", -20});
  return out;
}

bool is_on(const Rule& rule, const Sighting& sighting, const View& view) {
  if (view.is_learning && !rule.is_on_while_learning) return false;
  for (const std::string& side : rule.known)
    if (!view.baseline.knows_device(side == "client" ? sighting.client : sighting.server))
      return false;
  return is_fulfilled(rule.where, sighting.values);
}

bool is_finding(const Rule& rule, const Sighting& sighting, const View& view) {
  switch (rule.kind) {
    case Kind::match:
      return is_match(rule, sighting, view);
    case Kind::threshold:
      return is_over_threshold(rule, sighting, view);
    case Kind::first_seen:
      return is_first_seen(rule, sighting, view);
    case Kind::deviation:
      return is_deviation(rule, sighting);
    case Kind::silence:
      break;
  }
  return is_silence(rule, sighting);
}

}  // namespace

Severity severity_of(std::int64_t points) {
  return static_cast<Severity>(std::count_if(kLeast.begin(), kLeast.end(),
                                             [&](std::int64_t least) { return points >= least; }));
}

std::vector<Finding> Engine::judge(const std::vector<Sighting>& sightings, const View& view) const {
  std::vector<Finding> out;
  for (const Sighting& sighting : sightings)
    for (const Rule& rule : rules_) {
      if (rule.record != sighting.record || !is_on(rule, sighting, view) ||
          !is_finding(rule, sighting, view))
        continue;
      auto points = weigh(rule, sighting);
      const auto sum = std::accumulate(
          points.begin(), points.end(), std::int64_t{0},
          [](std::int64_t before, const Point& point) { return before + point.points; });
      out.push_back({&rule, key_of(sighting, rule.key),
                     rule.join.empty() ? std::string() : key_of(sighting, rule.join),
                     severity_of(sum), std::move(points), sighting});
    }
  return out;
}

}  // namespace osect::detect
