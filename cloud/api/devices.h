// The JSON of a device, as the list, the device page and Home show it.
#pragma once

#include "cloud/api/json.h"
#include "cloud/api/list.h"

namespace osect::api {

// Columns of the query device_list.
[[nodiscard]] Json device_json(const store::Row& row);

// The devices first seen last.
[[nodiscard]] Json newest_devices_json(Context& context, std::optional<std::int64_t> site,
                                       std::optional<std::int64_t> sensor, std::int64_t count);

// One device that is not merged into another; nothing when there is none.
[[nodiscard]] std::optional<Json> find_device_json(Context& context, std::int64_t id);

// What people decided about which endpoints are this device, the latest first.
[[nodiscard]] Json device_decisions_json(Context& context, std::int64_t device);

}  // namespace osect::api
