// osect-sensor enroll: a one-time code becomes this sensor's certificate; docs/architecture.md,
// Commands.
#include <fmt/format.h>

#include <string>

#include "sensor/command.h"
#include "sensor/config.h"
#include "sensor/options.h"
#include "sensor/uplink/enrolment.h"

namespace osect::sensor {
namespace {

constexpr const char* kUsage =
    "usage: osect-sensor enroll --cloud HOST[:PORT] --code CODE [--state DIR]\n";
constexpr const char* kEnrolmentPort = "8444";

}  // namespace

int enroll(Arguments arguments) {
  std::string cloud;
  std::string code;
  std::string state = SensorConfig().state_directory;
  const auto read =
      read_options(arguments, {{"--cloud", &cloud}, {"--code", &code}, {"--state", &state}});
  if (!read || !read->empty() || cloud.empty() || code.empty()) {
    fmt::print(stderr, "osect-sensor enroll: {}\n{}",
               read ? "--cloud and --code are needed, nothing else" : read.error().message, kUsage);
    return kBadInput;
  }
  const auto [host, port] = split_address(cloud, kEnrolmentPort);
  const auto enrolled = uplink::enroll(host, port, code, OSECT_VERSION, state);
  if (!enrolled) {
    fmt::print(stderr, "osect-sensor enroll: {}\n", enrolled.error().message);
    return kFailed;
  }
  fmt::print("This is now sensor \"{}\" of site \"{}\"; its identity is in {}.\n",
             enrolled->sensor_name, enrolled->site_name, state);
  return kDone;
}

}  // namespace osect::sensor
