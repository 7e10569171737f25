// /devices/{device}: one device and the parts of its page.
#include "cloud/api/body.h"
#include "cloud/api/conversations.h"
#include "cloud/api/devices.h"
#include "cloud/api/routes.h"
#include "cloud/store/queries/device_decision.h"
#include "cloud/store/queries/device_detail.h"

namespace osect::api {
namespace query = store::query;
namespace {

constexpr std::int64_t kItemsMax = 1000;

// The device of the path, or the one it was merged into.
std::int64_t find_device(Context& context) {
  const auto rows = context.ask(query::kDeviceResolve, {context.organization, context.ids[0]});
  if (rows.empty()) throw not_found();
  return rows[0].integer(0);
}

Json text(const store::Row& row, int column) {
  return row.is_null(column) ? Json(nullptr) : Json(std::string(row.text(column)));
}

Json endpoint_json(const store::Row& row) {
  return {{"id", id_text(row.integer(0))},
          {"sensor", reference(row.integer(1), row.text(2))},
          {"vlan", row.integer(3)},
          {"mac", text(row, 4)},
          {"ip", text(row, 5)},
          {"has_sent", row.boolean(6)},
          {"packets", row.integer(7)},
          {"bytes", row.integer(8)},
          {"first_seen", rfc3339(row.time(9))},
          {"last_seen", rfc3339(row.time(10))}};
}

Json service_json(const store::Row& row) {
  return {{"protocol", text_or_null(row.text(0))},
          {"transport", row.text(1)},
          {"port", row.integer(2)},
          {"role", row.text(3)},
          {"peers", row.integer(4)}};
}

Json detail_json(Context& context, std::int64_t device) {
  context.plan_for_parameters();
  auto json = find_device_json(context, device);
  if (!json) throw not_found();
  Json endpoints = Json::array();
  const auto rows = context.ask(query::kDeviceEndpoints, {context.organization, device});
  for (const auto row : rows) endpoints.push_back(endpoint_json(row));
  const auto counts = context.ask(query::kDeviceInvolvement, {context.organization, device});
  (*json)["endpoints"] = std::move(endpoints);
  (*json)["conversations"] = counts[0].integer(0);
  (*json)["operations"] = counts[0].integer(1);
  const auto why = context.ask(query::kDeviceWhy, {context.organization, device});
  (*json)["attributes"] = Json::parse(why[0].text(0));
  (*json)["links"] = Json::parse(why[0].text(1));
  Json services = Json::array();
  const auto offered = context.ask(query::kDeviceServices, {context.organization, device});
  for (const auto row : offered) services.push_back(service_json(row));
  (*json)["services"] = std::move(services);
  (*json)["decisions"] = device_decisions_json(context, device);
  return std::move(*json);
}

// {"items", "truncated"} of at most kItemsMax + 1 rows.
Response items_response(const store::Rows& rows, Json (*item)(const store::Row&)) {
  const auto most = static_cast<std::size_t>(kItemsMax);
  Json items = Json::array();
  for (std::size_t i = 0; i < std::min(most, rows.size()); ++i) items.push_back(item(rows[i]));
  return json_response({{"items", std::move(items)}, {"truncated", rows.size() > most}});
}

Json fact_json(const store::Row& row) {
  return {{"id", id_text(row.integer(0))},
          {"attribute", row.text(1)},
          {"value", row.text(2)},
          {"source", row.text(3)},
          {"confidence", row.integer(4)},
          {"count", row.integer(5)},
          {"endpoint", {{"ip", text(row, 6)}, {"mac", text(row, 7)}}},
          {"first_seen", rfc3339(row.time(8))},
          {"last_seen", rfc3339(row.time(9))}};
}

Json peer_json(const store::Row& row) {
  return {{"device", side_json(row, 0)},
          {"is_server", row.boolean(4)},
          {"protocol", text_or_null(row.text(5))},
          {"transport", row.text(6)},
          {"port", row.integer(7)},
          {"packets_sent", row.integer(8)},
          {"packets_received", row.integer(9)},
          {"bytes_sent", row.integer(10)},
          {"bytes_received", row.integer(11)},
          {"operations", row.integer(12)},
          {"first_seen", rfc3339(row.time(13))},
          {"last_seen", rfc3339(row.time(14))}};
}

}  // namespace

Response get_device(Context& context) {
  context.parameters.finish();
  return json_response(detail_json(context, find_device(context)));
}

Response change_device(Context& context) {
  context.parameters.finish();
  Body body(context.request);
  const auto name = body.read_nullable_text("name", 1, 200);
  const auto type = body.read_nullable_text("type", 1, 50);
  body.finish_not_empty();
  const std::int64_t device = find_device(context);
  // What is given back keeps its value, marked as observed, until inventory has looked again.
  const auto value = [](const auto& field) {
    return field && *field ? store::Param(**field) : store::Param(nullptr);
  };
  const auto source = [](const auto& field) {
    return field ? store::Param(*field ? "person" : "") : store::Param(nullptr);
  };
  const auto rows = context.ask(
      query::kDeviceSetByPerson,
      {context.organization, device, value(name), source(name), value(type), source(type)});
  const bool is_given_back = (name && !*name) || (type && !*type);
  if (is_given_back) context.ask(query::kDeviceObserveAgain, {context.organization, device});
  Json detail = Json::object();
  if (name) detail["name"] = *name ? Json(**name) : Json(nullptr);
  if (type) detail["type"] = *type ? Json(**type) : Json(nullptr);
  context.audit("device.change", "device:" + id_text(device), detail.dump());
  context.announce("device", rows[0].integer(0));
  Json json = detail_json(context, device);
  context.commit();
  return json_response(json);
}

Response list_device_facts(Context& context) {
  context.parameters.finish();
  const std::int64_t device = find_device(context);
  return items_response(
      context.ask(query::kDeviceFacts, {context.organization, device, kItemsMax + 1}), fact_json);
}

Response list_device_peers(Context& context) {
  const OpenRange range = read_open_range(context);
  context.parameters.finish();
  const std::int64_t device = find_device(context);
  return items_response(context.ask(query::kDevicePeers, {context.organization, device, range.from,
                                                          range.to, kItemsMax + 1}),
                        peer_json);
}

Response list_device_operations(Context& context) {
  Between between;
  between.range = read_open_range(context);
  context.parameters.finish();
  between.device = find_device(context);
  context.plan_for_parameters();
  return items_response(operations_between(context, between, kItemsMax + 1), operation_json);
}

}  // namespace osect::api
