// Traffic over time from traffic_minute (packed, unpacked here), traffic_hour and traffic_day.
#include "cloud/api/traffic_series.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "base/log.h"
#include "cloud/store/packed.h"
#include "cloud/store/queries/traffic_read.h"

namespace osect::api {
namespace query = store::query;
namespace {

constexpr std::int64_t kBucketsMax = 1500;
constexpr std::int64_t kLinesMax = 6;

struct Step {
  std::string_view name;
  std::int64_t width_s;
};
constexpr std::array kSteps{Step{"minute", 60}, Step{"five_minutes", 300},
                            Step{"quarter_hour", 900}, Step{"hour", 3600}, Step{"day", 86400}};
constexpr TimeNs kHourNs = 60 * kMinuteNs;
constexpr TimeNs kUnpackedNs = 6 * kHourNs;

std::vector<store::Param> scope_params(const Context& context, const Scope& scope,
                                       const Buckets& buckets) {
  return {context.organization, scope.site, scope.sensor, rfc3339(buckets.begin),
          rfc3339(buckets.end())};
}

// Calls visit(bucket, conversation counters) for every conversation of every packed minute.
template <typename Visit>
void visit_minutes(const store::Rows& rows, const Buckets& buckets, Visit&& visit) {
  for (const auto row : rows) {
    const auto bucket = buckets.index(row.time(0));
    if (!bucket) continue;
    const auto packed = store::unpack(row.bytes(1));
    if (!packed) {
      log::error("A packed minute of traffic cannot be read: {}", packed.error().message);
      continue;
    }
    for (const auto& conversation : packed->conversations) visit(*bucket, conversation);
  }
}

struct Keys {
  std::string protocol;
  std::int64_t client = 0;
  std::int64_t server = 0;
};

std::unordered_map<std::int64_t, Keys> read_keys(Context& context,
                                                 const std::unordered_set<std::int64_t>& ids) {
  const std::vector<std::int64_t> list(ids.begin(), ids.end());
  const auto rows =
      context.ask(query::kTrafficKeys, {context.organization, store::Param::array(list)});
  std::unordered_map<std::int64_t, Keys> out;
  for (const auto row : rows)
    out[row.integer(0)] = {std::string(row.text(1)), row.integer(2), row.integer(3)};
  return out;
}

// The keys with most bytes.
template <typename Key>
std::vector<Key> largest(const std::map<Key, std::int64_t>& volumes) {
  std::vector<std::pair<std::int64_t, Key>> order;
  for (const auto& [key, bytes] : volumes) order.emplace_back(bytes, key);
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<Key> out;
  for (const auto& [bytes, key] : order)
    if (out.size() < static_cast<std::size_t>(kLinesMax)) out.push_back(key);
  return out;
}

// Lines by key from packed minutes; each(conversation, keys, add) calls add(key, bytes, packets)
// for each share.
template <typename Key, typename Each>
std::map<Key, Line> minute_lines(Context& context, const Scope& scope, const Buckets& buckets,
                                 Line& others, Each&& each) {
  const auto rows = context.ask(query::kTrafficMinutePacked, scope_params(context, scope, buckets));
  std::unordered_set<std::int64_t> ids;
  visit_minutes(rows, buckets, [&](std::size_t, const auto& counters) { ids.insert(counters.id); });
  const auto keys = read_keys(context, ids);
  std::map<Key, std::int64_t> volumes;
  visit_minutes(rows, buckets, [&](std::size_t, const auto& counters) {
    const auto found = keys.find(counters.id);
    if (found == keys.end()) return;
    each(counters, found->second,
         [&](const Key& key, std::int64_t bytes, std::int64_t) { volumes[key] += bytes; });
  });
  std::map<Key, Line> out;
  for (const Key& key : largest(volumes)) out.emplace(key, Line(buckets.count));
  visit_minutes(rows, buckets, [&](std::size_t bucket, const auto& counters) {
    const auto found = keys.find(counters.id);
    if (found == keys.end()) return;
    each(counters, found->second, [&](const Key& key, std::int64_t bytes, std::int64_t packets) {
      const auto line = out.find(key);
      (line == out.end() ? others : line->second).add(bucket, bytes, packets);
    });
  });
  return out;
}

// Lines by key from rows (bucket, key or null, bytes, packets) of hours and days.
template <typename Key, typename Read>
std::map<Key, Line> rolled_lines(const store::Rows& rows, const Buckets& buckets, Line& others,
                                 Read&& read_key) {
  std::map<Key, Line> out;
  for (const auto row : rows) {
    const auto bucket = buckets.index(row.time(0));
    if (!bucket) continue;
    Line& line =
        row.is_null(1) ? others : out.try_emplace(read_key(row), Line(buckets.count)).first->second;
    line.add(*bucket, row.integer(2), row.integer(3));
  }
  return out;
}

template <typename Key>
std::vector<Line> in_order(std::map<Key, Line>&& lines, Line&& others) {
  std::vector<Line> out;
  for (auto& [key, line] : lines) out.push_back(std::move(line));
  std::stable_sort(out.begin(), out.end(),
                   [](const Line& a, const Line& b) { return a.total_bytes() > b.total_bytes(); });
  if (others.total_packets() > 0) out.push_back(std::move(others));
  return out;
}

Line others_line(const Buckets& buckets) {
  Line out(buckets.count);
  out.key = "others";
  out.name = "others";
  return out;
}

}  // namespace

std::optional<std::size_t> Buckets::index(TimeNs time) const {
  if (time < begin || time >= end()) return std::nullopt;
  return static_cast<std::size_t>((time - begin) / (width_s * kSecondNs));
}

Buckets make_buckets(const Range& range, std::string_view step) {
  Buckets out;
  for (const auto& known : kSteps) {
    if (known.name != step) continue;
    out.step = known.name;
    out.width_s = known.width_s;
  }
  const TimeNs width = out.width_s * kSecondNs;
  out.begin = range.from / width * width;
  out.count = static_cast<std::size_t>((range.to - out.begin + width - 1) / width);
  return out;
}

Buckets read_buckets(Context& context, const Range& range, TimeNs minutes_up_to) {
  const TimeNs span = range.to - range.from;
  std::vector<std::string_view> allowed;
  for (const auto& step : kSteps)
    if (span <= kBucketsMax * step.width_s * kSecondNs) allowed.push_back(step.name);
  if (allowed.empty()) {
    context.parameters.refuse("from", "The range is too long.",
                              {std::to_string(kBucketsMax) + " days at most"});
    return {};
  }
  const auto wanted = context.parameters.read_word("step", allowed);
  if (wanted) return make_buckets(range, *wanted);
  if (span <= minutes_up_to)
    return make_buckets(range, span <= 6 * kHourNs    ? "minute"
                               : span <= 25 * kHourNs ? "five_minutes"
                                                      : "quarter_hour");
  const bool is_short = span <= 14 * 86400 * kSecondNs;
  return make_buckets(range, is_short ? std::string_view("hour") : allowed.back());
}

TimeNs unpacked_up_to(Context& context, const Scope& scope, const Range& range) {
  const TimeNs span = range.to - range.from;
  if (span <= kUnpackedNs || span > kMinutesNs) return kUnpackedNs;
  const auto known = context.ask(
      query::kTrafficMinuteTotals,
      {context.organization, scope.site, scope.sensor, rfc3339(range.from), rfc3339(range.to)});
  return static_cast<TimeNs>(known.size()) * kMinuteNs <= kUnpackedNs ? kMinutesNs : kUnpackedNs;
}

std::int64_t Line::total_bytes() const {
  return std::accumulate(bytes.begin(), bytes.end(), std::int64_t{0});
}

std::int64_t Line::total_packets() const {
  return std::accumulate(packets.begin(), packets.end(), std::int64_t{0});
}

Json series_json(Context& context, const Scope& scope, const Buckets& buckets,
                 const std::vector<Line>& lines) {
  std::vector<bool> is_known(buckets.count);
  for (const Line& line : lines)
    for (std::size_t i = 0; i < buckets.count; ++i)
      if (line.packets[i] > 0) is_known[i] = true;
  auto params = scope_params(context, scope, buckets);
  params.emplace_back(buckets.width_s);
  const auto arrived = context.ask(query::kTrafficArrived, params);
  for (const auto row : arrived)
    if (const auto bucket = buckets.index(row.time(0))) is_known[*bucket] = true;
  Json times = Json::array();
  for (std::size_t i = 0; i < buckets.count; ++i)
    times.push_back(rfc3339(buckets.begin + static_cast<TimeNs>(i) * buckets.width_s * kSecondNs));
  Json series = Json::array();
  for (const Line& line : lines) {
    Json bytes = Json::array();
    Json packets = Json::array();
    for (std::size_t i = 0; i < buckets.count; ++i) {
      bytes.push_back(is_known[i] ? Json(line.bytes[i]) : Json(nullptr));
      packets.push_back(is_known[i] ? Json(line.packets[i]) : Json(nullptr));
    }
    series.push_back({{"key", line.key},
                      {"name", line.name},
                      {"device", line.device ? Json(id_text(*line.device)) : Json(nullptr)},
                      {"total_bytes", line.total_bytes()},
                      {"total_packets", line.total_packets()},
                      {"bytes", std::move(bytes)},
                      {"packets", std::move(packets)}});
  }
  return {{"from", rfc3339(buckets.begin)}, {"to", rfc3339(buckets.end())},
          {"step", buckets.step},           {"step_seconds", buckets.width_s},
          {"times", std::move(times)},      {"series", std::move(series)}};
}

Line total_line(Context& context, const Scope& scope, const Buckets& buckets) {
  Line out(buckets.count);
  out.key = out.name = "total";
  auto params = scope_params(context, scope, buckets);
  const bool is_minute = buckets.is_of_minutes();
  if (!is_minute) params.emplace_back(buckets.step);
  const auto rows =
      context.ask(is_minute ? query::kTrafficMinuteTotals : query::kTrafficTotals, params);
  const int first = is_minute ? 1 : 2;
  for (const auto row : rows)
    if (const auto bucket = buckets.index(row.time(0)))
      out.add(*bucket, row.integer(first), row.integer(first + 1));
  return out;
}

std::vector<Line> protocol_lines(Context& context, const Scope& scope, const Buckets& buckets) {
  Line others = others_line(buckets);
  std::map<std::string, Line> lines;
  if (buckets.is_of_minutes()) {
    lines = minute_lines<std::string>(context, scope, buckets, others,
                                      [](const auto& counters, const Keys& keys, auto&& add) {
                                        add(keys.protocol, counters.bytes_up + counters.bytes_down,
                                            counters.packets_up + counters.packets_down);
                                      });
  } else {
    auto params = scope_params(context, scope, buckets);
    params.emplace_back(buckets.step);
    params.emplace_back(kLinesMax);
    lines =
        rolled_lines<std::string>(context.ask(query::kTrafficByProtocol, params), buckets, others,
                                  [](const store::Row& row) { return std::string(row.text(1)); });
  }
  for (auto& [protocol, line] : lines)
    line.key = line.name = protocol.empty() ? "unknown" : protocol;
  return in_order(std::move(lines), std::move(others));
}

std::vector<Line> device_lines(Context& context, const Scope& scope, const Buckets& buckets) {
  Line others = others_line(buckets);
  std::map<std::int64_t, Line> lines;
  if (buckets.is_of_minutes()) {
    lines = minute_lines<std::int64_t>(
        context, scope, buckets, others, [](const auto& counters, const Keys& keys, auto&& add) {
          add(keys.client, counters.bytes_up, counters.packets_up);
          add(keys.server, counters.bytes_down, counters.packets_down);
        });
  } else {
    auto params = scope_params(context, scope, buckets);
    params.emplace_back(buckets.step);
    params.emplace_back(kLinesMax);
    lines =
        rolled_lines<std::int64_t>(context.ask(query::kTrafficByDevice, params), buckets, others,
                                   [](const store::Row& row) { return row.integer(1); });
  }
  std::vector<std::int64_t> ids;
  for (const auto& [id, line] : lines) ids.push_back(id);
  const auto names =
      context.ask(query::kTrafficSides, {context.organization, store::Param::array(ids)});
  for (const auto row : names) lines.at(row.integer(0)).name = row.text(1);
  for (auto& [id, line] : lines) {
    line.key = id_text(id);
    if (id > 0) line.device = id;
  }
  return in_order(std::move(lines), std::move(others));
}

std::vector<Line> lines_of_device(Context& context, std::int64_t device, const Buckets& buckets) {
  Line sent(buckets.count);
  Line received(buckets.count);
  sent.key = sent.name = "sent";
  received.key = received.name = "received";
  if (buckets.is_of_minutes()) {
    struct Sides {
      bool is_client = false;
      bool is_server = false;
    };
    std::unordered_map<std::int64_t, Sides> sides;
    const auto own = context.ask(query::kTrafficSidesOfDevice, {context.organization, device});
    for (const auto row : own) sides[row.integer(0)] = {row.boolean(1), row.boolean(2)};
    const auto rows = context.ask(query::kTrafficMinutePacked, scope_params(context, {}, buckets));
    visit_minutes(rows, buckets, [&](std::size_t bucket, const auto& counters) {
      const auto found = sides.find(counters.id);
      if (found == sides.end()) return;
      if (found->second.is_client) {
        sent.add(bucket, counters.bytes_up, counters.packets_up);
        received.add(bucket, counters.bytes_down, counters.packets_down);
      }
      if (found->second.is_server) {
        sent.add(bucket, counters.bytes_down, counters.packets_down);
        received.add(bucket, counters.bytes_up, counters.packets_up);
      }
    });
  } else {
    const auto rows =
        context.ask(query::kTrafficOfDevice, {context.organization, device, buckets.step,
                                              rfc3339(buckets.begin), rfc3339(buckets.end())});
    for (const auto row : rows) {
      const auto bucket = buckets.index(row.time(0));
      if (!bucket) continue;
      sent.add(*bucket, row.integer(1), row.integer(2));
      received.add(*bucket, row.integer(3), row.integer(4));
    }
  }
  return {std::move(sent), std::move(received)};
}

}  // namespace osect::api
