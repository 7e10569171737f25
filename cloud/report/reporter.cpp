// A report goes waiting, collecting, drawing, done or failed; each state is committed, so that
// people see how far it is.
#include "cloud/report/reporter.h"

#include <fmt/format.h>

#include <chrono>
#include <string>
#include <vector>

#include "base/log.h"
#include "cloud/report/view_model.h"
#include "cloud/store/queries/connection.h"
#include "cloud/store/queries/report.h"
#include "cloud/store/queries/session.h"

namespace osect::report {
namespace query = store::query;
namespace {

constexpr auto kLookAround = std::chrono::seconds(2);
// Longer than reading and drawing may take together: then the node that began it is gone.
constexpr std::int64_t kGoneAfterS = 600;

// A transaction of the app role that sees all sites of the organization.
Result<store::Transaction> begin(store::Pool& pool, std::int64_t organization) {
  auto transaction = pool.begin({.organization = organization});
  if (!transaction) return transaction.error();
  if (auto seen = transaction->run(query::kSessionSeeSites, {"all"}); !seen) return seen.error();
  return transaction;
}

}  // namespace

Result<bool> Reporter::make(std::int64_t organization, std::int64_t report) {
  Subject subject{.organization = organization};
  std::string language;
  const auto step = [&](const store::Query& query,
                        std::initializer_list<store::Param> params) -> Result<store::Rows> {
    auto transaction = begin(make_, organization);
    if (!transaction) return transaction.error();
    auto rows = transaction->run(query, params);
    if (!rows) return rows;
    const std::string where = rows->empty() ? "null" : fmt::format("\"{}\"", subject.site);
    if (auto told =
            transaction->run(query::kNotifyOfChange,
                             {fmt::format(R"({{"organization":"{}","site":{},"kind":"report"}})",
                                          organization, where)});
        !told)
      return told.error();
    if (auto done = transaction->commit(); !done) return done.error();
    return rows;
  };
  const auto taken = step(query::kReportTake, {organization, report, kGoneAfterS});
  if (!taken) return taken.error();
  if (taken->empty()) return false;
  subject.site = (*taken)[0].integer(0);
  language = (*taken)[0].text(1);
  subject.begin = (*taken)[0].time(2);
  subject.end = (*taken)[0].time(3);

  const auto made = [&]() -> Result<> {
    std::string model;
    {
      auto transaction = begin(make_, organization);
      if (!transaction) return transaction.error();
      auto read = read_view_model(*transaction, subject, now_());
      if (!read) return read.error();
      model = std::move(read->json);
    }
    if (auto told = step(query::kReportDrawing, {organization, report, model}); !told)
      return told.error();
    const auto deck = render(config_, model, language);
    if (!deck) return deck.error();
    const auto kept =
        step(query::kReportDone, {organization, report, store::Param::bytes(deck->bytes)});
    return kept ? Result<>() : kept.error();
  }();
  if (made) return true;
  log::warn("Report {} of organization {} could not be made: {}", report, organization,
            made.error().message);
  const auto told = step(query::kReportFailed, {organization, report, made.error().message});
  if (!told) return told.error();
  return true;
}

Result<int> Reporter::work_off() {
  std::vector<std::pair<std::int64_t, std::int64_t>> waiting;
  {
    auto transaction = find_.begin({});
    if (!transaction) return transaction.error();
    const auto rows = transaction->run(query::kReportListWork, {kGoneAfterS});
    if (!rows) return rows.error();
    for (const store::Row row : *rows) waiting.emplace_back(row.integer(0), row.integer(1));
  }
  int made = 0;
  for (const auto& [organization, report] : waiting) {
    const auto done = make(organization, report);
    if (!done) return done.error().within(fmt::format("report {}", report));
    made += *done ? 1 : 0;
  }
  return made;
}

void Reporter::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void Reporter::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void Reporter::run(const std::stop_token& stop) {
  std::string wrong;  // told once, not at every try
  while (!stop.stop_requested()) {
    const auto done = work_off();
    const std::string now_wrong = done ? "" : done.error().message;
    if (!now_wrong.empty() && now_wrong != wrong)
      log::warn("Reports wait to be made: {}", now_wrong);
    wrong = now_wrong;
    std::unique_lock lock(mutex_);
    stopping_.wait_for(lock, stop, kLookAround, [] { return false; });
  }
}

}  // namespace osect::report
