// The detections that come with the program: one .toml file each.
#pragma once

#include <span>
#include <vector>

#include "cloud/detect/rule.h"

namespace osect::rules {

[[nodiscard]] std::span<const detect::RuleFile> files();
// The same, read once; the program does not start with files that cannot be.
[[nodiscard]] const std::vector<detect::Rule>& all();

}  // namespace osect::rules
