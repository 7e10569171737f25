// /home: the first look in the morning.
#include <algorithm>

#include "cloud/api/alerts.h"
#include "cloud/api/devices.h"
#include "cloud/api/routes.h"
#include "cloud/api/sensors.h"
#include "cloud/api/traffic_series.h"
#include "cloud/store/queries/site_read.h"

namespace osect::api {
namespace query = store::query;
namespace {

// Bytes of the buckets [begin, end), null when none of them is known.
Json sum(const Json& bytes, std::size_t begin, std::size_t end) {
  std::int64_t total = 0;
  bool is_known = false;
  for (std::size_t i = begin; i < std::min(end, bytes.size()); ++i) {
    if (bytes[i].is_null()) continue;
    is_known = true;
    total += bytes[i].get<std::int64_t>();
  }
  return is_known ? Json(total) : Json(nullptr);
}

}  // namespace

Response get_home(Context& context) {
  Scope scope;
  scope.site = context.parameters.read_id("site");
  scope.sensor = context.parameters.read_id("sensor");
  context.parameters.finish();
  context.plan_for_parameters();
  const TimeNs now = context.services.now();
  const auto figures =
      context.ask(query::kHomeFigures, {context.organization, scope.site, scope.sensor});
  auto sensors = read_sensors(context, scope.site, scope.sensor);
  const Json counts = sensor_counts(sensors, std::nullopt);
  std::stable_sort(sensors.begin(), sensors.end(), [](const SensorItem& a, const SensorItem& b) {
    return a.silent_since < b.silent_since;
  });
  Json silent = Json::array();
  for (auto& sensor : sensors)
    if (sensor.health == "silent") silent.push_back(std::move(sensor.json));
  // 48 hours up to now; totals of minutes stand ready, and show what a sensor's first hour was
  // like.
  const Buckets buckets =
      make_buckets({.from = now - (48 * 60 - 15) * kMinuteNs, .to = now}, "quarter_hour");
  Json series = series_json(context, scope, buckets, {total_line(context, scope, buckets)});
  const Json bytes = series["series"][0]["bytes"];
  const auto row = figures[0];
  const std::size_t half = buckets.count - std::min<std::size_t>(buckets.count, 96);
  return json_response(
      {{"now", rfc3339(now)},
       {"devices", row.integer(0)},
       {"devices_new_24h", row.integer(1)},
       {"devices_new_7d", row.integer(2)},
       {"sensors", counts},
       {"silent_sensors", std::move(silent)},
       {"newest_devices", newest_devices_json(context, scope.site, scope.sensor, 10)},
       {"last_data_at", time_or_null(row, 3)},
       {"alerts", alert_figures_json(context, scope.site, scope.sensor)},
       {"incidents", open_incidents_json(context, scope.site, 3)},
       {"gravest_alerts", gravest_alerts_json(context, scope.site, scope.sensor, 5)},
       {"traffic",
        {{"bytes_24h", sum(bytes, half, buckets.count)},
         {"bytes_24h_before", sum(bytes, 0, half)},
         {"series", std::move(series)}}}});
}

}  // namespace osect::api
