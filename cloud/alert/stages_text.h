// stages.toml, built in. docs/detection.md, "Incidents".
#pragma once

#include <string_view>

namespace osect::alert {

extern const std::string_view stages_text;

}  // namespace osect::alert
