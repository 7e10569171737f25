// The priority that a class of rules has; Suricata's classification.config.
#pragma once

#include <cstdint>
#include <string_view>

namespace osect::signature {

// 3 for a class that is not known, as Suricata has it.
[[nodiscard]] std::uint32_t priority_of(std::string_view classtype);

}  // namespace osect::signature
