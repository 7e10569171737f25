// /learning: how far each site has learned what is normal; /baseline: what it has learned, as
// rules.
#include <algorithm>
#include <array>
#include <cmath>

#include "cloud/api/body.h"
#include "cloud/api/conversations.h"
#include "cloud/api/json.h"
#include "cloud/api/routes.h"
#include "cloud/store/queries/alert_detail.h"

namespace osect::api {
namespace query = store::query;
namespace {

constexpr std::array<std::string_view, 3> kStates{"learning", "review", "operating"};
constexpr std::array<std::string_view, 5> kShifts{"day", "evening", "night", "saturday", "sunday"};
constexpr std::int64_t kRulesMax = 500;
constexpr std::int64_t kDeviceDaysMax = 60;
constexpr double kUnseenEnough = 0.02;  // of what happens, this much may be new
constexpr double kDaysMost = 60;

// The share of what happens that has not been seen is about the share of what was seen once. It
// falls as 1 / days; so many more days until little is left, and each shift has been there.
std::int64_t days_left(double unseen, std::int64_t days, bool has_all_shifts) {
  const double observed = static_cast<double>(std::max<std::int64_t>(1, days));
  const double needed = std::min(kDaysMost, observed * unseen / kUnseenEnough);
  const auto left = static_cast<std::int64_t>(std::ceil(std::max(0.0, needed - observed)));
  constexpr std::int64_t kWeek = 7;
  return has_all_shifts ? left : std::max(left, std::max<std::int64_t>(1, kWeek - days));
}

Json learning_json(Context& context, const store::Row& site) {
  const std::int64_t id = site.integer(0);
  const auto measured = context.ask(query::kLearningMeasure, {context.organization, id});
  const auto row = measured[0];
  const std::int64_t sightings = row.integer(2);
  const double unseen =
      sightings == 0 ? 1.0 : static_cast<double>(row.integer(1)) / static_cast<double>(sightings);
  const auto seen = row.texts(4);
  Json missing = Json::array();
  for (const auto shift : kShifts)
    if (std::find(seen.begin(), seen.end(), shift) == seen.end()) missing.push_back(shift);
  const double share = (1.0 - unseen) * static_cast<double>(kShifts.size() - missing.size()) /
                       static_cast<double>(kShifts.size());
  return {{"site", reference(id, site.text(1))},
          {"state", site.is_null(2) ? Json("learning") : Json(site.text(2))},
          {"begun_at", time_or_null(site, 3)},
          {"changed_at", time_or_null(site, 4)},
          {"changed_by", site.is_null(5) ? Json(nullptr) : Json(site.text(5))},
          {"days", row.integer(3)},
          {"entries", row.integer(0)},
          {"completeness", static_cast<std::int64_t>(std::lround(share * 100))},
          {"days_left", days_left(unseen, row.integer(3), missing.empty())},
          {"missing_shifts", std::move(missing)}};
}

Json names(const std::vector<std::string>& texts) {
  Json out = Json::array();
  for (const auto& text : texts)
    if (!text.empty()) out.push_back(text);
  return out;
}

}  // namespace

Response list_learning(Context& context) {
  const auto site = context.parameters.read_id("site");
  context.parameters.finish();
  Json out = Json::array();
  for (const auto row : context.ask(query::kLearningList, {context.organization, site}))
    out.push_back(learning_json(context, row));
  return json_response({{"items", std::move(out)}});
}

Response change_learning(Context& context) {
  context.parameters.finish();
  const std::int64_t site = context.ids[0];
  auto rows = context.ask(query::kLearningList, {context.organization, site});
  if (rows.empty()) throw not_found();
  Body body(context.request);
  const auto state = body.read_optional_word("state", kStates);
  body.finish_not_empty();
  context.ask(query::kLearningSet,
              {context.organization, site, *state, context.session.account.id});
  context.audit("learning.change", "site:" + id_text(site), Json{{"state", *state}}.dump());
  context.announce("alert", site);
  rows = context.ask(query::kLearningList, {context.organization, site});
  const Json json = learning_json(context, rows[0]);
  context.commit();
  return json_response(json);
}

Response list_learning_devices(Context& context) {
  const auto site = context.parameters.read_id("site");
  context.parameters.finish();
  Json out = Json::array();
  for (const auto row : context.ask(query::kLearningDevices, {context.organization, site}))
    out.push_back(
        {{"site", reference(row.integer(0), row.text(1))},
         {"device", side_json(row, 2)},
         {"begun_at", rfc3339(row.time(6))},
         {"learns_until", rfc3339(row.time(7))},
         {"person", row.is_null(8) ? Json(nullptr) : reference(row.integer(8), row.text(9))}});
  return json_response({{"items", std::move(out)}});
}

Response change_device_learning(Context& context) {
  context.parameters.finish();
  const std::int64_t device = context.ids[0];
  if (context.ask(query::kLearningDeviceFind, {context.organization, device}).empty())
    throw not_found();
  Body body(context.request);
  const auto days = body.read_optional_number("days", 0, kDeviceDaysMax);
  body.finish_not_empty();
  const auto rows = context.ask(query::kLearningDeviceSet,
                                {context.organization, device, context.session.account.id, *days});
  context.audit("learning.device", "device:" + id_text(device), Json{{"days", *days}}.dump());
  context.announce("alert", rows[0].integer(0));
  context.commit();
  return json_response({{"changed", 1}});
}

Response list_baseline(Context& context) {
  const auto site = context.parameters.read_id("site");
  context.parameters.finish();
  Json out = Json::array();
  for (const auto row : context.ask(query::kBaselineRules, {context.organization, site, kRulesMax}))
    out.push_back({{"site", reference(row.integer(0), row.text(1))},
                   {"record", row.text(2)},
                   {"client_type", text_or_null(row.text(3))},
                   {"server_type", text_or_null(row.text(4))},
                   {"is_outside", row.boolean(5)},
                   {"protocol", text_or_null(row.text(6))},
                   {"access", text_or_null(row.text(7))},
                   {"entries", row.integer(8)},
                   {"clients", row.integer(9)},
                   {"servers", row.integer(10)},
                   {"first_seen", rfc3339(row.time(11))},
                   {"last_seen", rfc3339(row.time(12))},
                   {"by_person", row.integer(13)},
                   {"client_names", names(row.texts(14))},
                   {"server_names", names(row.texts(15))}});
  return json_response({{"items", std::move(out)}});
}

}  // namespace osect::api
