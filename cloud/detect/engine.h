// The rules over what was seen: sightings in, findings out. Knows no database.
#pragma once

#include <string>
#include <vector>

#include "cloud/detect/baseline.h"
#include "cloud/detect/rule.h"
#include "cloud/detect/sighting.h"

namespace osect::detect {

// Why a finding weighs what it weighs; reasons have words in the web.
struct Point {
  std::string reason;
  std::int64_t points = 0;
};

struct Finding {
  const Rule* rule = nullptr;
  std::string key;
  std::string join;  // "": joins nothing but its own kind
  Severity severity = Severity::info;
  std::vector<Point> points;
  Sighting sighting;
};

// What a site looks like when its sightings are judged.
struct View {
  const Baseline& baseline;
  bool is_learning = false;
  // What was seen before within the longest window of a threshold; with the sighting itself or
  // without.
  const std::vector<Sighting>& recent;
};

// Reads only what it is given; any thread. The rules outlive it and its findings.
class Engine {
 public:
  explicit Engine(const std::vector<Rule>& rules) : rules_(rules) {}

  [[nodiscard]] std::vector<Finding> judge(const std::vector<Sighting>& sightings,
                                           const View& view) const;

 private:
  const std::vector<Rule>& rules_;
};

// One kind of rule each: whether the sighting, which fulfils the rule's conditions, is one of its
// findings.
[[nodiscard]] bool is_match(const Rule& rule, const Sighting& sighting, const View& view);
[[nodiscard]] bool is_over_threshold(const Rule& rule, const Sighting& sighting, const View& view);
[[nodiscard]] bool is_first_seen(const Rule& rule, const Sighting& sighting, const View& view);
[[nodiscard]] bool is_deviation(const Rule& rule, const Sighting& sighting);
[[nodiscard]] bool is_silence(const Rule& rule, const Sighting& sighting);

// The severity of so many points.
[[nodiscard]] Severity severity_of(std::int64_t points);

}  // namespace osect::detect
