// The configuration of osect-sensor run: defaults here, read and validated once, const afterwards;
// docs/operations.md.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace osect::sensor {

struct SensorConfig {
  std::string state_directory = "/var/lib/osect-sensor";  // identity and spool
  std::string log_level = "info";
  std::vector<std::string> ports;  // network interfaces on mirror ports, as in ["eth1"]
  std::int64_t ring_mib = 16;      // kernel buffer of each port
  std::string cloud;               // HOST:PORT of the uplink
  std::int64_t interval_s = 60;    // counters are told so often
  std::int64_t spool_mib_max = 64;
  std::string rules;     // a file of signatures; "": none
  std::string home_net;  // $HOME_NET of the rules; "": the private networks
};

// Fails with file, line and what is allowed.
Result<SensorConfig> read_sensor_config(const std::string& path);

}  // namespace osect::sensor
