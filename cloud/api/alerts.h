// The JSON of alerts where others show them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cloud/api/json.h"
#include "cloud/api/list.h"

namespace osect::api {

// {"critical": 1, ...} of the open alerts.
[[nodiscard]] Json alert_figures_json(Context& context, std::optional<std::int64_t> site,
                                      std::optional<std::int64_t> sensor);
// The gravest open alerts, which are the questions of the day.
[[nodiscard]] Json gravest_alerts_json(Context& context, std::optional<std::int64_t> site,
                                       std::optional<std::int64_t> sensor, std::int64_t count);
// Those of the alerts that there are, the earliest first.
[[nodiscard]] std::vector<Json> find_alerts_json(Context& context,
                                                 const std::vector<std::int64_t>& ids);
// A row of what happened to an alert or an incident: at, action, comment, detail, person, name.
[[nodiscard]] Json history_json(const store::Row& row);
// The name of somebody who may be given an alert; throws Problem for anybody else.
[[nodiscard]] std::string find_alert_person(Context& context, std::int64_t id);

// incidents.cpp: the open incidents, the gravest first.
[[nodiscard]] Json open_incidents_json(Context& context, std::optional<std::int64_t> site,
                                       std::int64_t count);

}  // namespace osect::api
