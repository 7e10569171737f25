// /traffic: series and rankings; and the traffic of one device.
#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "cloud/api/conversations.h"
#include "cloud/api/routes.h"
#include "cloud/api/traffic_series.h"
#include "cloud/api/volumes.h"
#include "cloud/store/queries/device_detail.h"
#include "cloud/store/queries/traffic_read.h"

namespace osect::api {
namespace query = store::query;
namespace {

constexpr TimeNs kHourNs = 60 * kMinuteNs;
constexpr TimeNs kDayNs = 24 * kHourNs;

Scope read_scope(Context& context) {
  Scope out;
  out.site = context.parameters.read_id("site");
  out.sensor = context.parameters.read_id("sensor");
  return out;
}

struct Volume {
  std::int64_t bytes = 0;
  std::int64_t packets = 0;
  std::int64_t conversations = 0;

  void add(std::int64_t more_bytes, std::int64_t more_packets, std::int64_t more_conversations) {
    bytes += more_bytes;
    packets += more_packets;
    conversations += more_conversations;
  }
};

// What is ranked: sides (a device, or minus an endpoint; 0: none), protocol, transport and port as
// the kind of ranking needs.
struct Ranked {
  std::int64_t client = 0;
  std::int64_t server = 0;
  std::string protocol{};  // of a port: the one with most bytes
  std::string transport{};
  std::int64_t port = -1;
  Volume volume{};
};

std::int64_t bytes_of(const store::Volumes::Row& row) {
  return row.bytes_up + row.bytes_down;
}
std::int64_t packets_of(const store::Volumes::Row& row) {
  return row.packets_up + row.packets_down;
}

// Pairs or single devices; thousands of them, of which few are shown.
struct Sided {
  std::int64_t client = 0;
  std::int64_t server = 0;
  Volume volume{};
};

// The largest first, at most `limit`.
template <typename Item, typename Order>
void keep_largest(std::vector<Item>& items, std::size_t limit, const Order& order) {
  const auto end = items.begin() + static_cast<std::ptrdiff_t>(std::min(limit, items.size()));
  std::partial_sort(items.begin(), end, items.end(), order);
  items.erase(end, items.end());
}

std::vector<Sided> rank_pairs(const store::Volumes& volumes, const Devices& devices) {
  boost::unordered_flat_map<std::pair<std::int64_t, std::int64_t>, std::size_t> places;
  places.reserve(volumes.rows.size());
  std::vector<Sided> out;
  out.reserve(volumes.rows.size());
  for (const auto& row : volumes.rows) {
    const std::pair sides(devices.of(row.client), devices.of(row.server));
    const auto [at, is_new] = places.try_emplace(sides, out.size());
    if (is_new) out.push_back({.client = sides.first, .server = sides.second});
    out[at->second].volume.add(bytes_of(row), packets_of(row), 1);
  }
  return out;
}

// `only` restricts what is ranked to these.
std::vector<Sided> rank_devices(const store::Volumes& volumes, const Devices& devices,
                                const std::unordered_set<std::int64_t>* only) {
  boost::unordered_flat_map<std::int64_t, Volume> sums;
  for (const auto& row : volumes.rows) {
    const std::int64_t client = devices.of(row.client);
    const std::int64_t server = devices.of(row.server);
    sums[client].add(bytes_of(row), packets_of(row), 1);
    if (server != client) sums[server].add(bytes_of(row), packets_of(row), 1);
  }
  std::vector<Sided> out;
  for (const auto& [device, volume] : sums)
    if (only == nullptr || only->contains(device))
      out.push_back({.client = device, .volume = volume});
  return out;
}

std::vector<Ranked> rank_services(const store::Volumes& volumes, bool is_by_port) {
  std::vector<Volume> sums(volumes.services.size());
  for (const auto& row : volumes.rows) sums[row.service].add(bytes_of(row), packets_of(row), 1);
  struct Group {
    Ranked ranked;
    std::map<std::string, std::int64_t> protocol_bytes;
  };
  std::map<std::tuple<std::string, std::int64_t, std::string>, Group> groups;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const auto& service = volumes.services[i];
    if (sums[i].conversations == 0) continue;
    Group& group = is_by_port ? groups[{service.transport, service.port, ""}]
                              : groups[{"", -1, service.protocol}];
    if (is_by_port) {
      group.ranked.transport = service.transport;
      group.ranked.port = service.port;
    }
    group.ranked.volume.add(sums[i].bytes, sums[i].packets, sums[i].conversations);
    group.protocol_bytes[service.protocol] += sums[i].bytes;
  }
  std::vector<Ranked> out;
  for (auto& [key, group] : groups) {
    group.ranked.protocol =
        std::max_element(group.protocol_bytes.begin(), group.protocol_bytes.end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; })
            ->first;
    out.push_back(std::move(group.ranked));
  }
  return out;
}

struct Ranking {
  std::vector<Ranked> items;  // the largest first
  std::size_t count = 0;      // of all there are
};

Ranking rank_sides(Context& context, const Scope& scope, std::string_view by,
                   const store::Volumes& volumes, std::size_t limit) {
  const Devices devices(context, scope.site);
  std::vector<Sided> sides;
  if (by == "pair") {
    sides = rank_pairs(volumes, devices);
  } else if (by == "talker") {
    sides = rank_devices(volumes, devices, nullptr);
  } else {
    std::unordered_set<std::int64_t> outside;
    const auto found = context.ask(query::kTrafficOutside, {context.organization, scope.site});
    for (const auto row : found) outside.insert(row.integer(0));
    sides = rank_devices(volumes, devices, &outside);
  }
  Ranking out;
  out.count = sides.size();
  keep_largest(sides, limit, [](const Sided& a, const Sided& b) {
    return std::tie(b.volume.bytes, a.client, a.server) <
           std::tie(a.volume.bytes, b.client, b.server);
  });
  for (const Sided& item : sides)
    out.items.push_back({.client = item.client, .server = item.server, .volume = item.volume});
  return out;
}

Ranking rank(Context& context, const Scope& scope, std::string_view by,
             const store::Volumes& volumes, std::size_t limit) {
  if (by != "protocol" && by != "port") return rank_sides(context, scope, by, volumes, limit);
  Ranking out;
  out.items = rank_services(volumes, by == "port");
  out.count = out.items.size();
  keep_largest(out.items, limit, [](const Ranked& a, const Ranked& b) {
    return std::tie(b.volume.bytes, a.protocol, a.transport, a.port) <
           std::tie(a.volume.bytes, b.protocol, b.transport, b.port);
  });
  return out;
}

Json rank_json(const Ranked& ranked, const std::unordered_map<std::int64_t, Json>& sides) {
  Json out{{"key", ""},
           {"name", ""},
           {"client", nullptr},
           {"server", nullptr},
           {"protocol", nullptr},
           {"transport", nullptr},
           {"port", nullptr},
           {"bytes", ranked.volume.bytes},
           {"packets", ranked.volume.packets},
           {"conversations", ranked.volume.conversations}};
  const auto side = [&](std::int64_t id) {
    const auto found = sides.find(id);
    return found == sides.end() ? Json(nullptr) : found->second;
  };
  if (ranked.client != 0) {
    out["client"] = side(ranked.client);
    out["key"] = id_text(ranked.client);
    out["name"] = out["client"].value("name", "");
  }
  if (ranked.server != 0) {
    out["server"] = side(ranked.server);
    out["key"] = id_text(ranked.client) + "-" + id_text(ranked.server);
    out["name"] = out["client"].value("name", "") + " \u2192 " + out["server"].value("name", "");
  }
  if (ranked.client != 0) return out;
  out["protocol"] = text_or_null(ranked.protocol);
  if (ranked.port >= 0) {
    out["transport"] = ranked.transport;
    out["port"] = ranked.port;
    out["key"] = out["name"] = ranked.transport + "/" + std::to_string(ranked.port);
  } else {
    out["key"] = out["name"] = ranked.protocol.empty() ? "unknown" : ranked.protocol;
  }
  return out;
}

}  // namespace

Response get_traffic_series(Context& context) {
  static constexpr std::array<std::string_view, 3> kBy{"total", "protocol", "device"};
  const Scope scope = read_scope(context);
  const Range range = read_range(context, kDayNs);
  const auto by = context.parameters.read_word("by", kBy).value_or("total");
  // Totals of minutes stand ready; shares of minutes have to be unpacked.
  const Buckets buckets = read_buckets(
      context, range, by == "total" ? kMinutesNs : unpacked_up_to(context, scope, range));
  context.parameters.finish();
  context.plan_for_parameters();
  std::vector<Line> lines;
  if (by == "total")
    lines.push_back(total_line(context, scope, buckets));
  else
    lines = by == "protocol" ? protocol_lines(context, scope, buckets)
                             : device_lines(context, scope, buckets);
  return json_response(series_json(context, scope, buckets, lines));
}

Response get_traffic_ranking(Context& context) {
  static constexpr std::array<std::string_view, 5> kBy{"talker", "pair", "protocol", "port",
                                                       "outside"};
  const Scope scope = read_scope(context);
  const Range range = read_range(context, kDayNs);
  const auto by = context.parameters.read_required_word("by", kBy);
  const auto limit =
      static_cast<std::size_t>(context.parameters.read_integer("limit", 1, 100).value_or(20));
  context.parameters.finish();
  context.plan_for_parameters();
  const Range answered = covered(range);
  const store::Volumes volumes = read_volumes(context, scope, answered);
  Volume total;
  for (const auto& row : volumes.rows) total.add(bytes_of(row), packets_of(row), 1);
  const Ranking ranking = rank(context, scope, by, volumes, limit);
  std::vector<std::int64_t> ids;
  for (const Ranked& item : ranking.items)
    for (const std::int64_t side : {item.client, item.server})
      if (side != 0) ids.push_back(side);
  const auto sides = read_sides(context, ids);
  Json items = Json::array();
  for (const Ranked& item : ranking.items) items.push_back(rank_json(item, sides));
  return json_response({{"by", by},
                        {"from", rfc3339(answered.from)},
                        {"to", rfc3339(answered.to)},
                        {"items", std::move(items)},
                        {"total",
                         {{"bytes", total.bytes},
                          {"packets", total.packets},
                          {"conversations", total.conversations}}},
                        {"count", ranking.count}});
}

Response get_device_traffic(Context& context) {
  const Range range = read_range(context, kDayNs);
  const Buckets buckets = read_buckets(context, range, unpacked_up_to(context, {}, range));
  context.parameters.finish();
  const auto found = context.ask(query::kDeviceResolve, {context.organization, context.ids[0]});
  if (found.empty()) throw not_found();
  context.plan_for_parameters();
  const auto lines = lines_of_device(context, found[0].integer(0), buckets);
  return json_response(series_json(context, {}, buckets, lines));
}

}  // namespace osect::api
