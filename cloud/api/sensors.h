// The JSON of sensors, as the list, the sensor's page, Sites and Home show them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cloud/api/context.h"
#include "cloud/api/json.h"

namespace osect::api {

struct SensorItem {
  std::int64_t site = 0;
  std::string health;  // ok, degraded, silent, waiting, revoked
  std::string silent_since;
  Json json = Json::object();
};

// By site and name.
[[nodiscard]] std::vector<SensorItem> read_sensors(Context& context,
                                                   std::optional<std::int64_t> site,
                                                   std::optional<std::int64_t> sensor);

// SensorCounts of the sensors of a site, of all when there is none.
[[nodiscard]] Json sensor_counts(const std::vector<SensorItem>& sensors,
                                 std::optional<std::int64_t> site);

}  // namespace osect::api
