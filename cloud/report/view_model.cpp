// The parts of a report: one query each, one JSON value each (cloud/store/queries/report.sql).
#include "cloud/report/view_model.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string_view>

#include "cloud/report/judge.h"
#include "cloud/store/queries/report.h"

namespace osect::report {
namespace query = store::query;
namespace {

// Raised when a kept view model could not be compared with a new one any more.
constexpr int kFormat = 1;

struct Part {
  std::string_view name;
  const store::Query& query;
};

// Of the period.
constexpr Part kParts[] = {
    {"sensors", query::kReportSensors},
    {"counts", query::kReportCounts},
    {"types", query::kReportTypes},
    {"vendors", query::kReportVendors},
    {"traffic", query::kReportTraffic},
    {"devices", query::kReportDevices},
    {"edges", query::kReportEdges},
    {"outside", query::kReportOutside},
    {"remote", query::kReportRemote},
    {"writers", query::kReportWriters},
    {"alert_counts", query::kReportAlertCounts},
    {"alerts", query::kReportAlerts},
    {"cycles", query::kReportCycles},
    {"refusals", query::kReportRefusals},
};

}  // namespace

Result<ViewModel> read_view_model(store::Transaction& transaction, const Subject& subject,
                                  TimeNs now) {
  const std::string begin = rfc3339(subject.begin);
  const std::string end = rfc3339(subject.end);
  nlohmann::json model{
      {"format", kFormat}, {"from", begin}, {"to", end}, {"made_at", rfc3339(now)}};
  const auto put = [&](std::string_view name, const Result<store::Rows>& rows) -> Result<> {
    if (!rows) return rows.error().within(fmt::format("part {}", name));
    model[name] =
        rows->empty() ? nlohmann::json(nullptr) : nlohmann::json::parse((*rows)[0].text(0));
    return {};
  };
  if (auto done =
          put("site", transaction.run(query::kReportSite, {subject.organization, subject.site}));
      !done)
    return done.error();
  if (model["site"].is_null()) return Error("the organization has no such site");
  for (const Part& part : kParts)
    if (auto done = put(part.name, transaction.run(part.query, {subject.organization, subject.site,
                                                                begin, end}));
        !done)
      return done.error();
  if (auto done = put("weaknesses", transaction.run(query::kReportWeaknesses,
                                                    {subject.organization, subject.site}));
      !done)
    return done.error();
  if (auto done = put("previous", transaction.run(query::kReportPrevious,
                                                  {subject.organization, subject.site, end}));
      !done)
    return done.error();
  judge(model);
  return ViewModel{model.dump()};
}

}  // namespace osect::report
