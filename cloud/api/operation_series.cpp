// /operations/series: how often operations were done, hour by hour.
#include "cloud/store/queries/operation_series.h"

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <string>
#include <vector>

#include "base/log.h"
#include "cloud/api/conversations.h"
#include "cloud/api/routes.h"
#include "cloud/api/shares.h"
#include "cloud/store/operation_counts.h"
#include "cloud/store/queries/traffic_read.h"

namespace osect::api {
namespace query = store::query;
namespace {

constexpr Measures kMeasures{"count", "errors"};
constexpr TimeNs kDayNs = 24 * 60 * kMinuteNs;

// What operations are counted under, and which of them under what.
struct Keys {
  std::vector<std::string> names;
  boost::unordered_flat_map<std::int64_t, std::size_t> of;  // operation: position in names
};

Keys read_keys(Context& context, std::vector<store::Param> filters, std::string_view by,
               std::optional<std::int64_t> operation) {
  filters.emplace_back(by);
  filters.emplace_back(operation);
  const auto rows = context.ask(query::kOperationKeys, filters);
  Keys out;
  out.of.reserve(rows.size());
  boost::unordered_flat_map<std::string_view, std::size_t> places;  // views of the rows' texts
  for (const auto row : rows) {
    const auto [at, is_new] = places.try_emplace(row.text(1), out.names.size());
    if (is_new) out.names.emplace_back(row.text(1));
    out.of.emplace(row.integer(0), at->second);
  }
  return out;
}

Shares<std::size_t> read_shares(Context& context, const Scope& scope, const Buckets& buckets,
                                const Keys& keys) {
  Shares<std::size_t> out(buckets);
  const auto hours =
      context.ask(query::kOperationHours, {context.organization, scope.site, scope.sensor,
                                           rfc3339(buckets.begin), rfc3339(buckets.end())});
  for (const auto row : hours) {
    const auto counts = store::unpack_operation_counts(row.bytes(1));
    if (!counts) {
      log::error("Packed operations cannot be read: {}", counts.error().message);
      continue;
    }
    const auto bucket = buckets.index(row.time(0));
    if (!bucket) continue;
    for (const auto& counted : counts->rows)
      if (const auto at = keys.of.find(counted.operation); at != keys.of.end())
        out.add(at->second, *bucket, counted.count, counted.errors);
  }
  return out;
}

// Devices, and endpoints without one as minus their id, get their names.
void name_sides(Context& context, std::vector<Line*> lines) {
  std::vector<std::int64_t> ids;
  ids.reserve(lines.size());
  for (const Line* const line : lines) ids.push_back(std::stoll(line->key));
  const auto rows =
      context.ask(query::kTrafficSides, {context.organization, store::Param::array(ids)});
  for (const auto row : rows)
    for (std::size_t i = 0; i < lines.size(); ++i)
      if (ids[i] == row.integer(0)) {
        lines[i]->name = row.text(1);
        if (ids[i] > 0) lines[i]->device = ids[i];
      }
}

}  // namespace

Response get_operation_series(Context& context) {
  static constexpr std::array<std::string_view, 6> kBy{"total",  "protocol", "function",
                                                       "access", "client",   "server"};
  const auto filters = read_operation_filters(context);
  const Scope scope{context.parameters.read_id("site"), context.parameters.read_id("sensor")};
  const Range range = read_range(context, kDayNs);
  const auto operation = context.parameters.read_id("operation");
  const auto by = context.parameters.read_word("by", kBy).value_or("total");
  const Buckets buckets = read_buckets(context, range, 0, 3600);
  context.parameters.finish();
  context.plan_for_parameters();
  const Keys keys = read_keys(context, filters, by, operation);
  Line others = others_line(buckets);
  auto lines = read_shares(context, scope, buckets, keys).take(others);
  std::vector<Line*> sides;
  for (auto& [place, line] : lines) {
    line.key = line.name = keys.names[place];
    sides.push_back(&line);
  }
  if (by == "client" || by == "server") name_sides(context, sides);
  auto ordered = in_order(std::move(lines), std::move(others));
  // Nothing done is a line too, where all is one line.
  if (by == "total" && ordered.empty()) {
    Line& none = ordered.emplace_back(buckets.count);
    none.key = none.name = by;
  }
  return json_response(series_json(context, scope, buckets, ordered, kMeasures));
}

}  // namespace osect::api
