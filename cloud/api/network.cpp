// /network: devices as nodes, who talks to whom as edges.
#include "cloud/store/queries/network.h"

#include <algorithm>

#include "cloud/api/conversations.h"
#include "cloud/api/edges.h"
#include "cloud/api/json_text.h"
#include "cloud/api/routes.h"

namespace osect::api {
namespace query = store::query;
namespace {

constexpr std::int64_t kDetailMax = 500;

void write_texts(JsonText& out, std::string_view name, const std::vector<std::string>& texts) {
  out.key(name).open('[');
  for (const auto& text : texts) out.text(text);
  out.close(']');
}

void write_edge(JsonText& out, const Edge& edge, const Edges::Services& services) {
  out.open('{').key("client").id(edge.client).key("server").id(edge.server);
  write_texts(out, "protocols", services.protocols);
  write_texts(out, "ports", services.ports);
  out.key("packets").number(edge.packets).key("bytes").number(edge.bytes);
  out.key("conversations").number(edge.conversations);
  out.key("operations").number(edge.operation_count());
  out.key("access").open('{');
  for (std::size_t i = 0; i < kAccesses.size(); ++i)
    if (edge.operations[i] > 0) out.key(kAccesses[i]).number(edge.operations[i]);
  out.close('}').close('}');
}

void write_node(JsonText& out, const store::Row& row, std::int64_t bytes) {
  const auto text = [&](int column) {
    return row.is_null(column) ? std::string_view() : row.text(column);
  };
  out.open('{').key("id").id(row.integer(0)).key("name").text(row.text(1));
  out.key("type").text_or_null(row.text(2) == "unknown" ? std::string_view() : row.text(2));
  out.key("vendor").text_or_null(row.text(3)).key("os").text_or_null(row.text(11));
  out.key("level").text_or_null(row.text(12)).key("role").text_or_null(row.text(13));
  out.key("subnet").text_or_null(text(10)).key("ip").text_or_null(text(4));
  out.key("is_local").truth(row.boolean(5)).key("is_router").truth(row.boolean(6));
  out.key("is_outside").truth(row.boolean(7)).key("site").text(row.text(8));
  out.key("severity").text_or_null(row.text(14));
  out.key("bytes").number(bytes).key("last_seen").text(rfc3339(row.time(9))).close('}');
}

// Those with most bytes come first.
std::vector<std::int64_t> largest_devices(const Edges::Bytes& bytes, std::size_t most) {
  std::vector<std::pair<std::int64_t, std::int64_t>> ranked;  // minus bytes, device
  ranked.reserve(bytes.size());
  for (const auto& [device, volume] : bytes) ranked.emplace_back(-volume, device);
  const auto end = ranked.begin() + static_cast<std::ptrdiff_t>(std::min(most, ranked.size()));
  std::partial_sort(ranked.begin(), end, ranked.end());
  std::vector<std::int64_t> out;
  for (auto at = ranked.begin(); at != end; ++at) out.push_back(at->second);
  return out;
}

}  // namespace

Response get_network(Context& context) {
  Scope scope;
  scope.site = context.parameters.read_id("site");
  scope.sensor = context.parameters.read_id("sensor");
  const Range range = covered(read_range(context, 24 * 60 * kMinuteNs));
  const auto nodes_max =
      static_cast<std::size_t>(context.parameters.read_integer("nodes", 1, 5000).value_or(2000));
  const auto edges_max =
      static_cast<std::size_t>(context.parameters.read_integer("edges", 1, 20000).value_or(5000));
  context.parameters.finish();
  context.plan_for_parameters();
  const Edges edges(context, scope, range);
  const Edges::Bytes bytes = edges.bytes_of_devices();
  const auto ids = largest_devices(bytes, nodes_max);
  const auto rows =
      context.ask(query::kNetworkNodes, {context.organization, store::Param::array(ids)});
  boost::unordered_flat_map<std::int64_t, std::size_t> row_of;
  for (std::size_t i = 0; i < rows.size(); ++i) row_of.emplace(rows[i].integer(0), i);

  JsonText out;
  out.open('{').key("from").text(rfc3339(range.from)).key("to").text(rfc3339(range.to));
  out.key("nodes").open('[');
  for (const std::int64_t id : ids)
    if (const auto at = row_of.find(id); at != row_of.end())
      write_node(out, rows[at->second], bytes.at(id));
  out.close(']').key("edges").open('[');
  const auto shown =
      edges.largest([&](std::int64_t device) { return row_of.contains(device); }, edges_max);
  const auto services = edges.services(shown);
  for (std::size_t i = 0; i < shown.size(); ++i)
    write_edge(out, edges.all()[shown[i]], services[i]);
  out.close(']').key("truncated");
  if (row_of.size() == bytes.size() && shown.size() == edges.all().size())
    out.null();
  else
    out.open('{')
        .key("nodes")
        .number(static_cast<std::int64_t>(row_of.size()))
        .key("edges")
        .number(static_cast<std::int64_t>(shown.size()))
        .key("nodes_total")
        .number(static_cast<std::int64_t>(bytes.size()))
        .key("edges_total")
        .number(static_cast<std::int64_t>(edges.all().size()))
        .close('}');
  return out.close('}').take();
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
