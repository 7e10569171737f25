// /reports: what was made of the sites, asking for one, and its .pptx. docs/reports.md.
#include <fmt/format.h>

#include <array>

#include "cloud/api/body.h"
#include "cloud/api/json.h"
#include "cloud/api/query_string.h"
#include "cloud/api/routes.h"
#include "cloud/store/queries/report.h"

namespace osect::api {
namespace query = store::query;
namespace {

constexpr std::array<std::string_view, 2> kLanguages{"ja", "en"};
// Who asks for more has to wait for some of them: each takes a process for seconds.
constexpr std::int64_t kUnfinishedMost = 10;
constexpr TimeNs kPeriodMost = 400LL * 24 * 60 * kMinuteNs;

Json report_json(const store::Row& row) {
  const auto number = row.try_text(9);
  return {{"id", id_text(row.integer(0))},
          {"site", reference(row.integer(1), row.text(2))},
          {"language", row.text(3)},
          {"from", rfc3339(row.time(4))},
          {"to", rfc3339(row.time(5))},
          {"state", row.text(6)},
          {"failure", text_or_null(row.text(7))},
          {"bytes", row.is_null(8) ? Json(nullptr) : Json(row.integer(8))},
          {"score", number ? Json(std::stoi(*number)) : Json(nullptr)},
          {"grade", row.is_null(10) ? Json(nullptr) : Json(row.text(10))},
          {"made_by", row.is_null(11) ? Json(nullptr) : Json(row.text(11))},
          {"created_at", rfc3339(row.time(12))},
          {"finished_at", time_or_null(row, 13)}};
}

TimeNs read_moment(Body& body, std::string_view name) {
  const std::string text = body.read_text(name, 1, 40);
  const auto time = parse_time(text);
  if (!text.empty() && !time)
    body.refuse(std::string(name), "Not a time.",
                {"RFC 3339 with zone, such as 2026-11-23T09:30:00+09:00"});
  return time.value_or(0);
}

}  // namespace

Response list_reports(Context& context) {
  const auto site = context.parameters.read_id("site");
  context.parameters.finish();
  Json items = Json::array();
  for (const store::Row row :
       context.ask(query::kReportList, {context.organization, site, nullptr}))
    items.push_back(report_json(row));
  return json_response({{"items", std::move(items)}});
}

Response add_report(Context& context) {
  context.parameters.finish();
  Body body(context.request);
  const std::int64_t site = body.read_id("site");
  const auto language = body.read_optional_word("language", kLanguages);
  const TimeNs from = read_moment(body, "from");
  const TimeNs to = read_moment(body, "to");
  if (from >= to || to - from > kPeriodMost)
    body.refuse("from", "Not before the end of the period, or more than 400 days before it.");
  body.finish();
  if (context.ask(query::kReportWaiting, {context.organization})[0].integer(0) >= kUnfinishedMost)
    throw conflict("body", "site",
                   "Too many reports are being made; wait until some are finished.");
  const auto added =
      context.ask(query::kReportAdd,
                  {context.organization, site, language.value_or(context.session.account.locale),
                   rfc3339(from), rfc3339(to), context.session.account.id});
  if (added.empty()) throw invalid_field("body", "site", "There is no such site.");
  const std::int64_t id = added[0].integer(0);
  context.audit("report.add", "report:" + id_text(id), Json{{"site", id_text(site)}}.dump());
  context.announce("report", site);
  const auto rows = context.ask(query::kReportList, {context.organization, nullptr, id});
  const Json json = report_json(rows[0]);
  context.commit();
  return json_response(json, 201);
}

Response get_report_deck(Context& context) {
  context.parameters.finish();
  const auto rows = context.ask(query::kReportFile, {context.organization, context.ids[0]});
  if (rows.empty()) throw not_found();
  Response out;
  out.body = rows[0].bytes(0);
  out.with("Content-Type",
           "application/vnd.openxmlformats-officedocument.presentationml.presentation");
  out.with("Content-Disposition",
           fmt::format("attachment; filename=\"osect-report-{}-{}-{}.pptx\"", rows[0].integer(1),
                       rows[0].text(3), rows[0].text(2)));
  return out;
}

}  // namespace osect::api
