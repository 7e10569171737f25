// Planned work and what it says about findings. docs/detection.md, "Planned work".
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cloud/detect/engine.h"
#include "cloud/detect/reading.h"
#include "cloud/store/pool.h"

namespace osect::alert {

struct Plan {
  std::int64_t id = 0;
  TimeNs starts = 0;
  TimeNs ends = 0;  // as planned, or when somebody ended it
  std::vector<std::string> expects{};
  std::vector<detect::Side> devices{};  // none: all of the site
};

// What work changes when it goes as planned: "device", "connection", an access class that changes
// something, or "silence"; "" for what no work is a reason for.
[[nodiscard]] std::string_view change_of(const detect::Finding& finding);

// Weighs the finding by the plans, those begun last first, and gives the plan that expected it; 0
// for none. What was expected is quieter and a finding of its own: when it happens again after the
// work, it is not. What happens beside a running work, or what a work expected too early or too
// late, is louder.
std::int64_t weigh_by_plans(std::span<const Plan> plans, detect::Finding& finding);

// The plans of a site that matter for the findings. Throws detect::Stopped.
[[nodiscard]] std::vector<Plan> read_plans(store::Transaction& transaction,
                                           const detect::Site& site,
                                           std::span<const detect::Finding> findings);

}  // namespace osect::alert
