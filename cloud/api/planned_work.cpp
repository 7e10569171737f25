// /planned-work: what is going to be done at a site, when, on which devices, by whom.
#include "cloud/store/queries/planned_work.h"

#include <algorithm>
#include <array>
#include <map>

#include "cloud/api/body.h"
#include "cloud/api/conversations.h"
#include "cloud/api/routes.h"

namespace osect::api {
namespace query = store::query;
namespace {

constexpr std::int64_t kWorksMax = 200;
constexpr std::size_t kDevicesMax = 200;
constexpr TimeNs kLongest = 31LL * 24 * 60 * kMinuteNs;
constexpr std::array<std::string_view, 8> kChanges{"device",  "connection", "write", "control",
                                                   "program", "config",     "time",  "silence"};

std::vector<Json> read_works(Context& context, std::optional<std::int64_t> site,
                             std::optional<std::int64_t> id) {
  const auto rows =
      context.ask(query::kPlannedWorkList, {context.organization, site, kWorksMax, id});
  std::vector<std::int64_t> ids;
  for (const auto row : rows) ids.push_back(row.integer(0));
  std::map<std::int64_t, Json> devices;
  for (const auto row :
       context.ask(query::kPlannedWorkDevices, {context.organization, store::Param::array(ids)}))
    devices[row.integer(0)].push_back(side_json(row, 1));
  std::vector<Json> out;
  for (const auto row : rows) {
    const auto own = devices.find(row.integer(0));
    out.push_back({{"id", id_text(row.integer(0))},
                   {"site", reference(row.integer(1), row.text(2))},
                   {"title", row.text(3)},
                   {"people", row.text(4)},
                   {"note", row.text(5)},
                   {"expects", row.texts(6)},
                   {"starts_at", rfc3339(row.time(7))},
                   {"ends_at", rfc3339(row.time(8))},
                   {"ended_at", time_or_null(row, 9)},
                   {"made_by", reference_or_null(row, 10)},
                   {"state", row.text(12)},
                   {"alerts", row.integer(13)},
                   {"devices", own == devices.end() ? Json::array() : own->second}});
  }
  return out;
}

struct Wanted {
  std::int64_t site = 0;
  std::string title;
  std::string people;
  std::string note;
  std::vector<std::string> expects;
  std::vector<std::int64_t> devices;
  TimeNs starts = 0;
  TimeNs ends = 0;
};

Wanted read_wanted(Context& context) {
  Body body(context.request);
  Wanted out{.site = body.read_id("site"),
             .title = body.read_text("title", 1, 200),
             .people = body.read_optional_text("people", 0, 200).value_or(""),
             .note = body.read_optional_text("note", 0, 2000).value_or(""),
             .expects = body.read_words("expects", kChanges),
             .devices = body.read_ids("devices", kDevicesMax, 0)};
  const auto read_time = [&](const char* field) {
    const auto time = parse_time(body.read_text(field, 1, 40));
    if (!time) body.refuse(field, "Not a time.", {"RFC 3339 with zone"});
    return time.value_or(0);
  };
  out.starts = read_time("starts_at");
  out.ends = read_time("ends_at");
  if (out.ends <= out.starts || out.ends - out.starts > kLongest)
    body.refuse("ends_at", "Not later than starts_at, or more than 31 days later.");
  else if (out.ends <= context.services.now())
    body.refuse("ends_at", "Already past.");
  body.finish();
  return out;
}

}  // namespace

Response list_planned_work(Context& context) {
  const auto site = context.parameters.read_id("site");
  context.parameters.finish();
  return json_response({{"items", read_works(context, site, std::nullopt)}});
}

Response add_planned_work(Context& context) {
  context.parameters.finish();
  Wanted wanted = read_wanted(context);
  auto& devices = wanted.devices;
  std::sort(devices.begin(), devices.end());
  devices.erase(std::unique(devices.begin(), devices.end()), devices.end());
  const auto made =
      context.ask(query::kPlannedWorkAdd,
                  {context.organization, wanted.site, wanted.title, wanted.people, wanted.note,
                   store::Param::array(wanted.expects), rfc3339(wanted.starts),
                   rfc3339(wanted.ends), context.session.account.id});
  if (made.empty()) throw invalid_field("body", "site", "There is no such site.");
  const std::int64_t id = made[0].integer(0);
  const auto added = context.ask(query::kPlannedWorkAddDevices,
                                 {context.organization, id, store::Param::array(devices)});
  if (added.affected() != static_cast<std::int64_t>(devices.size()))
    throw invalid_field("body", "devices", "There is no such device at the site among them.");
  context.audit("planned_work.add", "planned_work:" + id_text(id),
                Json{{"title", wanted.title},
                     {"starts_at", rfc3339(wanted.starts)},
                     {"ends_at", rfc3339(wanted.ends)}}
                    .dump());
  context.announce("alert", wanted.site);
  const Json json = read_works(context, std::nullopt, id).front();
  context.commit();
  return json_response(json, 201);
}

Response end_planned_work(Context& context) {
  context.parameters.finish();
  const std::int64_t id = context.ids[0];
  const auto found = context.ask(query::kPlannedWorkLock, {context.organization, id});
  if (found.empty()) throw not_found();
  if (found[0].boolean(1)) throw conflict("path", "work", "It is over already.");
  context.ask(query::kPlannedWorkEnd, {context.organization, id, context.session.account.id});
  context.audit("planned_work.end", "planned_work:" + id_text(id), "{}");
  context.announce("alert", found[0].integer(0));
  const Json json = read_works(context, std::nullopt, id).front();
  context.commit();
  return json_response(json);
}

}  // namespace osect::api
