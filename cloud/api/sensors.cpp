// /sensors: enrolment, health, revocation.
#include "cloud/api/sensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include "cloud/account/database.h"
#include "cloud/api/body.h"
#include "cloud/api/routes.h"
#include "cloud/ingest/authority.h"
#include "cloud/store/queries/site_read.h"

namespace osect::api {
namespace query = store::query;
namespace {

constexpr std::size_t kHealthPointsMax = 1500;

Json text(const store::Row& row, int column) {
  return row.is_null(column) ? Json(nullptr) : text_or_null(row.text(column));
}

Json problems_json(const store::Row& row) {
  Json out = Json::array();
  for (const auto& [column, name] : {std::pair{12, "packets_dropped"},
                                     {13, "gap"},
                                     {14, "disk_low"},
                                     {15, "clock_off"},
                                     {16, "no_packets"},
                                     {17, "mirror"}})
    if (row.boolean(column)) out.push_back(name);
  return out;
}

SensorItem sensor_item(const store::Row& row) {
  SensorItem out;
  out.site = row.integer(2);
  const std::string state(row.text(5));
  const bool is_active = state == "active";
  Json problems = is_active ? problems_json(row) : Json::array();
  const bool is_silent = row.boolean(11);
  out.health = !is_active ? state : is_silent ? "silent" : !problems.empty() ? "degraded" : "ok";
  Json silent_since = nullptr;
  if (is_silent) {
    silent_since = row.is_null(8) ? time_or_null(row, 7) : time_or_null(row, 8);
    if (silent_since.is_string()) out.silent_since = silent_since.get<std::string>();
  }
  out.json = {{"id", id_text(row.integer(0))},
              {"name", row.text(1)},
              {"site", reference(row.integer(2), row.text(3))},
              {"uuid", row.text(4)},
              {"state", state},
              {"health", out.health},
              {"silent_since", std::move(silent_since)},
              {"problems", std::move(problems)},
              {"version", text(row, 6)},
              {"enrolled_at", time_or_null(row, 7)},
              {"last_seen_at", time_or_null(row, 8)},
              {"last_address", text(row, 9)},
              {"certificate_serial", text(row, 10)}};
  return out;
}

Json find_sensor(Context& context, std::int64_t id) {
  auto found = read_sensors(context, std::nullopt, id);
  if (found.empty()) throw not_found();
  return std::move(found[0].json);
}

// Where a sensor takes its code, HOST:PORT: the name this user's browser reached the cloud by when
// the certificate carries it, else the first that it does carry.
std::string enrolment_address(const Context& context) {
  const auto& names = context.services.names;
  std::string_view host = context.request.header("host");
  host = host.substr(0, host.rfind(':'));
  const auto found = std::find(names.begin(), names.end(), host);
  return fmt::format("{}:{}", found == names.end() ? names.front() : *found,
                     context.services.enrolment_port);
}

// Gives the sensor a new code and answers with it; the code is kept nowhere.
Response enrolment_response(Context& context, std::int64_t sensor, const std::string& action) {
  const ingest::OneTimeCode code = context.services.authority.make_code();
  const auto expires = context
                           .ask(query::kEnrolmentCodeSet,
                                {context.organization, sensor, store::Param::bytes(code.hash)})[0]
                           .time(0);
  Json json = find_sensor(context, sensor);
  context.audit(action, "sensor:" + id_text(sensor), "{}");
  context.announce("sensor", parse_id(json["site"]["id"].get<std::string>()));
  context.commit();
  return json_response({{"sensor", std::move(json)},
                        {"code", code.text},
                        {"code_expires_at", rfc3339(expires)},
                        {"enrol_at", enrolment_address(context)}},
                       201);
}

// What the mirror doctor of each port said last, by the port's name.
std::map<std::string, Json, std::less<>> read_mirrors(Context& context, std::int64_t sensor) {
  static constexpr std::array kFaults{"silent",   "broadcast_only", "one_way",  "duplicated",
                                      "untagged", "oversubscribed", "truncated"};
  std::map<std::string, Json, std::less<>> out;
  for (const auto row : context.ask(query::kSensorMirror, {context.organization, sensor})) {
    const Json detail = Json::parse(row.text(1));
    Json faults = Json::array();
    for (const char* fault : kFaults) {
      if (!detail.contains(fault) || !detail[fault].is_string()) continue;
      const auto figures = detail[fault].get<std::string>();
      const auto slash = figures.find('/');
      const auto number = [](std::string_view text) { return parse_id(text).value_or(0); };
      faults.push_back(
          {{"fault", fault},
           {"count", number(std::string_view(figures).substr(0, slash))},
           {"of",
            slash == std::string::npos ? 0 : number(std::string_view(figures).substr(slash + 1))}});
    }
    out[std::string(row.text(0))] = {{"at", rfc3339(row.time(2))}, {"faults", std::move(faults)}};
  }
  return out;
}

Json health_json(const store::Row& row) {
  return {{"at", rfc3339(row.time(0))},
          {"cpu_percent", static_cast<double>(row.integer(1)) / 10},
          {"memory_bytes", row.integer(2)},
          {"spool_bytes", row.integer(3)},
          {"disk_free_bytes", row.integer(4)},
          {"uplink_bytes", row.integer(5)},
          {"temperature_c", integer_or_null(row, 6)},
          {"clock_offset_ms", integer_or_null(row, 7)},
          {"uptime_s", row.integer(8)}};
}

}  // namespace

std::vector<SensorItem> read_sensors(Context& context, std::optional<std::int64_t> site,
                                     std::optional<std::int64_t> sensor) {
  std::vector<SensorItem> out;
  const auto rows = context.ask(query::kSensorList, {context.organization, site, sensor});
  for (const auto row : rows) out.push_back(sensor_item(row));
  return out;
}

Json sensor_counts(const std::vector<SensorItem>& sensors, std::optional<std::int64_t> site) {
  Json out{{"total", 0}, {"ok", 0}, {"degraded", 0}, {"silent", 0}, {"waiting", 0}, {"revoked", 0}};
  for (const auto& sensor : sensors) {
    if (site && sensor.site != *site) continue;
    out[sensor.health] = out[sensor.health].get<int>() + 1;
    if (sensor.health != "revoked") out["total"] = out["total"].get<int>() + 1;
  }
  return out;
}

Response list_sensors(Context& context) {
  const auto site = context.parameters.read_id("site");
  context.parameters.finish();
  Json items = Json::array();
  for (auto& sensor : read_sensors(context, site, std::nullopt))
    items.push_back(std::move(sensor.json));
  return json_response({{"items", std::move(items)}});
}

Response add_sensor(Context& context) {
  context.parameters.finish();
  Body body(context.request);
  const std::int64_t site = body.read_id("site");
  const std::string name = body.read_text("name", 1, 100);
  body.finish();
  try {
    const auto added = context.ask(query::kSensorAdd, {context.organization, site, name});
    if (added.empty()) throw invalid_field("body", "site", "There is no such site.");
    return enrolment_response(context, added[0].integer(0), "sensor.add");
  } catch (const account::DatabaseFailure& failure) {
    if (failure.constraint() != "sensor_name_key") throw;
    throw conflict("body", "name", "The site has a sensor of this name already.");
  }
}

Response get_sensor(Context& context) {
  const Range range = read_range(context, 24 * 60 * kMinuteNs);
  context.parameters.finish();
  Json out = find_sensor(context, context.ids[0]);
  const std::string from = rfc3339(range.from);
  const std::string to = rfc3339(range.to);
  out["from"] = from;
  out["to"] = to;
  out["ports"] = Json::array();
  const auto mirrors = read_mirrors(context, context.ids[0]);
  const auto ports =
      context.ask(query::kSensorPorts, {context.organization, context.ids[0], from, to});
  for (const auto row : ports) {
    Json port{{"name", row.text(0)}};
    int column = 1;
    for (const char* counter : {"packets", "bytes", "dropped_kernel", "dropped_queue", "malformed",
                                "unparsed", "truncated", "evicted"})
      port[counter] = row.integer(column++);
    const auto mirror = mirrors.find(row.text(0));
    port["mirror"] = mirror == mirrors.end() ? Json(nullptr) : mirror->second;
    out["ports"].push_back(std::move(port));
  }
  out["gaps"] = Json::array();
  const auto gaps =
      context.ask(query::kSensorGaps, {context.organization, context.ids[0], from, to});
  for (const auto row : gaps)
    out["gaps"].push_back({{"reason", row.text(0)},
                           {"from", rfc3339(row.time(1))},
                           {"to", rfc3339(row.time(2))},
                           {"packets", row.integer(3)},
                           {"bytes", row.integer(4)}});
  out["series"] = Json::array();
  const auto health =
      context.ask(query::kSensorHealthSeries, {context.organization, context.ids[0], from, to});
  const std::size_t every = health.size() / kHealthPointsMax + 1;
  for (std::size_t i = 0; i < health.size(); i += every)
    out["series"].push_back(health_json(health[i]));
  return json_response(out);
}

Response renew_sensor_code(Context& context) {
  context.parameters.finish();
  const auto found = context.ask(query::kSensorLock, {context.organization, context.ids[0]});
  if (found.empty()) throw not_found();
  if (found[0].text(0) == "revoked")
    throw conflict("path", "sensor", "The sensor is revoked and cannot enrol again.");
  return enrolment_response(context, context.ids[0], "sensor.code");
}

Response revoke_sensor(Context& context) {
  context.parameters.finish();
  const auto found = context.ask(query::kSensorLock, {context.organization, context.ids[0]});
  if (found.empty()) throw not_found();
  context.ask(query::kSensorRevoke, {context.organization, context.ids[0]});
  context.ask(query::kEnrolmentCodeRemove, {context.organization, context.ids[0]});
  Json json = find_sensor(context, context.ids[0]);
  context.audit("sensor.revoke", "sensor:" + id_text(context.ids[0]), "{}");
  context.announce("sensor", found[0].integer(1));
  context.commit();
  return json_response(json);
}

}  // namespace osect::api
