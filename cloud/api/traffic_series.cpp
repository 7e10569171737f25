// Traffic over time from packed minutes, hours and days, and from the totals that stand ready.
#include "cloud/api/traffic_series.h"

#include <algorithm>
#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <numeric>
#include <set>
#include <utility>

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

// Bytes and packets of each key in each bucket, of which the largest become lines.
template <typename Key>
class Shares {
 public:
  explicit Shares(const Buckets& buckets) : buckets_(buckets) {}

  void add(const Key& key, std::size_t bucket, std::int64_t bytes, std::int64_t packets) {
    auto [at, is_new] = cells_.try_emplace(key);
    if (is_new) at->second.resize(buckets_.count);
    at->second[bucket].first += bytes;
    at->second[bucket].second += packets;
  }
  std::map<Key, Line> take(Line& others) {
    std::map<Key, std::int64_t> volumes;
    for (const auto& [key, cells] : cells_)
      for (const auto& [bytes, packets] : cells) volumes[key] += bytes;
    std::map<Key, Line> out;
    for (const Key& key : largest(volumes)) out.emplace(key, Line(buckets_.count));
    for (const auto& [key, cells] : cells_) {
      const auto line = out.find(key);
      Line& into = line == out.end() ? others : line->second;
      for (std::size_t i = 0; i < cells.size(); ++i) into.add(i, cells[i].first, cells[i].second);
    }
    return out;
  }

 private:
  const Buckets& buckets_;
  boost::unordered_flat_map<Key, std::vector<std::pair<std::int64_t, std::int64_t>>> cells_;
};

// Calls visit(bucket, row, service) for every conversation of every packed minute, hour or day.
template <typename Visit>
void visit_conversations(Context& context, const Scope& scope, const Buckets& buckets,
                         Visit&& visit) {
  const Range range{buckets.begin, buckets.end()};
  if (!buckets.is_of_minutes()) {
    visit_volumes(context, scope, buckets.step == "hour" ? Grain::hour : Grain::day, range,
                  [&](TimeNs at, const store::Volumes& volumes) {
                    const auto bucket = buckets.index(at);
                    if (!bucket) return;
                    for (const auto& row : volumes.rows)
                      visit(*bucket, row, volumes.services[row.service]);
                  });
    return;
  }
  const Minutes minutes = read_minutes(context, scope, range);
  const VolumeSum subjects = read_subjects(context, scope, range, minutes);
  for (const auto& [at, packed] : minutes) {
    const auto bucket = buckets.index(at);
    if (!bucket) continue;
    for (const auto& counters : packed.conversations) {
      const auto* const subject = subjects.find(counters.id);
      if (subject == nullptr) continue;
      store::Volumes::Row row = *subject;
      row.packets_up = counters.packets_up;
      row.packets_down = counters.packets_down;
      row.bytes_up = counters.bytes_up;
      row.bytes_down = counters.bytes_down;
      visit(*bucket, row, subjects.service(*subject));
    }
  }
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
    Shares<std::string> shares(buckets);
    visit_conversations(context, scope, buckets,
                        [&](std::size_t bucket, const auto& row, const auto& service) {
                          shares.add(service.protocol, bucket, row.bytes_up + row.bytes_down,
                                     row.packets_up + row.packets_down);
                        });
    lines = shares.take(others);
  } else {
    auto params = scope_params(context, scope, buckets);
    params.emplace_back(buckets.step);
    params.emplace_back(kLinesMax);
    const auto rows = context.ask(query::kTrafficByProtocol, params);
    for (const auto row : rows) {
      const auto bucket = buckets.index(row.time(0));
      if (!bucket) continue;
      Line& line =
          row.is_null(1)
              ? others
              : lines.try_emplace(std::string(row.text(1)), Line(buckets.count)).first->second;
      line.add(*bucket, row.integer(2), row.integer(3));
    }
  }
  for (auto& [protocol, line] : lines)
    line.key = line.name = protocol.empty() ? "unknown" : protocol;
  return in_order(std::move(lines), std::move(others));
}

std::vector<Line> device_lines(Context& context, const Scope& scope, const Buckets& buckets) {
  Line others = others_line(buckets);
  const Devices devices(context, scope.site);
  Shares<std::int64_t> shares(buckets);
  visit_conversations(
      context, scope, buckets, [&](std::size_t bucket, const auto& row, const auto&) {
        shares.add(devices.of(row.client), bucket, row.bytes_up, row.packets_up);
        shares.add(devices.of(row.server), bucket, row.bytes_down, row.packets_down);
      });
  std::map<std::int64_t, Line> lines = shares.take(others);
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
  boost::unordered_flat_set<std::int64_t> own;
  std::set<std::int64_t> sites;
  const auto endpoints = context.ask(query::kTrafficOwnEndpoints, {context.organization, device});
  for (const auto row : endpoints) {
    own.insert(row.integer(0));
    sites.insert(row.integer(1));
  }
  for (const std::int64_t site : sites)
    visit_conversations(context, {site, {}}, buckets,
                        [&](std::size_t bucket, const auto& row, const auto&) {
                          if (own.contains(row.client)) {
                            sent.add(bucket, row.bytes_up, row.packets_up);
                            received.add(bucket, row.bytes_down, row.packets_down);
                          }
                          if (own.contains(row.server)) {
                            sent.add(bucket, row.bytes_down, row.packets_down);
                            received.add(bucket, row.bytes_up, row.packets_up);
                          }
                        });
  return {std::move(sent), std::move(received)};
}

}  // namespace osect::api
