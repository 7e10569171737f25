// The text of rules.toml, built in by CMakeLists.txt.
#pragma once

#include <string_view>

namespace osect::inventory {

extern const std::string_view kRulesText;

}  // namespace osect::inventory
