// /matrix: devices, or groups of them, by devices or groups: who asks stands in the line, who
// answers in the column.
#include "cloud/store/queries/matrix.h"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <map>

#include "cloud/api/edges.h"
#include "cloud/api/export.h"
#include "cloud/api/json.h"
#include "cloud/api/routes.h"

namespace osect::api {
namespace query = store::query;
namespace {

constexpr std::array<std::string_view, 5> kGroups{"device", "type", "vendor", "subnet", "site"};
// Of the export's cells; beside them each access class.
constexpr std::array<std::string_view, 14> kValues{
    "bytes",  "conversations", "operations", "read", "write",   "control", "program",
    "config", "diagnostic",    "identity",   "time", "session", "cyclic",  "none"};
constexpr std::int64_t kLinesDefault = 60;
constexpr std::int64_t kLinesMax = 300;
constexpr std::size_t kPairsMax = 200;

struct Asked {
  Scope scope;
  Range range;
  std::string by;
};

Asked read_asked(Context& context) {
  Asked out;
  out.scope.site = context.parameters.read_id("site");
  out.scope.sensor = context.parameters.read_id("sensor");
  out.range = covered(read_range(context, 24 * 60 * kMinuteNs));
  out.by = context.parameters.read_word("by", kGroups).value_or("vendor");
  return out;
}

struct Line {
  std::string key;
  std::string name;
  std::int64_t devices = 0;
  std::int64_t bytes = 0;
};

struct Cell {
  std::int64_t bytes = 0;
  std::int64_t packets = 0;
  std::int64_t conversations = 0;
  std::int64_t pairs = 0;
  AccessCounts operations{};

  void add(const Edge& edge) {
    bytes += edge.bytes;
    packets += edge.packets;
    conversations += edge.conversations;
    ++pairs;
    for (std::size_t i = 0; i < operations.size(); ++i) operations[i] += edge.operations[i];
  }
};

// Every device's line, by position; what each device is called.
struct Lines {
  std::vector<Line> all;
  boost::unordered_flat_map<std::int64_t, std::size_t> of_device;
  boost::unordered_flat_map<std::int64_t, std::string> names;

  Lines(Context& context, const Asked& request) {
    std::map<std::string, std::size_t, std::less<>> known;
    const auto rows =
        context.ask(query::kMatrixDevices, {context.organization, request.scope.site, request.by});
    of_device.reserve(rows.size());
    names.reserve(rows.size());
    for (const auto row : rows) {
      auto at = known.find(row.text(1));
      if (at == known.end()) {
        at = known.emplace(row.text(1), all.size()).first;
        all.push_back({.key = std::string(row.text(1)), .name = std::string(row.text(2))});
      }
      of_device.emplace(row.integer(0), at->second);
      names.emplace(row.integer(0), row.text(3));
    }
  }
};

struct Matrix {
  std::vector<Line> lines;  // the one with most bytes first
  std::size_t lines_total = 0;
  std::map<std::pair<std::size_t, std::size_t>, Cell> cells;  // by client's and server's line
};

// Calls visit(edge, client's line, server's line) for each pair of devices that is known.
template <typename Visit>
void visit_edges(const Edges& edges, const Lines& lines, const Visit& visit) {
  for (const Edge& edge : edges.all()) {
    const auto client = lines.of_device.find(edge.client);
    const auto server = lines.of_device.find(edge.server);
    if (client != lines.of_device.end() && server != lines.of_device.end())
      visit(edge, client->second, server->second);
  }
}

Matrix make_matrix(Context& context, const Asked& request, std::size_t most) {
  const Edges edges(context, request.scope, request.range);
  Lines lines(context, request);
  for (const auto& [device, bytes] : edges.bytes_of_devices()) {
    const auto at = lines.of_device.find(device);
    if (at == lines.of_device.end()) continue;
    ++lines.all[at->second].devices;
    lines.all[at->second].bytes += bytes;
  }
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < lines.all.size(); ++i)
    if (lines.all[i].bytes > 0) order.push_back(i);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return lines.all[a].bytes != lines.all[b].bytes ? lines.all[a].bytes > lines.all[b].bytes
                                                    : lines.all[a].key < lines.all[b].key;
  });
  Matrix out;
  out.lines_total = order.size();
  order.resize(std::min(order.size(), most));
  constexpr std::size_t kHidden = static_cast<std::size_t>(-1);
  std::vector<std::size_t> shown(lines.all.size(), kHidden);
  for (std::size_t i = 0; i < order.size(); ++i) shown[order[i]] = i;
  visit_edges(edges, lines, [&](const Edge& edge, std::size_t client, std::size_t server) {
    if (shown[client] != kHidden && shown[server] != kHidden)
      out.cells[{shown[client], shown[server]}].add(edge);
  });
  for (const std::size_t at : order) out.lines.push_back(std::move(lines.all[at]));
  return out;
}

Json access_json(const AccessCounts& operations) {
  Json out = Json::object();
  for (std::size_t i = 0; i < kAccesses.size(); ++i)
    if (operations[i] > 0) out[std::string(kAccesses[i])] = operations[i];
  return out;
}

std::int64_t value_of(const Cell& cell, std::string_view value) {
  if (value == "bytes") return cell.bytes;
  if (value == "conversations") return cell.conversations;
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < kAccesses.size(); ++i)
    if (value == "operations" || value == kAccesses[i]) sum += cell.operations[i];
  return sum;
}

std::size_t read_most(Context& context) {
  return static_cast<std::size_t>(
      context.parameters.read_integer("lines", 1, kLinesMax).value_or(kLinesDefault));
}

}  // namespace

Response get_matrix(Context& context) {
  const Asked request = read_asked(context);
  const std::size_t most = read_most(context);
  context.parameters.finish();
  context.plan_for_parameters();
  const Matrix matrix = make_matrix(context, request, most);
  Json lines = Json::array();
  for (const auto& line : matrix.lines)
    lines.push_back({{"key", line.key},
                     {"name", text_or_null(line.name)},
                     {"devices", line.devices},
                     {"bytes", line.bytes}});
  Json cells = Json::array();
  for (const auto& [at, cell] : matrix.cells)
    cells.push_back({{"client", at.first},
                     {"server", at.second},
                     {"pairs", cell.pairs},
                     {"packets", cell.packets},
                     {"bytes", cell.bytes},
                     {"conversations", cell.conversations},
                     {"access", access_json(cell.operations)}});
  return json_response({{"from", rfc3339(request.range.from)},
                        {"to", rfc3339(request.range.to)},
                        {"by", request.by},
                        {"lines", std::move(lines)},
                        {"lines_total", matrix.lines_total},
                        {"cells", std::move(cells)}});
}

Response get_matrix_cell(Context& context) {
  const Asked request = read_asked(context);
  const auto key = [&](const char* name) {
    const auto text = context.parameters.read_text(name, 200);
    if (!context.parameters.has(name)) context.parameters.refuse(name, "Missing.");
    return text.value_or("");
  };
  const std::string client = key("client");
  const std::string server = key("server");
  context.parameters.finish();
  context.plan_for_parameters();
  const Edges edges(context, request.scope, request.range);
  const Lines lines(context, request);
  std::vector<const Edge*> pairs;
  visit_edges(edges, lines, [&](const Edge& edge, std::size_t from, std::size_t to) {
    if (lines.all[from].key == client && lines.all[to].key == server) pairs.push_back(&edge);
  });
  const std::size_t most = std::min(kPairsMax, pairs.size());
  std::partial_sort(pairs.begin(), pairs.begin() + static_cast<std::ptrdiff_t>(most), pairs.end(),
                    [](const Edge* a, const Edge* b) {
                      return a->bytes != b->bytes ? a->bytes > b->bytes : a < b;
                    });
  Json items = Json::array();
  for (std::size_t i = 0; i < most; ++i)
    items.push_back({{"client", reference(pairs[i]->client, lines.names.at(pairs[i]->client))},
                     {"server", reference(pairs[i]->server, lines.names.at(pairs[i]->server))},
                     {"packets", pairs[i]->packets},
                     {"bytes", pairs[i]->bytes},
                     {"conversations", pairs[i]->conversations},
                     {"access", access_json(pairs[i]->operations)}});
  return json_response({{"items", std::move(items)}, {"total", pairs.size()}});
}

Response export_matrix(Context& context) {
  const Asked request = read_asked(context);
  const std::size_t most = read_most(context);
  const std::string value = context.parameters.read_word("value", kValues).value_or("bytes");
  const TableFormat format = read_table_format(context);
  context.parameters.finish();
  context.plan_for_parameters();
  const Matrix matrix = make_matrix(context, request, most);
  const auto name = [&](const Line& line) {
    if (!line.name.empty()) return line.name;
    if (!line.key.empty()) return line.key;
    return std::string(format.is_japanese ? "不明" : "unknown");
  };
  Table table;
  table.columns.push_back(
      {format.is_japanese ? "クライアント ＼ サーバー" : "Client \\ Server", CellKind::text});
  for (const Line& line : matrix.lines) table.columns.push_back({name(line), CellKind::number});
  for (std::size_t client = 0; client < matrix.lines.size(); ++client) {
    std::vector<std::string> row{name(matrix.lines[client])};
    for (std::size_t server = 0; server < matrix.lines.size(); ++server) {
      const auto cell = matrix.cells.find({client, server});
      row.push_back(cell == matrix.cells.end() ? std::string()
                                               : std::to_string(value_of(cell->second, value)));
    }
    table.rows.push_back(std::move(row));
  }
  return table_response(context, "matrix", format, table);
}

}  // namespace osect::api
