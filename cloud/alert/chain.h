// Alerts that belong together: the same actor, its targets, what a target does next.
// docs/detection.md, "Incidents".
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cloud/alert/stage.h"
#include "cloud/detect/sighting.h"

namespace osect::alert {

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
