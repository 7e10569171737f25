// Keys of the sensor's configuration file.
#include "sensor/config.h"

#include <fmt/format.h>

#include "base/config.h"

namespace osect::sensor {

Result<SensorConfig> read_sensor_config(const std::string& path) {
  SensorConfig config;
  ConfigFile file;
  file.bind("state_directory", config.state_directory);
  file.bind("log_level", config.log_level, {"debug", "info", "warn", "error"});
  file.bind("capture.ports", config.ports);
  file.bind("capture.ring_mib", config.ring_mib, 1, 1024);
  file.bind("uplink.cloud", config.cloud);
  file.bind("condense.interval_s", config.interval_s, 10, 3600);
  file.bind("spool.mib_max", config.spool_mib_max, 4, 1 << 20);
  file.bind("signature.rules", config.rules);
  file.bind("signature.home_net", config.home_net);
  if (auto read = file.read(path); !read) return read.error();
  if (config.ports.empty() || config.ports.size() > 16)
    return Error(fmt::format(
        "{}: 'capture.ports' must name 1 to 16 network interfaces, as in ports = [\"eth1\"]",
        path));
  if (config.cloud.find(':') == std::string::npos)
    return Error(fmt::format(
        "{}: 'uplink.cloud' must be HOST:PORT, as in cloud = \"cloud.example:8443\"", path));
  return config;
}

}  // namespace osect::sensor
