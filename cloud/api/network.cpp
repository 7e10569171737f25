// /network: devices as nodes, who talks to whom as edges.
#include "cloud/store/queries/network.h"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <set>
#include <tuple>

#include "cloud/api/conversations.h"
#include "cloud/api/routes.h"
#include "cloud/api/volumes.h"

namespace osect::api {
namespace query = store::query;
namespace {

constexpr std::size_t kPortsMax = 20;
constexpr std::int64_t kDetailMax = 500;

struct Edge {
  std::int64_t client = 0;  // devices
  std::int64_t server = 0;
  std::int64_t packets = 0;
  std::int64_t bytes = 0;
  std::int64_t conversations = 0;
  std::int64_t operations = 0;
  std::set<std::size_t> services{};  // of those that are shown
  bool is_shown = false;
};

// Pairs of devices with what they said, the largest first in order().
class Edges {
 public:
  Edges(const store::Volumes& volumes, const Devices& devices) : volumes_(volumes) {
    for (const auto& row : volumes.rows) {
      const std::size_t at = place(devices.of(row.client), devices.of(row.server));
      places_of_rows_.push_back(at);
      if (at == kNone) continue;
      Edge& edge = edges_[at];
      edge.packets += row.packets_up + row.packets_down;
      edge.bytes += row.bytes_up + row.bytes_down;
      ++edge.conversations;
    }
  }

  [[nodiscard]] std::vector<Edge*> order() {
    std::vector<Edge*> out;
    out.reserve(edges_.size());
    for (Edge& edge : edges_) out.push_back(&edge);
    std::sort(out.begin(), out.end(), [](const Edge* a, const Edge* b) {
      return std::tie(b->bytes, a->client, a->server) < std::tie(a->bytes, b->client, b->server);
    });
    return out;
  }
  // Services of the edges that are shown.
  void name_services() {
    for (std::size_t i = 0; i < places_of_rows_.size(); ++i) {
      const std::size_t at = places_of_rows_[i];
      if (at != kNone && edges_[at].is_shown) edges_[at].services.insert(volumes_.rows[i].service);
    }
  }
  void add_operations(std::int64_t client, std::int64_t server, std::int64_t count) {
    const auto at = places_.find({client, server});
    if (at != places_.end()) edges_[at->second].operations += count;
  }

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  // What no device stands behind yet is no edge.
  std::size_t place(std::int64_t client, std::int64_t server) {
    if (client < 0 || server < 0) return kNone;
    const auto [at, is_new] = places_.try_emplace({client, server}, edges_.size());
    if (is_new) edges_.push_back({.client = client, .server = server});
    return at->second;
  }

  const store::Volumes& volumes_;
  std::vector<Edge> edges_;
  std::vector<std::size_t> places_of_rows_;
  boost::unordered_flat_map<std::pair<std::int64_t, std::int64_t>, std::size_t> places_;
};

Json edge_json(const Edge& edge, const store::Volumes& volumes) {
  std::set<std::string> protocols;
  std::set<std::string> ports;
  for (const std::size_t at : edge.services) {
    const auto& service = volumes.services[at];
    if (!service.protocol.empty()) protocols.insert(service.protocol);
    ports.insert(service.transport + "/" + std::to_string(service.port));
  }
  while (ports.size() > kPortsMax) ports.erase(std::prev(ports.end()));
  // Thousands of these: a list of initializers would copy each value.
  Json out = Json::object();
  out["client"] = id_text(edge.client);
  out["server"] = id_text(edge.server);
  out["protocols"] = std::move(protocols);
  out["ports"] = std::move(ports);
  out["packets"] = edge.packets;
  out["bytes"] = edge.bytes;
  out["conversations"] = edge.conversations;
  out["operations"] = edge.operations;
  return out;
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
  const Range answered = covered(range);
  const std::string from = rfc3339(answered.from);
  const std::string to = rfc3339(answered.to);
  const store::Volumes volumes = read_volumes(context, {site, sensor}, answered);
  const Devices devices(context, site);
  Edges edges(volumes, devices);
  const auto order = edges.order();

  // Devices with most bytes come first, then those that were seen and said nothing.
  boost::unordered_flat_map<std::int64_t, std::int64_t> bytes;
  for (const Edge* edge : order) {
    bytes[edge->client] += edge->bytes;
    if (edge->server != edge->client) bytes[edge->server] += edge->bytes;
  }
  const auto active =
      context.ask(query::kNetworkActive, {context.organization, site, sensor, from, to});
  for (const auto row : active) bytes.try_emplace(row.integer(0), 0);
  std::vector<std::pair<std::int64_t, std::int64_t>> ranked;  // minus bytes, device
  ranked.reserve(bytes.size());
  for (const auto& [device, volume] : bytes) ranked.emplace_back(-volume, device);
  std::sort(ranked.begin(), ranked.end());
  ranked.resize(std::min(nodes_max, ranked.size()));
  std::vector<std::int64_t> ids;
  for (const auto& [volume, device] : ranked) ids.push_back(device);
  const auto node_rows =
      context.ask(query::kNetworkNodes, {context.organization, store::Param::array(ids)});
  boost::unordered_flat_map<std::int64_t, std::size_t> row_of;
  for (std::size_t i = 0; i < node_rows.size(); ++i) row_of.emplace(node_rows[i].integer(0), i);
  Json node_list = Json::array();
  for (const std::int64_t id : ids)
    if (const auto at = row_of.find(id); at != row_of.end())
      node_list.push_back(node_json(node_rows[at->second], bytes.at(id)));

  std::size_t shown = 0;
  for (Edge* edge : order) {
    if (shown == edges_max) break;
    edge->is_shown = row_of.contains(edge->client) && row_of.contains(edge->server);
    shown += edge->is_shown ? 1 : 0;
  }
  edges.name_services();
  const auto operations =
      context.ask(query::kNetworkOperations, {context.organization, site, sensor, from, to});
  for (const auto row : operations)
    edges.add_operations(devices.of(row.integer(0)), devices.of(row.integer(1)), row.integer(2));
  Json edge_list = Json::array();
  for (const Edge* edge : order)
    if (edge->is_shown) edge_list.push_back(edge_json(*edge, volumes));
  Json truncated = nullptr;
  if (node_list.size() < bytes.size() || shown < order.size())
    truncated = {{"nodes", node_list.size()},
                 {"edges", shown},
                 {"nodes_total", bytes.size()},
                 {"edges_total", order.size()}};
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
