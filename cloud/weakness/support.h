// Until when a device's operating system is repaired.
#pragma once

#include <optional>

#include "cloud/weakness/finding.h"

namespace osect::weakness {

// The releases that a text such as "Windows 7 SP1 / Server 2008 R2 SP1 (build 7601)" may mean.
[[nodiscard]] std::vector<const Release*> releases_of(std::string_view os, const Known& known);

// Nothing where the system is not known or its support goes on for more than a year.
[[nodiscard]] std::optional<Finding> find_end_of_support(const Observed& device, const Known& known,
                                                         Day today);

}  // namespace osect::weakness
