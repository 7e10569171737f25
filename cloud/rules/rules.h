// The detections that come with the program: one .toml file each.
#pragma once

#include <span>

#include "cloud/detect/rule.h"

namespace osect::rules {

[[nodiscard]] std::span<const detect::RuleFile> files();

}  // namespace osect::rules
