// /network: devices as nodes, who talks to whom as edges.
#include "cloud/store/queries/network.h"

#include <algorithm>
#include <unordered_map>

#include "cloud/api/conversations.h"
#include "cloud/api/routes.h"

namespace osect::api {
namespace query = store::query;
namespace {

constexpr std::size_t kPortsMax = 20;
constexpr std::int64_t kDetailMax = 500;

struct Node {
  std::int64_t bytes = 0;
  std::size_t row = 0;
  bool has_row = false;
};
using Nodes = std::unordered_map<std::int64_t, Node>;

Json edge_json(const store::Row& row) {
  auto protocols = row.texts(2);
  std::erase(protocols, "");
  auto ports = row.texts(3);
  ports.resize(std::min(ports.size(), kPortsMax));
  return {{"client", id_text(row.integer(0))},  {"server", id_text(row.integer(1))},
          {"protocols", std::move(protocols)},  {"ports", std::move(ports)},
          {"packets", row.integer(4)},          {"bytes", row.integer(5)},
          {"conversations", row.integer(6)},    {"operations", row.integer(7)},
          {"first_seen", rfc3339(row.time(8))}, {"last_seen", rfc3339(row.time(9))}};
}

Json node_json(const store::Row& row, std::int64_t bytes) {
  return {{"id", id_text(row.integer(0))},
          {"name", row.text(1)},
          {"type", row.text(2) == "unknown" ? Json(nullptr) : Json(row.text(2))},
          {"vendor", text_or_null(row.text(3))},
          {"subnet", row.is_null(10) ? Json(nullptr) : Json(row.text(10))},
          {"ip", row.is_null(4) ? Json(nullptr) : Json(row.text(4))},
          {"is_local", row.boolean(5)},
          {"is_router", row.boolean(6)},
          {"is_outside", row.boolean(7)},
          {"site", id_text(row.integer(8))},
          {"bytes", bytes},
          {"last_seen", rfc3339(row.time(9))}};
}

}  // namespace

Response get_network(Context& context) {
  const auto site = context.parameters.read_id("site");
  const auto sensor = context.parameters.read_id("sensor");
  const Range range = read_range(context, 24 * 60 * kMinuteNs);
  const auto nodes_max =
      static_cast<std::size_t>(context.parameters.read_integer("nodes", 1, 5000).value_or(2000));
  const auto edges_max =
      static_cast<std::size_t>(context.parameters.read_integer("edges", 1, 20000).value_or(5000));
  context.parameters.finish();
  context.plan_for_parameters();
  const std::string from = rfc3339(range.from);
  const std::string to = rfc3339(range.to);
  const auto edge_rows =
      context.ask(query::kNetworkEdges, {context.organization, site, sensor, from, to});
  Nodes nodes;
  for (const auto row : edge_rows) {
    nodes[row.integer(0)].bytes += row.integer(5);
    if (row.integer(1) != row.integer(0)) nodes[row.integer(1)].bytes += row.integer(5);
  }
  std::vector<std::int64_t> ids;
  for (const auto& [id, node] : nodes) ids.push_back(id);
  const auto node_rows = context.ask(query::kNetworkNodes, {context.organization, site, sensor,
                                                            from, to, store::Param::array(ids)});
  std::vector<std::pair<std::int64_t, std::size_t>> order;  // bytes, row
  for (std::size_t i = 0; i < node_rows.size(); ++i) {
    Node& node = nodes[node_rows[i].integer(0)];
    node.row = i;
    order.emplace_back(node.bytes, i);
  }
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  Json node_list = Json::array();
  for (const auto& [bytes, i] : order) {
    if (node_list.size() == nodes_max) break;
    nodes[node_rows[i].integer(0)].has_row = true;
    node_list.push_back(node_json(node_rows[i], bytes));
  }
  Json edge_list = Json::array();
  for (const auto row : edge_rows) {
    if (edge_list.size() == edges_max) break;
    if (nodes[row.integer(0)].has_row && nodes[row.integer(1)].has_row)
      edge_list.push_back(edge_json(row));
  }
  Json truncated = nullptr;
  if (node_list.size() < node_rows.size() || edge_list.size() < edge_rows.size())
    truncated = {{"nodes", node_list.size()},
                 {"edges", edge_list.size()},
                 {"nodes_total", node_rows.size()},
                 {"edges_total", edge_rows.size()}};
  return json_response({{"from", from},
                        {"to", to},
                        {"nodes", std::move(node_list)},
                        {"edges", std::move(edge_list)},
                        {"truncated", std::move(truncated)}});
}

Response get_network_edge(Context& context) {
  Between between;
  between.client = context.parameters.read_id("client");
  between.server = context.parameters.read_id("server");
  for (const char* side : {"client", "server"})
    if (!context.parameters.has(side)) context.parameters.refuse(side, "Missing.");
  between.range = read_open_range(context);
  context.parameters.finish();
  context.plan_for_parameters();
  Json out;
  for (const auto& [name, id] : {std::pair{"client", between.client}, {"server", between.server}}) {
    const auto rows = context.ask(query::kNetworkDevice, {context.organization, id});
    if (rows.empty()) throw not_found();
    out[name] = reference(rows[0].integer(0), rows[0].text(1));
  }
  const auto conversations = conversations_between(context, between, kDetailMax + 1);
  const auto operations = operations_between(context, between, kDetailMax + 1);
  const auto most = static_cast<std::size_t>(kDetailMax);
  out["conversations"] = Json::array();
  for (std::size_t i = 0; i < std::min(most, conversations.size()); ++i)
    out["conversations"].push_back(conversation_json(conversations[i]));
  out["operations"] = Json::array();
  for (std::size_t i = 0; i < std::min(most, operations.size()); ++i)
    out["operations"].push_back(operation_json(operations[i]));
  out["truncated"] = conversations.size() > most || operations.size() > most;
  return json_response(out);
}

}  // namespace osect::api
