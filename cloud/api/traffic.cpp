// /traffic: series and rankings; and the traffic of one device.
#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "cloud/api/routes.h"
#include "cloud/api/traffic_series.h"
#include "cloud/store/packed.h"
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
struct RankKey {
  std::int64_t client = 0;
  std::int64_t server = 0;
  std::string protocol{};
  std::string transport{};
  std::int64_t port = -1;

  auto operator<=>(const RankKey&) const = default;
};

struct Ranked {
  Volume volume;
  std::map<std::string, std::int64_t> protocol_bytes;  // for ports
};

// The conversations of the range with their volumes, grouped by sides and service.
store::Rows read_volumes(Context& context, const Scope& scope, const Buckets& buckets) {
  std::array<std::vector<std::int64_t>, 5> given;
  std::string step = buckets.step;
  if (buckets.is_of_minutes()) {
    step = "given";
    const auto rows =
        context.ask(query::kTrafficMinutePacked, {context.organization, scope.site, scope.sensor,
                                                  rfc3339(buckets.begin), rfc3339(buckets.end())});
    std::unordered_map<std::int64_t, std::array<std::int64_t, 4>> sums;
    for (const auto row : rows) {
      const auto packed = store::unpack(row.bytes(1));
      if (!packed) continue;
      for (const auto& counters : packed->conversations) {
        auto& sum = sums[counters.id];
        sum[0] += counters.packets_up;
        sum[1] += counters.packets_down;
        sum[2] += counters.bytes_up;
        sum[3] += counters.bytes_down;
      }
    }
    for (const auto& [id, sum] : sums) {
      given[0].push_back(id);
      for (std::size_t i = 0; i < sum.size(); ++i) given[i + 1].push_back(sum[i]);
    }
  }
  return context.ask(query::kTrafficVolumes,
                     {context.organization, scope.site, scope.sensor, rfc3339(buckets.begin),
                      rfc3339(buckets.end()), step, store::Param::array(given[0]),
                      store::Param::array(given[1]), store::Param::array(given[2]),
                      store::Param::array(given[3]), store::Param::array(given[4])});
}

std::unordered_set<std::int64_t> read_outside(Context& context, const store::Rows& rows) {
  std::unordered_set<std::int64_t> sides;
  for (const auto row : rows) {
    sides.insert(row.integer(0));
    sides.insert(row.integer(1));
  }
  const std::vector<std::int64_t> ids(sides.begin(), sides.end());
  std::unordered_set<std::int64_t> out;
  const auto found =
      context.ask(query::kTrafficOutside, {context.organization, store::Param::array(ids)});
  for (const auto row : found) out.insert(row.integer(0));
  return out;
}

using Ranking = std::map<RankKey, Ranked>;

// Adds one row of traffic_volumes to the ranking.
void rank(Ranking& ranking, std::string_view by, const store::Row& row,
          const std::unordered_set<std::int64_t>& outside) {
  const std::int64_t client = row.integer(0);
  const std::int64_t server = row.integer(1);
  const std::int64_t packets = row.integer(5) + row.integer(6);
  const std::int64_t bytes = row.integer(7) + row.integer(8);
  const std::int64_t conversations = row.integer(9);
  const auto add = [&](RankKey key) -> Ranked& {
    Ranked& ranked = ranking[std::move(key)];
    ranked.volume.add(bytes, packets, conversations);
    return ranked;
  };
  if (by == "talker") {
    add({.client = client});
    if (server != client) add({.client = server});
  } else if (by == "pair") {
    add({.client = client, .server = server});
  } else if (by == "protocol") {
    add({.protocol = std::string(row.text(4))});
  } else if (by == "port") {
    Ranked& ranked = add({.transport = std::string(row.text(2)), .port = row.integer(3)});
    ranked.protocol_bytes[std::string(row.text(4))] += bytes;
  } else {
    for (const std::int64_t side : {client, server})
      if (outside.contains(side)) add({.client = side});
  }
}

Json rank_json(const RankKey& key, const Ranked& ranked,
               const std::unordered_map<std::int64_t, Json>& sides) {
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
  if (key.client != 0) {
    out["client"] = side(key.client);
    out["key"] = id_text(key.client);
    out["name"] = out["client"].value("name", "");
  }
  if (key.server != 0) {
    out["server"] = side(key.server);
    out["key"] = id_text(key.client) + "-" + id_text(key.server);
    out["name"] = out["client"].value("name", "") + " \u2192 " + out["server"].value("name", "");
  }
  if (key.client == 0 && key.port < 0) {
    out["protocol"] = text_or_null(key.protocol);
    out["key"] = out["name"] = key.protocol.empty() ? "unknown" : key.protocol;
  }
  if (key.port >= 0) {
    const auto most =
        std::max_element(ranked.protocol_bytes.begin(), ranked.protocol_bytes.end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; });
    out["protocol"] = text_or_null(most->first);
    out["transport"] = key.transport;
    out["port"] = key.port;
    out["key"] = out["name"] = key.transport + "/" + std::to_string(key.port);
  }
  return out;
}

std::unordered_map<std::int64_t, Json> read_sides(Context& context,
                                                  const std::vector<std::int64_t>& ids) {
  std::unordered_map<std::int64_t, Json> out;
  const auto rows =
      context.ask(query::kTrafficSides, {context.organization, store::Param::array(ids)});
  for (const auto row : rows) {
    const std::int64_t id = row.integer(0);
    const auto text = [&](int column) {
      return row.is_null(column) ? Json(nullptr) : Json(std::string(row.text(column)));
    };
    out[id] = {{"id", id > 0 ? Json(id_text(id)) : Json(nullptr)},
               {"name", row.text(1)},
               {"ip", text(2)},
               {"mac", text(3)}};
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
  const TimeNs span = range.to - range.from;
  const Buckets buckets = make_buckets(range, span <= 3 * kHourNs   ? "minute"
                                              : span <= 14 * kDayNs ? "hour"
                                                                    : "day");
  const auto rows = read_volumes(context, scope, buckets);
  std::unordered_set<std::int64_t> outside;
  if (by == "outside") outside = read_outside(context, rows);
  Ranking ranking;
  Volume total;
  for (const auto row : rows) {
    rank(ranking, by, row, outside);
    total.add(row.integer(7) + row.integer(8), row.integer(5) + row.integer(6), row.integer(9));
  }
  std::vector<const Ranking::value_type*> order;
  for (const auto& item : ranking) order.push_back(&item);
  const auto shown = std::min(limit, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(shown), order.end(),
                    [](const auto* a, const auto* b) {
                      return std::tie(b->second.volume.bytes, a->first) <
                             std::tie(a->second.volume.bytes, b->first);
                    });
  order.resize(shown);
  std::vector<std::int64_t> ids;
  for (const auto* item : order)
    for (const std::int64_t side : {item->first.client, item->first.server})
      if (side != 0) ids.push_back(side);
  const auto sides = read_sides(context, ids);
  Json items = Json::array();
  for (const auto* item : order) items.push_back(rank_json(item->first, item->second, sides));
  return json_response({{"by", by},
                        {"from", rfc3339(buckets.begin)},
                        {"to", rfc3339(buckets.end())},
                        {"items", std::move(items)},
                        {"total",
                         {{"bytes", total.bytes},
                          {"packets", total.packets},
                          {"conversations", total.conversations}}},
                        {"count", ranking.size()}});
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
