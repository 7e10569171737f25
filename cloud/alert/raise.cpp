// Which alert takes which finding, decided in memory; read and written in one statement each.
#include "cloud/alert/raise.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "cloud/alert/incident.h"
#include "cloud/alert/plan.h"
#include "cloud/store/queries/alert.h"
#include "cloud/store/queries/connection.h"

namespace osect::alert {
namespace query = store::query;
namespace {

using detect::Finding;
using detect::Severity;
using nlohmann::json;
using store::Param;

constexpr TimeNs kJoinWithin = 10 * kMinuteNs;
constexpr TimeNs kMillisecondNs = 1'000'000;

// An alert that is there, or (without an id) one to be made of the finding that opened it.
struct Target {
  std::int64_t id = 0;
  const Finding* opener = nullptr;
  TimeNs last = 0;
  std::int64_t count = 0;
  Severity severity = Severity::info;
  std::vector<const Finding*> evidence{};
};

using Key = std::pair<std::string, std::string>;  // rule, key or join key

class Raise {
 public:
  Raise(store::Transaction& transaction, const detect::Site& site,
        std::span<const Finding> findings)
      : transaction_(transaction), site_(site), findings_(findings.begin(), findings.end()) {
    const auto plans = read_plans(transaction_, site_, findings_);
    for (Finding& finding : findings_) planned_.push_back(weigh_by_plans(plans, finding));
  }

  void run() {
    read_known();
    for (const Finding& finding : findings_) place(finding);
    if (targets_.empty()) return;
    open_new();
    write();
    go_on();
    ask(query::kNotifyOfChange,
        {fmt::format(R"({{"organization":"{}","site":"{}","kind":"alert"}})", site_.organization,
                     site_.id)});
  }

 private:
  struct Known {
    std::size_t target;
    bool takes_all = false;  // open, muted or accepted
    TimeNs until = 0;        // otherwise repeats up to then
  };

  store::Rows ask(const store::Query& wanted, std::initializer_list<Param> params) {
    auto rows = transaction_.run(wanted, params);
    if (!rows) throw detect::Stopped{rows.error().within(wanted.name)};
    return std::move(*rows);
  }

  std::size_t target_of(std::int64_t id, TimeNs last) {
    for (std::size_t i = 0; i < targets_.size(); ++i)
      if (targets_[i].id == id) return i;
    targets_.push_back({.id = id, .last = last});
    return targets_.size() - 1;
  }

  void read_known() {
    std::vector<std::string> rules;
    std::vector<std::string> keys;
    std::vector<std::string> joins;
    std::map<std::string, std::int64_t> dedupe_hours;
    std::set<std::pair<Key, std::string>> asked;
    for (const Finding& finding : findings_) {
      if (!asked.insert({{finding.rule->id, finding.key}, finding.join}).second) continue;
      rules.push_back(finding.rule->id);
      keys.push_back(finding.key);
      joins.push_back(finding.join);
      dedupe_hours[finding.rule->id] = finding.rule->dedupe_hours;
    }
    for (const store::Row row :
         ask(query::kReadAlertKeys,
             {site_.organization, site_.id, Param::array(rules), Param::array(keys)})) {
      const std::string rule(row.text(0));
      Known known{.target = target_of(row.integer(2), row.time(6))};
      const auto reason = row.try_text(4).value_or("");
      const bool is_quiet = (reason == "muted" && row.boolean(5)) || reason == "accepted_risk";
      known.takes_all = row.text(3) != "closed" || is_quiet;
      known.until = row.time(6) + dedupe_hours[rule] * 60 * kMinuteNs;
      known_[{rule, std::string(row.text(1))}] = known;
    }
    for (const store::Row row :
         ask(query::kReadAlertJoins,
             {site_.organization, site_.id, Param::array(rules), Param::array(joins)}))
      joins_[{std::string(row.text(0)), std::string(row.text(1))}] =
          target_of(row.integer(2), row.time(3));
  }

  void place(const Finding& finding) {
    const Key key{finding.rule->id, finding.key};
    if (const auto at = known_.find(key);
        at != known_.end() && (at->second.takes_all || finding.sighting.last <= at->second.until)) {
      add(targets_[at->second.target], finding, false);
      return;
    }
    const Key join{finding.rule->id, finding.join};
    const auto at = finding.join.empty() ? joins_.end() : joins_.find(join);
    std::size_t target = targets_.size();
    if (at != joins_.end() && finding.sighting.first <= targets_[at->second].last + kJoinWithin)
      target = at->second;
    else
      targets_.push_back({.opener = &finding});
    add(targets_[target], finding, true);
    known_[key] = {.target = target, .takes_all = true};
    if (!finding.join.empty()) joins_[join] = target;
    fresh_keys_.emplace_back(key, target);
  }

  static void add(Target& target, const Finding& finding, bool is_evidence) {
    // What is silent is still silent: nothing happened again.
    const bool is_later = finding.sighting.last / kMillisecondNs > target.last / kMillisecondNs;
    if (!is_later && target.opener == nullptr && !is_evidence) return;
    target.last = std::max(target.last, finding.sighting.last);
    target.count += finding.sighting.count;
    target.severity = std::max(target.severity, finding.severity);
    target.evidence.push_back(&finding);
  }

  static json detail_of(const Finding& finding) {
    json out = json::object();
    for (const auto& [name, value] : finding.sighting.values)
      std::visit([&, &field = name](const auto& known) { out[field] = known; }, value);
    return out;
  }

  void open_new() {
    std::set<std::int64_t> sides;
    for (const Target& target : targets_)
      if (target.opener != nullptr)
        sides.insert({target.opener->sighting.client, target.opener->sighting.server});
    if (sides.empty()) return;
    const std::vector<std::int64_t> asked(sides.begin(), sides.end());
    std::map<std::int64_t, std::pair<std::string, std::string>> names;
    for (const store::Row row :
         ask(query::kReadAlertSides, {site_.organization, Param::array(asked)}))
      names[row.integer(0)] = {std::string(row.text(1)), std::string(row.text(2))};
    json rows = json::array();
    for (const Target& target : targets_)
      if (target.opener != nullptr) rows.push_back(row_of(target, names));
    const store::Rows made = ask(query::kAddAlerts, {site_.organization, site_.id, dump(rows)});
    std::vector<std::int64_t> ids;
    std::size_t next = 0;
    for (Target& target : targets_)
      if (target.opener != nullptr) ids.push_back(target.id = made[next++].integer(0));
    ask(query::kOpenAlertHistory, {site_.organization, site_.id, Param::array(ids)});
  }

  [[nodiscard]] json row_of(
      const Target& target,
      const std::map<std::int64_t, std::pair<std::string, std::string>>& names) const {
    const Finding& opener = *target.opener;
    const auto& client = names.at(opener.sighting.client);
    const auto& server = names.at(opener.sighting.server);
    json detail = detail_of(opener);
    detail["client_name"] = client.first;
    detail["server_name"] = server.first;
    json points = json::array();
    for (const auto& point : opener.points)
      points.push_back({{"reason", point.reason}, {"points", point.points}});
    std::string words = fmt::format("{}\n{}\n{}\n{}\n{}", opener.rule->id, opener.rule->title.ja,
                                    opener.rule->title.en, client.second, server.second);
    for (const char* field : {"protocol", "function", "target", "value", "sensor", "service"})
      words += "\n" + detect::text_of(opener.sighting, field);
    std::transform(words.begin(), words.end(), words.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return {{"rule", opener.rule->id},
            {"category", opener.rule->category},
            {"join", opener.join},
            {"plan", planned_[static_cast<std::size_t>(&opener - findings_.data())]},
            {"severity", detect::name_of(target.severity)},
            {"points", std::move(points)},
            {"client", opener.sighting.client},
            {"server", opener.sighting.server},
            {"detail", std::move(detail)},
            {"words", std::move(words)},
            {"count", target.count},
            {"first_ms", opener.sighting.first / kMillisecondNs},
            {"last_ms", target.last / kMillisecondNs}};
  }

  void write() {
    std::vector<std::string> rules;
    std::vector<std::string> keys;
    std::vector<std::int64_t> key_alerts;
    for (const auto& [key, target] : fresh_keys_) {
      rules.push_back(key.first);
      keys.push_back(key.second);
      key_alerts.push_back(targets_[target].id);
    }
    if (!rules.empty())
      ask(query::kAddAlertKeys, {site_.organization, site_.id, Param::array(rules),
                                 Param::array(keys), Param::array(key_alerts)});
    std::vector<std::int64_t> ids;
    std::vector<std::int64_t> counts;
    std::vector<std::int64_t> lasts;
    std::vector<std::string> severities;
    json evidence = json::array();
    for (const Target& target : targets_) {
      for (const Finding* finding : target.evidence)
        evidence.push_back(evidence_of(target, *finding));
      if (target.opener != nullptr || target.evidence.empty()) continue;
      ids.push_back(target.id);
      counts.push_back(target.count);
      lasts.push_back(target.last / kMillisecondNs);
      severities.emplace_back(detect::name_of(target.severity));
    }
    if (!ids.empty())
      ask(query::kRepeatAlerts, {site_.organization, Param::array(ids), Param::array(counts),
                                 Param::array(lasts), Param::array(severities)});
    if (!evidence.empty())
      ask(query::kAddAlertEvidence, {site_.organization, site_.id, dump(evidence)});
  }

  // Whether these alerts are steps of something that goes on.
  void go_on() {
    TimeNs earliest = 0;
    for (const Target& target : targets_)
      for (const Finding* finding : target.evidence)
        if (stages().find(finding->rule->id) != stages().in_order.size())
          earliest =
              earliest == 0 ? finding->sighting.first : std::min(earliest, finding->sighting.first);
    if (earliest != 0) chain_alerts(transaction_, site_, stages(), earliest);
  }

  static json evidence_of(const Target& target, const Finding& finding) {
    return {{"alert_id", target.id},
            {"record", detect::name_of(finding.sighting.record)},
            {"client", finding.sighting.client},
            {"server", finding.sighting.server},
            {"count", finding.sighting.count},
            {"first_ms", finding.sighting.first / kMillisecondNs},
            {"last_ms", finding.sighting.last / kMillisecondNs},
            {"detail", detail_of(finding)}};
  }

  // Names from the wire need not be UTF-8.
  static std::string dump(const json& rows) {
    return rows.dump(-1, ' ', false, json::error_handler_t::replace);
  }

  store::Transaction& transaction_;
  const detect::Site site_;
  std::vector<Finding> findings_;
  std::vector<std::int64_t> planned_;  // which plan expected each of them; 0: none
  std::vector<Target> targets_;
  std::map<Key, Known> known_;
  std::map<Key, std::size_t> joins_;
  std::vector<std::pair<Key, std::size_t>> fresh_keys_;
};

}  // namespace

Result<> raise(store::Transaction& transaction, const detect::Site& site,
               std::span<const Finding> findings) {
  try {
    Raise(transaction, site, findings).run();
  } catch (const detect::Stopped& stopped) {
    return stopped.error;
  }
  return {};
}

}  // namespace osect::alert
