// Insecure services and habits of a device.
#pragma once

#include "cloud/weakness/finding.h"

namespace osect::weakness {

[[nodiscard]] std::vector<Finding> find_habits(const Observed& device, const Known& known);

}  // namespace osect::weakness
