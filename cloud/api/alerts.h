// The JSON of alerts where others show them.
#pragma once

#include <optional>

#include "cloud/api/json.h"
#include "cloud/api/list.h"

namespace osect::api {

// {"critical": 1, ...} of the open alerts.
[[nodiscard]] Json alert_figures_json(Context& context, std::optional<std::int64_t> site,
                                      std::optional<std::int64_t> sensor);
// The gravest open alerts, which are the questions of the day.
[[nodiscard]] Json gravest_alerts_json(Context& context, std::optional<std::int64_t> site,
                                       std::optional<std::int64_t> sensor, std::int64_t count);
[[nodiscard]] std::optional<Json> find_alert_json(Context& context, std::int64_t id);

}  // namespace osect::api
