// One transaction a site: take what is new, judge it, learn it or report it.
#include "cloud/detect/detector.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <set>

#include "base/log.h"
#include "cloud/detect/learn.h"
#include "cloud/store/queries/connection.h"
#include "cloud/store/queries/detect.h"

namespace osect::detect {
namespace query = store::query;
namespace {

using store::Param;

constexpr auto kLookAround = std::chrono::seconds(10);  // for what another node's ingest brought
constexpr auto kAfterFailure = std::chrono::seconds(2);

Record record_of(std::string_view name) {
  for (const Record one :
       {Record::device, Record::address, Record::conversation, Record::operation, Record::fact})
    if (name_of(one) == name) return one;
  return Record::event;
}

Sighting entry_of(const store::Row& row) {
  Sighting out{
      .record = record_of(row.text(0)), .client = row.integer(1), .server = row.integer(2)};
  const auto text = [&](int column) { return std::string(row.text(column)); };
  if (out.record == Record::conversation)
    out.values = {{"transport", text(3)},
                  {"port", row.integer(4)},
                  {"protocol", text(5)},
                  {"service", service_of(row.text(3), row.integer(4), row.text(5))}};
  if (out.record == Record::operation)
    out.values = {
        {"protocol", text(5)}, {"function", text(6)}, {"access", text(7)}, {"target", text(8)}};
  if (out.record == Record::operation && row.text(9) == "targets") {
    out.values.erase("target");
    out.values["targets"] = text(10);
  }
  if (out.record == Record::fact) out.values = {{"attribute", text(9)}, {"value", text(10)}};
  if (out.record == Record::address) out.values = {{"mac", text(9)}, {"value", text(10)}};
  return out;
}

// The work on one site within its transaction.
class Work {
 public:
  Work(Reading& reading, const Site& site, const Engine& engine, TimeNs window)
      : reading_(reading), site_(site), engine_(engine), window_(window) {}

  std::vector<Finding> judge(bool is_learning, bool is_due,
                             const std::vector<std::string>& attributes) {
    gather(reading_.judge_devices());
    gather(reading_.judge_facts(attributes));
    gather(reading_.judge_conversations());
    gather(reading_.judge_operations());
    gather(reading_.judge_events());
    gather(reading_.judge_minutes());
    if (is_due) {
      if (is_learning) reading_.ask(query::kLearnCycles, {site_.organization, site_.id});
      gather(reading_.read_cycles());
      gather(reading_.read_quiet());
    }
    if (sightings_.empty()) return {};
    split(is_learning);
    Baseline baseline;
    read_baseline(baseline);
    std::vector<Sighting> recent;
    if (!is_learning) recent = reading_.read_recent(unusual_, window_);
    auto found = engine_.judge(usual_, {baseline, true, recent});
    auto more = engine_.judge(unusual_, {baseline, false, recent});
    found.insert(found.end(), std::make_move_iterator(more.begin()),
                 std::make_move_iterator(more.end()));
    learn();
    return found;
  }

 private:
  void gather(std::vector<Sighting> more) {
    sightings_.insert(sightings_.end(), std::make_move_iterator(more.begin()),
                      std::make_move_iterator(more.end()));
  }

  // A device that still learns is as a site that does.
  void split(bool is_learning) {
    std::set<Side> sides;
    for (const Sighting& one : sightings_) sides.insert({one.client, one.server});
    sides_.assign(sides.begin(), sides.end());
    std::set<Side> learning;
    if (!is_learning)
      for (const store::Row row : reading_.ask(
               query::kReadLearningDevices, {site_.organization, site_.id, Param::array(sides_)}))
        learning.insert(row.integer(0));
    for (Sighting& one : sightings_)
      (is_learning || learning.contains(one.client) || learning.contains(one.server) ? usual_
                                                                                     : unusual_)
          .push_back(std::move(one));
  }

  void read_baseline(Baseline& baseline) {
    for (const store::Row row :
         reading_.ask(query::kReadBaseline, {site_.organization, site_.id, Param::array(sides_)}))
      baseline.add(entry_of(row), row.boolean(11));
  }

  void learn() {
    std::vector<Sighting> entries;
    for (const Sighting& one : usual_)
      if (one.record != Record::occurrence) entries.push_back(one);
    if (entries.empty()) return;
    reading_.ask(query::kLearn, {site_.organization, site_.id, entries_json(entries)});
  }

  Reading& reading_;
  const Site site_;
  const Engine& engine_;
  const TimeNs window_;
  std::vector<Sighting> sightings_;
  std::vector<std::int64_t> sides_;
  std::vector<Sighting> usual_;    // of who learns
  std::vector<Sighting> unusual_;  // of who does not
};

}  // namespace

Detector::Detector(store::Pool& pool, const std::vector<Rule>& rules, Sink sink)
    : pool_(pool), rules_(rules), engine_(rules), sink_(std::move(sink)) {
  std::set<std::string> attributes{"ip"};
  for (const Rule& rule : rules_) {
    window_ = std::max(window_, rule.window_minutes * kMinuteNs);
    if (rule.record != Record::fact) continue;
    for (const Condition& condition : rule.where)
      if (condition.field == "attribute")
        for (const Value& value : condition.any_of) attributes.insert(std::get<std::string>(value));
  }
  attributes_.assign(attributes.begin(), attributes.end());
}

Result<bool> Detector::work_on(const Site& site) {
  auto transaction = pool_.begin({.organization = site.organization});
  if (!transaction) return transaction.error();
  Reading reading(*transaction, site);
  try {
    reading.ask(query::kStartLearning, {site.organization, site.id});
    const auto claimed = reading.ask(query::kClaimLearning, {site.organization, site.id});
    if (claimed.empty()) return false;
    const bool is_due = claimed[0].boolean(1);
    const auto findings = Work(reading, site, engine_, window_)
                              .judge(claimed[0].text(0) == "learning", is_due, attributes_);
    if (is_due) reading.ask(query::kNoteLooked, {site.organization, site.id});
    if (!findings.empty())
      if (auto done = sink_(*transaction, site, findings); !done) return done.error();
  } catch (const Stopped& stopped) {
    return stopped.error;
  }
  if (auto done = transaction->commit(); !done) return done.error();
  return reading.is_more();
}

Result<> Detector::work_off() {
  std::vector<Site> sites;
  {
    auto transaction = pool_.begin({});
    if (!transaction) return transaction.error();
    const auto rows = transaction->run(query::kListDetectionSites);
    if (!rows) return rows.error();
    for (const store::Row row : *rows) sites.push_back({row.integer(0), row.integer(1)});
  }
  for (const Site& site : sites)
    for (;;) {
      const auto more = work_on(site);
      if (!more) return more.error().within(fmt::format("site {}", site.id));
      if (!*more) break;
    }
  return {};
}

void Detector::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void Detector::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void Detector::note() {
  {
    const std::lock_guard lock(mutex_);
    has_news_ = true;
  }
  noted_.notify_one();
}

void Detector::run(const std::stop_token& stop) {
  std::string wrong;  // told once, not at every try
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(mutex_);
      noted_.wait_for(lock, stop, kLookAround, [this] { return has_news_; });
      has_news_ = false;
    }
    if (stop.stop_requested()) return;
    const auto begun = std::chrono::steady_clock::now();
    const auto done = work_off();
    const std::string now_wrong = done ? "" : done.error().message;
    if (!now_wrong.empty() && now_wrong != wrong)
      log::warn("What is new waits to be judged: {}", now_wrong);
    wrong = now_wrong;
    // Ingest keeps the machine: many batches are then judged at once. What failed would be tried
    // again at once by each.
    const auto worked = std::chrono::steady_clock::now() - begun;
    std::unique_lock lock(mutex_);
    noted_.wait_for(
        lock, stop,
        wrong.empty() ? worked * 3 : std::max<std::chrono::nanoseconds>(worked * 3, kAfterFailure),
        [] { return false; });
  }
}

}  // namespace osect::detect
