// Writes what was seen into the baseline.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cloud/detect/reading.h"
#include "cloud/detect/sighting.h"

namespace osect::detect {

// Sightings as the entries that query "learn" takes. What the baseline does not keep is left out.
[[nodiscard]] std::string entries_json(const std::vector<Sighting>& sightings);

}  // namespace osect::detect
