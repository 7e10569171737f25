// Alerts that belong together: the same actor, its targets, what a target does next.
// docs/detection.md, "Incidents".
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cloud/detect/rule.h"
#include "cloud/detect/sighting.h"

namespace osect::alert {

// A step of an intrusion, as stages.toml says it.
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

// An alert as a link of a chain.
struct Link {
  std::int64_t alert = 0;
  std::int64_t incident = 0;  // that it is part of; 0: of none
  std::size_t stage = 0;
  detect::Side actor = 0;
  std::vector<detect::Side> targets{};
  TimeNs first = 0;
  TimeNs last = 0;
};

struct Chain {
  std::int64_t incident = 0;       // that goes on; 0: a new one
  std::vector<std::size_t> links;  // by their place, the earliest first
};

// The chains among the links. An incident takes what is linked to it; where two incidents turn out
// to be linked, each keeps what it has and the older takes what is new.
[[nodiscard]] std::vector<Chain> chains_of(const Stages& stages, std::span<const Link> links);

}  // namespace osect::alert
