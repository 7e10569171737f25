// What is known to be normal at a site, as far as the sightings at hand need it. docs/detection.md,
// "Baseline".
#pragma once

#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "cloud/detect/rule.h"
#include "cloud/detect/sighting.h"
#include "cloud/detect/targets.h"

namespace osect::detect {

// Filled, then asked; not shared between threads.
class Baseline {
 public:
  // `is_approved`: a person said so, or their ledger. An operation with "targets" instead of a
  // target is known for all of that range, and approved for none.
  void add(Sighting entry, bool is_approved);

  // A rule sees the baseline through its own key and conditions: whether something of the record
  // that fulfils them has the same key.
  [[nodiscard]] bool knows(const Rule& rule, const Sighting& sighting) const;
  [[nodiscard]] bool knows_device(Side side) const { return devices_.contains(side); }
  // Exactly this operation, and not only by having been seen while learning.
  [[nodiscard]] bool is_approved(const Sighting& occurrence) const;

 private:
  [[nodiscard]] bool is_in_range(const Rule& rule, const Sighting& sighting) const;

  std::vector<Sighting> entries_;
  std::vector<std::pair<Targets, Sighting>> ranges_;
  std::unordered_set<Side> devices_;
  std::set<std::string> approved_;
  // Of a rule, the keys that are known; made when first asked for.
  mutable std::unordered_map<const Rule*, std::unordered_set<std::string>> keys_;
};

}  // namespace osect::detect
