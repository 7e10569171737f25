// Reads what is observed of a site's changed devices, judges it, writes what was found: one
// transaction for some hundred devices.
#include "cloud/weakness/assessor.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/log.h"
#include "cloud/store/queries/connection.h"
#include "cloud/store/queries/weakness.h"
#include "cloud/weakness/habit.h"
#include "cloud/weakness/support.h"

namespace osect::weakness {
namespace query = store::query;
namespace {

using store::Param;

constexpr std::int64_t kDevicesMax = 500;  // a transaction
constexpr auto kLookAround = std::chrono::seconds(2);
constexpr std::int64_t kMillisecondNs = 1'000'000;

struct Stopped {
  Error error;
};

std::vector<std::string> attributes_of(const Known& known) {
  std::set<std::string> out;
  for (const Habit& habit : known.habits)
    for (const When& when : habit.when)
      for (const Condition& condition : when)
        if (condition.field.starts_with("fact.")) out.insert(condition.field.substr(5));
  return {out.begin(), out.end()};
}

// The work on some devices of a site within its transaction.
class Work {
 public:
  Work(store::Transaction& transaction, std::int64_t organization, std::int64_t site)
      : transaction_(transaction), organization_(organization), site_(site) {}

  // The number of devices there were.
  int run(const Known& known, Day today) {
    ask(query::kRenewWeaknessSite, {organization_, site_, known.digest, std::int64_t{today}});
    for (const store::Row row : ask(query::kTakeWeaknessWork, {organization_, site_, kDevicesMax}))
      devices_.push_back(row.integer(0));
    if (devices_.empty()) return 0;
    read(known);
    nlohmann::json found = nlohmann::json::array();
    for (const auto& [id, device] : observed_) {
      for (const Finding& one : find_habits(device, known)) found.push_back(row_of(device, one));
      if (const auto one = find_end_of_support(device, known, today))
        found.push_back(row_of(device, *one));
    }
    ask(query::kSaveWeaknesses,
        {organization_, site_, Param::array(devices_),
         found.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)});
    ask(query::kNotifyOfChange,
        {fmt::format(R"({{"organization":"{}","site":"{}","kind":"weakness"}})", organization_,
                     site_)});
    return static_cast<int>(devices_.size());
  }

 private:
  store::Rows ask(const store::Query& query, std::initializer_list<Param> params) {
    auto rows = transaction_.run(query, params);
    if (!rows) throw Stopped{rows.error()};
    return std::move(*rows);
  }

  void read(const Known& known) {
    for (const store::Row row :
         ask(query::kReadWeaknessDevices, {organization_, Param::array(devices_)})) {
      Observed& device = observed_[row.integer(0)];
      device.device = row.integer(0);
      device.vendor = row.text(1);
      device.model = row.text(2);
      device.firmware = row.text(3);
      device.serial = row.text(4);
      device.os = row.text(5);
      device.first = row.time(6);
      device.last = row.time(7);
      device.talks_outside = row.boolean(8);
    }
    const auto add = [&](const store::Row& row, Evidence one) {
      if (const auto at = observed_.find(row.integer(0)); at != observed_.end())
        at->second.evidence.push_back(std::move(one));
    };
    for (const store::Row row :
         ask(query::kReadWeaknessServices, {organization_, Param::array(devices_)}))
      add(row,
          {"serves", std::string(row.text(1)), std::string(row.text(2)), row.time(3), row.time(4)});
    for (const store::Row row :
         ask(query::kReadWeaknessOperations, {organization_, Param::array(devices_)}))
      add(row, {"asked", std::string(row.text(1)), "", row.time(2), row.time(3)});
    for (const store::Row row :
         ask(query::kReadWeaknessFacts,
             {organization_, Param::array(devices_), Param::array(attributes_of(known))}))
      add(row, {"fact." + std::string(row.text(1)), std::string(row.text(2)),
                std::string(row.text(3)), row.time(4), row.time(5)});
  }

  static nlohmann::json row_of(const Observed& device, const Finding& finding) {
    nlohmann::json evidence = nlohmann::json::array();
    TimeNs last = 0;
    for (const Evidence& one : finding.evidence) {
      evidence.push_back({{"field", one.field},
                          {"value", one.value},
                          {"detail", one.detail},
                          {"first", rfc3339(one.first)},
                          {"last", rfc3339(one.last)}});
      last = std::max(last, one.last);
    }
    return {{"device_id", device.device},
            {"kind", finding.kind},
            {"rule", finding.rule},
            {"verdict", finding.verdict},
            {"severity", finding.severity},
            {"action", finding.action},
            {"is_exploited", finding.is_exploited},
            {"score", finding.score},
            {"title_ja", finding.title.ja},
            {"title_en", finding.title.en},
            {"reason_ja", finding.reason.ja},
            {"reason_en", finding.reason.en},
            {"measure_ja", finding.measure.ja},
            {"measure_en", finding.measure.en},
            {"evidence", std::move(evidence)},
            {"cves", finding.cves},
            {"url", finding.url},
            {"last_ms", last / kMillisecondNs}};
  }

  store::Transaction& transaction_;
  const std::int64_t organization_;
  const std::int64_t site_;
  std::vector<std::int64_t> devices_;
  std::map<std::int64_t, Observed> observed_;
};

Day today_at(TimeNs now) {
  return day_of(now / kSecondNs);
}

}  // namespace

Result<int> Assessor::work_on(std::int64_t organization, std::int64_t site) {
  auto transaction = pool_.begin({.organization = organization});
  if (!transaction) return transaction.error();
  int judged = 0;
  try {
    const auto claimed = transaction->run(query::kClaimWeaknesses, {site});
    if (!claimed) return claimed.error();
    if (!(*claimed)[0].boolean(0)) return 0;
    judged = Work(*transaction, organization, site).run(Known::built_in(), today_at(now_()));
  } catch (const Stopped& stopped) {
    return stopped.error;
  }
  if (auto done = transaction->commit(); !done) return done.error();
  return judged;
}

Result<int> Assessor::work_off() {
  std::vector<std::pair<std::int64_t, std::int64_t>> sites;
  {
    auto transaction = pool_.begin({});
    if (!transaction) return transaction.error();
    const auto rows = transaction->run(query::kListWeaknessWork,
                                       {Known::built_in().digest, std::int64_t{today_at(now_())}});
    if (!rows) return rows.error();
    for (const store::Row row : *rows) sites.emplace_back(row.integer(0), row.integer(1));
  }
  int judged = 0;
  for (const auto& [organization, site] : sites) {
    for (;;) {
      const auto done = work_on(organization, site);
      if (!done) return done.error().within(fmt::format("site {}", site));
      if (*done == 0) break;
      judged += *done;
    }
  }
  return judged;
}

void Assessor::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void Assessor::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void Assessor::run(const std::stop_token& stop) {
  std::string wrong;  // told once, not at every try
  while (!stop.stop_requested()) {
    const auto done = work_off();
    const std::string now_wrong = done ? "" : done.error().message;
    if (!now_wrong.empty() && now_wrong != wrong)
      log::warn("Weaknesses wait to be worked out: {}", now_wrong);
    wrong = now_wrong;
    std::unique_lock lock(mutex_);
    stopping_.wait_for(lock, stop, kLookAround, [] { return false; });
  }
}

}  // namespace osect::weakness
