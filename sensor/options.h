// Options of sub-commands: --name VALUE or --name=VALUE.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "sensor/command.h"

namespace osect::sensor {

struct Option {
  std::string_view name;
  std::string* value;
};

// What is no option comes back, in order; an option that is not known is refused.
Result<std::vector<std::string>> read_options(Arguments arguments,
                                              const std::vector<Option>& options);

// "host:port", "[2001:db8::1]:port", or the default port.
std::pair<std::string, std::string> split_address(const std::string& address,
                                                  const std::string& default_port);

}  // namespace osect::sensor
