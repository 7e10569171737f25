// Findings against the windows of planned work.
#include "cloud/alert/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "cloud/store/queries/planned_work.h"

namespace osect::alert {
namespace {

using detect::Finding;
using detect::Record;

constexpr std::int64_t kExpectedPoints = -20;
constexpr std::int64_t kUnexpectedPoints = 10;
constexpr TimeNs kBesideWindow = 24 * 60 * kMinuteNs;
// Occurrences are told by the minute in which they were.
constexpr TimeNs kTold = kMinuteNs;

// A cyclic operation began long ago; it is what it is like now that was found.
TimeNs time_of(const Finding& finding) {
  const auto& sighting = finding.sighting;
  return sighting.record == Record::cycle ? sighting.last : sighting.first;
}

bool covers(const Plan& plan, TimeNs at, TimeNs around = 0) {
  return at + kTold > plan.starts - around && at <= plan.ends + around;
}

template <typename Range, typename Value>
bool has(const Range& range, const Value& value) {
  return std::find(range.begin(), range.end(), value) != range.end();
}

// A machine somebody brings along is nobody's device yet.
bool concerns(const Plan& plan, const Finding& finding, std::string_view change) {
  return has(plan.expects, change) &&
         (plan.devices.empty() || change == "device" ||
          has(plan.devices, finding.sighting.client) || has(plan.devices, finding.sighting.server));
}

void add(Finding& finding, const char* reason, std::int64_t points) {
  finding.points.push_back({reason, points});
  finding.severity = detect::severity_of(std::accumulate(
      finding.points.begin(), finding.points.end(), std::int64_t{0},
      [](std::int64_t sum, const detect::Point& point) { return sum + point.points; }));
}

}  // namespace

std::string_view change_of(const Finding& finding) {
  constexpr std::array<std::string_view, 5> kChanging{"write", "control", "program", "config",
                                                      "time"};
  switch (finding.sighting.record) {
    case Record::device:
    case Record::address:
    case Record::fact:
      return "device";
    case Record::conversation:
      return "connection";
    case Record::operation:
    case Record::occurrence: {
      const std::string access = detect::text_of(finding.sighting, "access");
      const auto at = std::find(kChanging.begin(), kChanging.end(), access);
      return at == kChanging.end() ? "connection" : *at;
    }
    case Record::cycle:
    case Record::presence:
      return "silence";
    case Record::exchange:
    case Record::event:
      break;
  }
  return "";
}

std::int64_t weigh_by_plans(std::span<const Plan> plans, Finding& finding) {
  const TimeNs at = time_of(finding);
  const std::string_view change = change_of(finding);
  bool is_during = false;
  bool is_beside = false;
  for (const Plan& plan : plans) {
    const bool is_meant = concerns(plan, finding, change);
    if (is_meant && covers(plan, at)) {
      add(finding, "planned_work", kExpectedPoints);
      const std::string apart = fmt::format("\x1fplan {}", plan.id);
      finding.key += apart;
      if (!finding.join.empty()) finding.join += apart;
      return plan.id;
    }
    is_during = is_during || covers(plan, at);
    is_beside = is_beside || (is_meant && covers(plan, at, kBesideWindow));
  }
  // That sensors or machines elsewhere are silent has nothing to do with it.
  if (is_beside)
    add(finding, "outside_planned_work", kUnexpectedPoints);
  else if (is_during && finding.rule->category != "health")
    add(finding, "not_planned", kUnexpectedPoints);
  return 0;
}

std::vector<Plan> read_plans(store::Transaction& transaction, const detect::Site& site,
                             std::span<const Finding> findings) {
  constexpr TimeNs kMillisecondNs = 1'000'000;
  if (findings.empty()) return {};
  TimeNs from = time_of(findings.front());
  TimeNs to = from;
  for (const Finding& finding : findings) {
    from = std::min(from, time_of(finding));
    to = std::max(to, time_of(finding));
  }
  auto rows =
      transaction.run(store::query::kReadPlans,
                      {site.organization, site.id, from / kMillisecondNs, to / kMillisecondNs});
  if (!rows) throw detect::Stopped{rows.error().within("read_plans")};
  std::vector<Plan> out;
  for (const store::Row row : *rows) {
    Plan plan{.id = row.integer(0), .starts = row.time(1), .ends = row.time(2)};
    plan.expects = row.texts(3);
    for (const std::string& device : row.texts(4)) plan.devices.push_back(std::stoll(device));
    out.push_back(std::move(plan));
  }
  return out;
}

}  // namespace osect::alert
