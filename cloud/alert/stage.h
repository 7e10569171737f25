// The stages of an intrusion, as stages.toml says them. docs/detection.md, "Incidents".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "cloud/detect/rule.h"

namespace osect::alert {

// A step of an intrusion.
struct Stage {
  std::string id;
  detect::Text name;
  std::vector<std::string> rules;
  bool begins = true;  // otherwise it only goes on with what is a chain already
};

struct Stages {
  TimeNs within = 0;  // from one alert of a chain to the next
  std::size_t least = 0;
  std::int64_t grave_from = 0;
  std::vector<Stage> in_order;

  // The stage that alerts of the rule are at; in_order.size(): at none.
  [[nodiscard]] std::size_t find(std::string_view rule) const;
};

[[nodiscard]] Result<Stages> read_stages(std::string_view toml);
// Those that the program knows.
[[nodiscard]] const Stages& stages();

}  // namespace osect::alert
