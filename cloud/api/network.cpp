// /network: devices as nodes, who talks to whom as edges.
#include "cloud/store/queries/network.h"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
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
};

// Pairs of devices with what they said.
class Edges {
 public:
  Edges(const store::Volumes& volumes, const Devices& devices) : volumes_(volumes) {
    places_of_rows_.reserve(volumes.rows.size());
    places_.reserve(volumes.rows.size());
    edges_.reserve(volumes.rows.size());
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

  [[nodiscard]] const std::vector<Edge>& all() const { return edges_; }
  void add_operations(std::int64_t client, std::int64_t server, std::int64_t count) {
    const auto at = places_.find({client, server});
    if (at != places_.end()) edges_[at->second].operations += count;
  }
  // Those between such devices, the largest first, at most so many: positions in all().
  template <typename Has>
  [[nodiscard]] std::vector<std::size_t> largest(const Has& has, std::size_t most) const {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < edges_.size(); ++i)
      if (has(edges_[i].client) && has(edges_[i].server)) out.push_back(i);
    const auto end = out.begin() + static_cast<std::ptrdiff_t>(std::min(most, out.size()));
    std::partial_sort(out.begin(), end, out.end(), [&](std::size_t left, std::size_t right) {
      const Edge& a = edges_[left];
      const Edge& b = edges_[right];
      return std::tie(b.bytes, a.client, a.server) < std::tie(a.bytes, b.client, b.server);
    });
    out.erase(end, out.end());
    return out;
  }
  // The services of each of these edges, ascending.
  [[nodiscard]] std::vector<std::vector<std::size_t>> services(
      const std::vector<std::size_t>& shown) const {
    std::vector<std::size_t> shown_at(edges_.size(), kNone);
    for (std::size_t i = 0; i < shown.size(); ++i) shown_at[shown[i]] = i;
    std::vector<std::vector<std::size_t>> out(shown.size());
    for (std::size_t i = 0; i < places_of_rows_.size(); ++i) {
      if (places_of_rows_[i] == kNone || shown_at[places_of_rows_[i]] == kNone) continue;
      auto& services = out[shown_at[places_of_rows_[i]]];
      const auto at = std::lower_bound(services.begin(), services.end(), volumes_.rows[i].service);
      if (at == services.end() || *at != volumes_.rows[i].service)
        services.insert(at, volumes_.rows[i].service);
    }
    return out;
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

// Different texts in order, at most so many.
Json texts_json(std::vector<std::string>&& texts, std::size_t most) {
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  texts.resize(std::min(texts.size(), most));
  return std::move(texts);
}

Json edge_json(const Edge& edge, const std::vector<std::size_t>& services,
               const store::Volumes& volumes) {
  std::vector<std::string> protocols;
  std::vector<std::string> ports;
  for (const std::size_t at : services) {
    const auto& service = volumes.services[at];
    if (!service.protocol.empty()) protocols.push_back(service.protocol);
    ports.push_back(service.transport + "/" + std::to_string(service.port));
  }
  // Thousands of these: a list of initializers would copy each value.
  Json out = Json::object();
  out.get_ref<Json::object_t&>().reserve(8);
  out["client"] = id_text(edge.client);
  out["server"] = id_text(edge.server);
  out["protocols"] = texts_json(std::move(protocols), services.size());
  out["ports"] = texts_json(std::move(ports), kPortsMax);
  out["packets"] = edge.packets;
  out["bytes"] = edge.bytes;
  out["conversations"] = edge.conversations;
  out["operations"] = edge.operations;
  return out;
}

Json node_json(const store::Row& row, std::int64_t bytes) {
  const auto text = [&](int column) {
    return row.is_null(column) ? Json(nullptr) : Json(row.text(column));
  };
  Json out = Json::object();
  out.get_ref<Json::object_t&>().reserve(12);
  out["id"] = row.text(0);
  out["name"] = row.text(1);
  out["type"] = row.text(2) == "unknown" ? Json(nullptr) : Json(row.text(2));
  out["vendor"] = text_or_null(row.text(3));
  out["subnet"] = text(10);
  out["ip"] = text(4);
  out["is_local"] = row.boolean(5);
  out["is_router"] = row.boolean(6);
  out["is_outside"] = row.boolean(7);
  out["site"] = row.text(8);
  out["bytes"] = bytes;
  out["last_seen"] = rfc3339(row.time(9));
  return out;
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

  // Devices with most bytes come first, then those that were seen and said nothing.
  boost::unordered_flat_map<std::int64_t, std::int64_t> bytes;
  for (const Edge& edge : edges.all()) {
    bytes[edge.client] += edge.bytes;
    if (edge.server != edge.client) bytes[edge.server] += edge.bytes;
  }
  const auto active =
      context.ask(query::kNetworkActive, {context.organization, site, sensor, from, to});
  for (const auto row : active) bytes.try_emplace(row.integer(0), 0);
  std::vector<std::pair<std::int64_t, std::int64_t>> ranked;  // minus bytes, device
  ranked.reserve(bytes.size());
  for (const auto& [device, volume] : bytes) ranked.emplace_back(-volume, device);
  const std::size_t most = std::min(nodes_max, ranked.size());
  std::partial_sort(ranked.begin(), ranked.begin() + static_cast<std::ptrdiff_t>(most),
                    ranked.end());
  ranked.resize(most);
  std::vector<std::int64_t> ids;
  ids.reserve(ranked.size());
  for (const auto& [volume, device] : ranked) ids.push_back(device);
  const auto node_rows =
      context.ask(query::kNetworkNodes, {context.organization, store::Param::array(ids)});
  boost::unordered_flat_map<std::int64_t, std::size_t> row_of;
  for (std::size_t i = 0; i < node_rows.size(); ++i) row_of.emplace(node_rows[i].integer(0), i);
  Json node_list = Json::array();
  for (const std::int64_t id : ids)
    if (const auto at = row_of.find(id); at != row_of.end())
      node_list.push_back(node_json(node_rows[at->second], bytes.at(id)));

  const auto operations =
      context.ask(query::kNetworkOperations, {context.organization, site, sensor, from, to});
  for (const auto row : operations)
    edges.add_operations(devices.of(row.integer(0)), devices.of(row.integer(1)), row.integer(2));
  const auto shown =
      edges.largest([&](std::int64_t device) { return row_of.contains(device); }, edges_max);
  const auto services = edges.services(shown);
  Json edge_list = Json::array();
  for (std::size_t i = 0; i < shown.size(); ++i)
    edge_list.push_back(edge_json(edges.all()[shown[i]], services[i], volumes));
  Json truncated = nullptr;
  if (node_list.size() < bytes.size() || shown.size() < edges.all().size())
    truncated = {{"nodes", node_list.size()},
                 {"edges", shown.size()},
                 {"nodes_total", bytes.size()},
                 {"edges_total", edges.all().size()}};
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
