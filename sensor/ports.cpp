// osect-sensor ports: which interfaces a configuration watches, for what must silence them first.
#include <fmt/format.h>

#include <string>

#include "sensor/command.h"
#include "sensor/config.h"

namespace osect::sensor {

int ports(Arguments arguments) {
  if (arguments.size() != 2 || arguments[0] != "--config") {
    fmt::print(stderr, "osect-sensor ports: usage: osect-sensor ports --config FILE\n");
    return kBadInput;
  }
  const auto config = read_sensor_config(std::string(arguments[1]));
  if (!config) {
    fmt::print(stderr, "osect-sensor ports: {}\n", config.error().message);
    return kBadInput;
  }
  for (const auto& port : config->ports) fmt::print("{}\n", port);
  return kDone;
}

}  // namespace osect::sensor
