// Traffic over time from packed minutes, hours and days, and from the totals that stand ready.
#include "cloud/api/traffic_series.h"

#include <algorithm>
#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <numeric>
#include <set>
#include <utility>

#include "cloud/api/shares.h"
#include "cloud/store/queries/traffic_read.h"

namespace osect::api {
namespace query = store::query;
namespace {

constexpr std::int64_t kBucketsMax = 1500;

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

Buckets read_buckets(Context& context, const Range& range, TimeNs minutes_up_to,
                     std::int64_t width_min_s) {
  const TimeNs span = range.to - range.from;
  std::vector<std::string_view> allowed;
  for (const auto& step : kSteps)
    if (step.width_s >= width_min_s && span <= kBucketsMax * step.width_s * kSecondNs)
      allowed.push_back(step.name);
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

std::int64_t Line::total_first() const {
  return std::accumulate(first.begin(), first.end(), std::int64_t{0});
}

std::int64_t Line::total_second() const {
  return std::accumulate(second.begin(), second.end(), std::int64_t{0});
}

Json series_json(Context& context, const Scope& scope, const Buckets& buckets,
                 const std::vector<Line>& lines, const Measures& measures) {
  std::vector<bool> is_known(buckets.count);
  for (const Line& line : lines)
    for (std::size_t i = 0; i < buckets.count; ++i)
      if (line.first[i] > 0 || line.second[i] > 0) is_known[i] = true;
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
    Json first = Json::array();
    Json second = Json::array();
    for (std::size_t i = 0; i < buckets.count; ++i) {
      first.push_back(is_known[i] ? Json(line.first[i]) : Json(nullptr));
      second.push_back(is_known[i] ? Json(line.second[i]) : Json(nullptr));
    }
    series.push_back({{"key", line.key},
                      {"name", line.name},
                      {"device", line.device ? Json(id_text(*line.device)) : Json(nullptr)},
                      {"total_" + std::string(measures.first), line.total_first()},
                      {"total_" + std::string(measures.second), line.total_second()},
                      {std::string(measures.first), std::move(first)},
                      {std::string(measures.second), std::move(second)}});
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
  visit_conversations(context, scope, buckets,
                      [&](std::size_t bucket, const auto& row, const auto&) {
                        shares.add(row.client, bucket, row.bytes_up, row.packets_up);
                        shares.add(row.server, bucket, row.bytes_down, row.packets_down);
                      });
  std::map<std::int64_t, Line> lines =
      shares.by([&](std::int64_t endpoint) { return devices.of(endpoint); }).take(others);
  std::vector<std::int64_t> ids;
  ids.reserve(lines.size());
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
