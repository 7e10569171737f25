// What follows from the parts of a report: its figures, the score with what took points off it, and
// the actions in order. docs/reports.md explains the score to the reader.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace osect::report {

// Adds "figures", "score" and "actions" to the parts, and to each alert the texts of its rule.
void judge(nlohmann::json& model);

}  // namespace osect::report
