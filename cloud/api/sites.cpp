// /sites: the overview and its administration.
#include "cloud/account/database.h"
#include "cloud/api/body.h"
#include "cloud/api/routes.h"
#include "cloud/api/sensors.h"
#include "cloud/store/queries/site_read.h"

namespace osect::api {
namespace query = store::query;
namespace {

Json sites_json(Context& context, std::optional<std::int64_t> site) {
  const auto sensors = read_sensors(context, site, std::nullopt);
  const auto rows = context.ask(query::kSiteList, {context.organization, site});
  Json out = Json::array();
  for (const auto row : rows)
    out.push_back({{"id", id_text(row.integer(0))},
                   {"name", row.text(1)},
                   {"time_zone", row.text(2)},
                   {"place", row.text(3)},
                   {"created_at", rfc3339(row.time(4))},
                   {"sensors", sensor_counts(sensors, row.integer(0))},
                   {"devices", row.integer(5)},
                   {"devices_new_7d", row.integer(6)},
                   {"last_data_at", time_or_null(row, 7)},
                   {"bytes_24h", integer_or_null(row, 8)},
                   {"uplink_bytes_month", row.integer(9)},
                   {"alerts_open", row.integer(10)},
                   {"severity", text_or_null(row.text(11))}});
  return out;
}

void check_time_zone(Context& context, Body& body, const std::optional<std::string>& zone) {
  if (zone && !context.ask(query::kTimeZoneIsKnown, {*zone})[0].boolean(0))
    body.refuse("time_zone", "Not a time zone.", {"an IANA name such as Asia/Tokyo"});
}

// Called where the failure is being handled: what it is not about goes on as it came.
[[noreturn]] void refuse_name(const account::DatabaseFailure& failure) {
  if (failure.constraint() != "site_name_key") throw;
  throw conflict("body", "name", "There is a site of this name already.");
}

}  // namespace

Response list_sites(Context& context) {
  context.parameters.finish();
  return json_response({{"items", sites_json(context, std::nullopt)}});
}

Response add_site(Context& context) {
  context.parameters.finish();
  if (!context.session.reach.is_everywhere)
    throw forbidden("role", "Who adds a site has to be an admin of the whole organization.");
  Body body(context.request);
  const std::string name = body.read_text("name", 1, 100);
  const auto zone = body.read_optional_text("time_zone", 1, 64);
  const auto place = body.read_optional_text("place", 0, 200);
  check_time_zone(context, body, zone);
  body.finish();
  try {
    const auto id = context
                        .ask(query::kSiteAdd, {context.organization, name,
                                               zone.value_or("Asia/Tokyo"), place.value_or("")})[0]
                        .integer(0);
    context.audit("site.add", "site:" + id_text(id), Json{{"name", name}}.dump());
    context.announce("site", id);
    const Json json = sites_json(context, id).at(0);
    context.commit();
    return json_response(json, 201);
  } catch (const account::DatabaseFailure& failure) {
    refuse_name(failure);
  }
}

Response change_site(Context& context) {
  context.parameters.finish();
  Body body(context.request);
  const auto name = body.read_optional_text("name", 1, 100);
  const auto zone = body.read_optional_text("time_zone", 1, 64);
  const auto place = body.read_optional_text("place", 0, 200);
  check_time_zone(context, body, zone);
  body.finish_not_empty();
  try {
    const std::int64_t id = context.ids[0];
    if (context.ask(query::kSiteChange, {context.organization, id, name, zone, place}).empty())
      throw not_found();
    Json detail = Json::object();
    if (name) detail["name"] = *name;
    if (zone) detail["time_zone"] = *zone;
    if (place) detail["place"] = *place;
    context.audit("site.change", "site:" + id_text(id), detail.dump());
    context.announce("site", id);
    const Json json = sites_json(context, id).at(0);
    context.commit();
    return json_response(json);
  } catch (const account::DatabaseFailure& failure) {
    refuse_name(failure);
  }
}

}  // namespace osect::api
