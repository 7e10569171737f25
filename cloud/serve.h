// osect-cloud serve.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cloud/config.h"

namespace osect {

// Runs the node's roles until SIGTERM or SIGINT; stops in reverse order.
Result<> serve(const CloudConfig& config, const std::vector<std::string>& arguments);

}  // namespace osect
