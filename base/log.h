// Log lines are English sentences with fields; error only when data was lost or a person must act.
#pragma once

#include <spdlog/spdlog.h>

#include <string>

namespace osect::log {

using spdlog::debug;
using spdlog::error;
using spdlog::info;
using spdlog::warn;

// Writes to standard error; level is one of debug, info, warn, error.
void start(const std::string& program, const std::string& level);

}  // namespace osect::log
