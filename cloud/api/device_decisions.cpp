// Merging and splitting devices by hand, undoing it; and the addresses that never spoke.
#include "cloud/api/body.h"
#include "cloud/api/devices.h"
#include "cloud/api/routes.h"
#include "cloud/store/queries/device_decision.h"
#include "cloud/store/queries/device_detail.h"

namespace osect::api {
namespace query = store::query;
namespace {

constexpr std::int64_t kUnheardMax = 1000;
constexpr std::size_t kSplitMax = 500;

Json device_ref(std::int64_t id, std::string_view name) {
  return {{"id", id_text(id)}, {"name", name}, {"ip", nullptr}, {"mac", nullptr}};
}

Json name_or_null(const store::Row& row, int column) {
  return row.is_null(column) ? Json(nullptr) : Json(std::string(row.text(column)));
}

Json decision_json(const store::Row& row) {
  return {{"id", id_text(row.integer(0))},
          {"kind", row.text(1)},
          {"device", device_ref(row.integer(2), row.text(3))},
          {"other", row.is_null(4) ? Json(nullptr) : device_ref(row.integer(4), row.text(5))},
          {"keys", row.texts(6)},
          {"made_by", name_or_null(row, 7)},
          {"made_at", rfc3339(row.time(8))},
          {"undone_by", name_or_null(row, 9)},
          {"undone_at", time_or_null(row, 10)}};
}

std::int64_t find_device(Context& context, std::int64_t id) {
  const auto rows = context.ask(query::kDeviceResolve, {context.organization, id});
  if (rows.empty()) throw not_found();
  return rows[0].integer(0);
}

// Hands the devices to inventory, writes down who did what, and answers with the decision.
Response decided(Context& context, std::int64_t decision, const std::string& action,
                 const std::vector<std::int64_t>& devices) {
  context.ask(query::kResolveAgain, {context.organization, store::Param::array(devices)});
  const auto rows = context.ask(query::kListDecisions, {context.organization, nullptr, decision});
  const Json json = decision_json(rows[0]);
  context.audit(action, "device:" + id_text(devices[0]), json.dump());
  context.commit();
  return json_response(json);
}

}  // namespace

Json device_decisions_json(Context& context, std::int64_t device) {
  Json out = Json::array();
  for (const auto row : context.ask(query::kListDecisions, {context.organization, device, nullptr}))
    out.push_back(decision_json(row));
  return out;
}

Response merge_device(Context& context) {
  context.parameters.finish();
  const std::int64_t device = find_device(context, context.ids[0]);
  Body body(context.request);
  const std::int64_t named = body.read_id("device");
  body.finish();
  const auto found = context.ask(query::kDeviceResolve, {context.organization, named});
  if (!found.empty()) {
    const std::int64_t other = found[0].integer(0);
    const auto rows = context.ask(
        query::kDecideMerge, {context.organization, device, other, context.session.account.id});
    if (!rows.empty()) return decided(context, rows[0].integer(0), "device.merge", {device, other});
  }
  body.refuse("device", "Not another device of the same site.");
  body.finish();
  throw not_found();
}

Response split_device(Context& context) {
  context.parameters.finish();
  const std::int64_t device = find_device(context, context.ids[0]);
  Body body(context.request);
  const auto endpoints = body.read_ids("endpoints", kSplitMax);
  body.finish();
  const auto rows = context.ask(
      query::kDecideSplit,
      {context.organization, device, store::Param::array(endpoints), context.session.account.id});
  if (!rows.empty()) return decided(context, rows[0].integer(0), "device.split", {device});
  body.refuse("endpoints", "Some of the device's endpoints, but not all.");
  body.finish();
  throw not_found();
}

Response undo_device_decision(Context& context) {
  context.parameters.finish();
  const auto rows = context.ask(query::kUndoDecision,
                                {context.organization, context.ids[1], context.session.account.id});
  if (rows.empty()) throw not_found();
  const std::string action = "device.undo_" + std::string(rows[0].text(1));
  return decided(context, context.ids[1], action,
                 {rows[0].integer(2), rows[0].try_integer(3).value_or(rows[0].integer(2))});
}

Response list_unheard_endpoints(Context& context) {
  const auto site = context.parameters.read_id("site");
  const auto sensor = context.parameters.read_id("sensor");
  context.parameters.finish();
  context.plan_for_parameters();
  const auto rows =
      context.ask(query::kListUnheard, {context.organization, site, sensor, kUnheardMax + 1});
  const auto most = static_cast<std::size_t>(kUnheardMax);
  Json items = Json::array();
  for (std::size_t i = 0; i < std::min(most, rows.size()); ++i) {
    const auto row = rows[i];
    Json askers = Json::array();
    const auto ids = row.integers(10);
    const auto names = row.texts(11);
    for (std::size_t k = 0; k < ids.size(); ++k) askers.push_back(device_ref(ids[k], names[k]));
    items.push_back({{"id", id_text(row.integer(0))},
                     {"site", reference(row.integer(1), row.text(2))},
                     {"sensor", reference(row.integer(3), row.text(4))},
                     {"vlan", row.integer(5)},
                     {"mac", name_or_null(row, 6)},
                     {"ip", name_or_null(row, 7)},
                     {"askers", std::move(askers)},
                     {"first_seen", rfc3339(row.time(8))},
                     {"last_seen", rfc3339(row.time(9))}});
  }
  return json_response({{"items", std::move(items)}, {"truncated", rows.size() > most}});
}

}  // namespace osect::api
