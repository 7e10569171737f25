// Plain arithmetic on the parts, so that every point can be explained. docs/reports.md.
#include "cloud/report/judge.h"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cloud/rules/rules.h"

namespace osect::report {
namespace {

using json = nlohmann::json;

constexpr std::array<std::string_view, 5> kSeverities{"info", "low", "medium", "high", "critical"};
// Points that one kind of thing takes off, by severity; what is only possible takes half of it.
constexpr std::array<int, 5> kPoints{0, 1, 3, 6, 10};
// No single area can take off everything.
constexpr int kWeaknessesMost = 40;
constexpr int kAlertsMost = 30;
constexpr int kExposureMost = 15;
constexpr int kCoverageMost = 15;
constexpr std::size_t kNamesMost = 5;
// A sensor that was silent, dropped or lost this share of the time or the packets does not tell the
// whole story.
constexpr double kShareThatMatters = 0.01;

int rank(const json& severity) {
  const auto* const at =
      std::find(kSeverities.begin(), kSeverities.end(), severity.get<std::string_view>());
  return static_cast<int>(at - kSeverities.begin());
}

const detect::Rule* find_rule(std::string_view id) {
  const auto& all = rules::all();
  const auto at =
      std::find_if(all.begin(), all.end(), [&](const auto& rule) { return rule.id == id; });
  return at == all.end() ? nullptr : &*at;
}

bool is_open(const json& alert) {
  return alert["state"] != "closed";
}

json text_of(const detect::Text& text) {
  return {{"ja", text.ja}, {"en", text.en}};
}

void add_rule_texts(json& alerts) {
  for (json& alert : alerts) {
    const detect::Rule* const rule = find_rule(alert["rule"].get<std::string_view>());
    alert["title"] = rule == nullptr ? json(nullptr) : text_of(rule->title);
    alert["check"] = rule == nullptr ? json(nullptr) : text_of(rule->check);
  }
}

// What is wrong with the view a report is made from.
struct Coverage {
  std::vector<std::string> silent;   // names of sensors that told nothing in the period
  std::vector<std::string> dropped;  // ...that could not take in every packet
  std::vector<std::string> gaps;     // ...with times of which nothing is known
  bool has_none = false;
};

Coverage coverage_of(const json& model) {
  Coverage out;
  for (const json& sensor : model["sensors"]) {
    const auto name = sensor["name"].get<std::string>();
    const auto packets = sensor["packets"].get<double>();
    if (packets == 0) {
      out.silent.push_back(name);
      continue;
    }
    if (sensor["dropped"].get<double>() > packets * kShareThatMatters) out.dropped.push_back(name);
    if (sensor["gap_seconds"].get<std::int64_t>() > 0) out.gaps.push_back(name);
  }
  out.has_none = model["sensors"].empty();
  return out;
}

// The gravest of each rule, so that one cause counts once however many devices have it.
template <typename Wanted>
int points_by_rule(const json& items, const Wanted& wanted) {
  std::map<std::string, int> halves;
  for (const json& item : items) {
    if (!wanted(item)) continue;
    const bool is_possible = item.contains("verdict") && item["verdict"] == "possible";
    const int points = kPoints.at(static_cast<std::size_t>(rank(item["severity"]))) * 2;
    int& most = halves[item["rule"].get<std::string>()];
    most = std::max(most, is_possible ? points / 2 : points);
  }
  int sum = 0;
  for (const auto& [rule, points] : halves) sum += points;
  return (sum + 1) / 2;
}

json figures_of(const json& model) {
  json out = model["counts"];
  for (const std::string_view kind : {"end_of_support", "advisory", "habit"}) {
    const auto& all = model["weaknesses"];
    out[kind] =
        std::count_if(all.begin(), all.end(), [&](const json& one) { return one["kind"] == kind; });
  }
  for (const std::string_view severity : kSeverities) {
    std::int64_t open = 0;
    for (const json& count : model["alert_counts"])
      if (count["severity"] == severity && count["is_open"].get<bool>())
        open += count["alerts"].get<std::int64_t>();
    out["open_alerts"][severity] = open;
  }
  out["outside_devices"] = model["outside"].size();
  out["remote_paths"] = model["remote"].size();
  out["write_paths"] = model["writers"].size();
  return out;
}

json score_of(const json& model, const Coverage& coverage) {
  const int weaknesses =
      points_by_rule(model["weaknesses"], [](const json& one) { return one["action"] != "never"; });
  const int alerts = points_by_rule(model["alerts"], is_open);
  const auto begun_outside = [](const json& items, const char* field) {
    return std::any_of(items.begin(), items.end(),
                       [&](const json& one) { return one[field].get<bool>(); });
  };
  const int exposure = (begun_outside(model["outside"], "is_entry") ? 5 : 0) +
                       (begun_outside(model["remote"], "is_from_outside") ? 10 : 0);
  const int blind = (coverage.has_none ? kCoverageMost : 0) + (coverage.silent.empty() ? 0 : 10) +
                    (coverage.dropped.empty() ? 0 : 5) + (coverage.gaps.empty() ? 0 : 5);
  const json areas = json::array({
      {{"area", "weaknesses"},
       {"points", std::min(weaknesses, kWeaknessesMost)},
       {"most", kWeaknessesMost}},
      {{"area", "alerts"}, {"points", std::min(alerts, kAlertsMost)}, {"most", kAlertsMost}},
      {{"area", "exposure"},
       {"points", std::min(exposure, kExposureMost)},
       {"most", kExposureMost}},
      {{"area", "coverage"}, {"points", std::min(blind, kCoverageMost)}, {"most", kCoverageMost}},
  });
  int value = 100;
  for (const json& area : areas) value -= area["points"].get<int>();
  const char* const grade = value >= 85 ? "A" : value >= 70 ? "B" : value >= 50 ? "C" : "D";
  return {{"value", value}, {"grade", grade}, {"areas", areas}};
}

// One thing to do, for all the devices that need it.
struct Action {
  std::string source;  // coverage, alert, weakness
  std::string rule;
  bool is_now = false;
  int severity = 0;
  const json* gravest = nullptr;  // alert or weakness; none: the renderer has words for the rule
  std::vector<std::string> names;
  std::size_t count = 0;

  void add(const json& name) {
    ++count;
    if (!name.is_string()) return;
    auto text = name.get<std::string>();
    if (names.size() < kNamesMost && std::find(names.begin(), names.end(), text) == names.end())
      names.push_back(std::move(text));
  }
};

class Actions {
 public:
  void add_coverage(const char* rule, const std::vector<std::string>& sensors,
                    const char* severity) {
    if (sensors.empty()) return;
    Action& action = find("coverage", rule, rank(severity));
    action.is_now = true;
    for (const std::string& sensor : sensors) action.add(sensor);
  }
  void add_alert(const json& alert) {
    if (!is_open(alert)) return;
    Action& action = find("alert", alert["rule"], rank(alert["severity"]));
    action.is_now = action.is_now || action.severity >= rank("high");
    if (action.gravest == nullptr) action.gravest = &alert;
    action.add(alert["server"].is_string() ? alert["server"] : alert["client"]);
  }
  void add_weakness(const json& weakness) {
    if (weakness["action"] == "never") return;
    Action& action = find("weakness", weakness["rule"], rank(weakness["severity"]));
    action.is_now = action.is_now || weakness["action"] == "now";
    if (action.gravest == nullptr) action.gravest = &weakness;
    action.add(weakness["name"]);
  }
  [[nodiscard]] json take() {
    std::stable_sort(actions_.begin(), actions_.end(), [](const Action& a, const Action& b) {
      if (a.is_now != b.is_now) return a.is_now;
      if (a.severity != b.severity) return a.severity > b.severity;
      return a.count > b.count;
    });
    json out = json::array();
    for (const Action& action : actions_) {
      json texts{{"title", nullptr}, {"measure", nullptr}, {"detail", nullptr}};
      if (action.source == "alert") {
        const json& alert = *action.gravest;
        texts = {
            {"title", alert["title"]}, {"measure", alert["check"]}, {"detail", alert["detail"]}};
        texts["detail"]["client"] = alert["client"];
        texts["detail"]["server"] = alert["server"];
      } else if (action.source == "weakness") {
        texts["title"] = (*action.gravest)["title"];
        texts["measure"] = (*action.gravest)["measure"];
      }
      out.push_back({{"source", action.source},
                     {"rule", action.rule},
                     {"when", action.is_now ? "now" : "next"},
                     {"severity", kSeverities.at(static_cast<std::size_t>(action.severity))},
                     {"title", texts["title"]},
                     {"measure", texts["measure"]},
                     {"detail", texts["detail"]},
                     {"names", action.names},
                     {"count", action.count}});
    }
    return out;
  }

 private:
  Action& find(const char* source, const std::string& rule, int severity) {
    const auto [at, is_new] = places_.try_emplace({source, rule}, actions_.size());
    if (is_new) actions_.emplace_back();
    Action& action = actions_[at->second];
    action.source = source;
    action.rule = rule;
    action.severity = std::max(action.severity, severity);
    return action;
  }

  std::vector<Action> actions_;
  std::map<std::pair<std::string, std::string>, std::size_t> places_;
};

}  // namespace

void judge(json& model) {
  add_rule_texts(model["alerts"]);
  const Coverage coverage = coverage_of(model);
  Actions actions;
  actions.add_coverage("silent", coverage.silent, "high");
  actions.add_coverage("dropped", coverage.dropped, "medium");
  actions.add_coverage("gaps", coverage.gaps, "medium");
  for (const json& alert : model["alerts"]) actions.add_alert(alert);
  for (const json& weakness : model["weaknesses"]) actions.add_weakness(weakness);
  model["actions"] = actions.take();
  model["score"] = score_of(model, coverage);
  model["figures"] = figures_of(model);
  model["figures"]["score"] = model["score"]["value"];
}

}  // namespace osect::report
