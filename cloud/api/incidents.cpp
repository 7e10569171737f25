// /incidents: what alerts that belong together make, step after step, and what is done about it.
#include <algorithm>
#include <array>

#include "cloud/alert/chain.h"
#include "cloud/api/alerts.h"
#include "cloud/api/body.h"
#include "cloud/api/conversations.h"
#include "cloud/api/routes.h"
#include "cloud/store/queries/alert_detail.h"
#include "cloud/store/queries/incident.h"

namespace osect::api {
namespace query = store::query;
namespace {

constexpr std::int64_t kIncidentsMax = 200;
constexpr std::array<std::string_view, 2> kWanted{"open", "all"};
constexpr std::array<std::string_view, 5> kActions{"investigate", "close", "reopen", "assign",
                                                   "comment"};
constexpr std::array<std::string_view, 4> kCloseReasons{"planned_work", "false_positive",
                                                        "incident", "accepted_risk"};

// Every stage in its order, and whether it was reached.
Json stages_json(const std::vector<std::string>& reached) {
  Json out = Json::array();
  for (const alert::Stage& stage : alert::stages().in_order)
    out.push_back(
        {{"id", stage.id},
         {"name", {{"ja", stage.name.ja}, {"en", stage.name.en}}},
         {"is_reached", std::find(reached.begin(), reached.end(), stage.id) != reached.end()}});
  return out;
}

Json incident_json(const store::Row& row) {
  return {{"id", id_text(row.integer(0))},
          {"site", reference(row.integer(1), row.text(2))},
          {"stages", stages_json(row.texts(3))},
          {"severity", row.text(4)},
          {"first_seen", rfc3339(row.time(5))},
          {"last_seen", rfc3339(row.time(6))},
          {"state", row.text(7)},
          {"reason", row.is_null(8) ? Json(nullptr) : Json(row.text(8))},
          {"actor", side_json(row, 9)},
          {"assignee", reference_or_null(row, 13)},
          {"alerts", row.integer(15)},
          {"devices", row.integer(16)}};
}

store::Rows read_incidents(Context& context, std::optional<std::int64_t> site,
                           const store::Param& states, std::int64_t count,
                           std::optional<std::int64_t> id) {
  return context.ask(query::kIncidentList, {context.organization, site, states, count, id});
}

store::Param open_states() {
  return store::Param::array(std::array<std::string, 2>{"new", "investigating"});
}

// The stage that an alert's rule is at; null where it has left the table since.
Json stage_of(const Json& alert) {
  const alert::Stages& stages = alert::stages();
  const std::size_t at = stages.find(alert["rule"].get<std::string>());
  return at == stages.in_order.size() ? Json(nullptr) : Json(stages.in_order[at].id);
}

Json alerts_of(Context& context, std::int64_t incident) {
  std::vector<std::int64_t> ids;
  for (const auto row : context.ask(query::kIncidentAlerts, {context.organization, incident}))
    ids.push_back(row.integer(0));
  Json out = Json::array();
  for (Json& alert : find_alerts_json(context, ids))
    out.push_back({{"stage", stage_of(alert)}, {"alert", std::move(alert)}});
  return out;
}

Json devices_of(Context& context, std::int64_t incident) {
  Json out = Json::array();
  for (const auto row : context.ask(query::kIncidentDevices, {context.organization, incident}))
    out.push_back({{"device", side_json(row, 0)},
                   {"is_actor", row.boolean(4)},
                   {"is_target", row.boolean(5)},
                   {"first_seen", rfc3339(row.time(6))}});
  return out;
}

struct Action {
  std::string name;
  std::string reason;
  std::string comment;
  std::optional<std::int64_t> assignee;
};

Action read_action(Context& context) {
  Body body(context.request);
  const auto name = body.read_optional_word("action", kActions);
  const auto reason = body.read_optional_word("reason", kCloseReasons);
  Action out{name.value_or(""), reason.value_or(""),
             body.read_optional_text("comment", 0, 2000).value_or(""),
             body.read_optional_id("assignee")};
  if (!name) body.refuse("action", "Missing.", {kActions.begin(), kActions.end()});
  if (out.name == "close" && !reason)
    body.refuse("reason", "Missing.", {kCloseReasons.begin(), kCloseReasons.end()});
  if (out.name == "comment" && out.comment.empty()) body.refuse("comment", "Missing.");
  body.finish();
  return out;
}

// With an incident its alerts are closed: nobody has to look at them again.
void close_alerts(Context& context, std::int64_t incident, const Action& action) {
  std::vector<std::int64_t> ids;
  for (const auto row : context.ask(query::kIncidentOpenAlerts, {context.organization, incident}))
    ids.push_back(row.integer(0));
  const auto alerts = store::Param::array(ids);
  const std::int64_t person = context.session.account.id;
  const Json more{{"reason", action.reason}, {"incident", id_text(incident)}};
  context.ask(query::kAlertNote,
              {context.organization, alerts, person, "closed", action.comment, more.dump()});
  context.ask(query::kAlertSetState,
              {context.organization, alerts, person, "closed", action.reason, nullptr});
}

void act(Context& context, std::int64_t incident, const Action& action) {
  const std::int64_t person = context.session.account.id;
  Json more = Json::object();
  if (!action.reason.empty()) more["reason"] = action.reason;
  if (action.assignee) more["assignee"] = find_alert_person(context, *action.assignee);
  const auto note = [&](const char* done) {
    context.ask(query::kIncidentNote,
                {context.organization, incident, person, done, action.comment, more.dump()});
  };
  const auto set = [&](const char* state, const store::Param& reason) {
    context.ask(query::kIncidentSetState, {context.organization, incident, person, state, reason});
  };
  if (action.name == "investigate") {
    note("investigated");
    set("investigating", nullptr);
  } else if (action.name == "close") {
    note("closed");
    set("closed", action.reason);
    close_alerts(context, incident, action);
  } else if (action.name == "reopen") {
    note("reopened");
    set("new", nullptr);
  } else if (action.name == "assign") {
    note("assigned");
    context.ask(query::kIncidentAssign, {context.organization, incident, person, action.assignee});
  } else {
    note("commented");
  }
}

}  // namespace

Json open_incidents_json(Context& context, std::optional<std::int64_t> site, std::int64_t count) {
  Json out = Json::array();
  for (const auto row : read_incidents(context, site, open_states(), count, std::nullopt))
    out.push_back(incident_json(row));
  return out;
}

Response list_incidents(Context& context) {
  const auto site = context.parameters.read_id("site");
  const auto wanted = context.parameters.read_word("state", kWanted);
  context.parameters.finish();
  Json out = Json::array();
  const bool is_all = wanted == "all";
  for (const auto row :
       read_incidents(context, site, is_all ? store::Param(nullptr) : open_states(), kIncidentsMax,
                      std::nullopt))
    out.push_back(incident_json(row));
  return json_response({{"items", std::move(out)}});
}

Response get_incident(Context& context) {
  context.parameters.finish();
  const std::int64_t id = context.ids[0];
  const auto rows = read_incidents(context, std::nullopt, nullptr, 1, id);
  if (rows.empty()) throw not_found();
  Json json = incident_json(rows[0]);
  json["timeline"] = alerts_of(context, id);
  json["parties"] = devices_of(context, id);
  json["history"] = Json::array();
  for (const auto row : context.ask(query::kIncidentHistoryList, {context.organization, id}))
    json["history"].push_back(history_json(row));
  return json_response(json);
}

Response act_on_incident(Context& context) {
  context.parameters.finish();
  const std::int64_t id = context.ids[0];
  const auto found = context.ask(query::kIncidentLock, {context.organization, id});
  if (found.empty()) throw not_found();
  const Action action = read_action(context);
  act(context, id, action);
  context.audit("incident." + action.name, "incident:" + id_text(id),
                Json{{"reason", text_or_null(action.reason)}}.dump());
  context.announce("alert", found[0].integer(0));
  context.commit();
  return json_response({{"changed", 1}});
}

}  // namespace osect::api
