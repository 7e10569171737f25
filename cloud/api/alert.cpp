// /alerts/{alert}: one alert whole; /alerts/actions: what is done with some; /rules: what
// detections say.
#include <algorithm>
#include <array>
#include <optional>

#include "cloud/api/alerts.h"
#include "cloud/api/body.h"
#include "cloud/api/conversations.h"
#include "cloud/api/routes.h"
#include "cloud/rules/rules.h"
#include "cloud/store/queries/alert_detail.h"

namespace osect::api {
namespace query = store::query;
namespace {

constexpr std::int64_t kAllowedMax = 200;
constexpr std::size_t kActionsMax = 500;
constexpr std::int64_t kDeviceDays = 7;  // every weekday and shift once
constexpr std::int64_t kDeviceDaysMax = 60;

Json text_json(const detect::Text& text) {
  return {{"ja", text.ja}, {"en", text.en}};
}

Json rule_json(const detect::Rule& rule) {
  return {{"id", rule.id},
          {"category", rule.category},
          {"severity", detect::name_of(rule.severity)},
          {"attack", rule.attack},
          {"is_on_while_learning", rule.is_on_while_learning},
          {"title", text_json(rule.title)},
          {"explain", text_json(rule.explain)},
          {"check", text_json(rule.check)},
          {"do_not", text_json(rule.do_not)}};
}

Json side(const store::Row& row, int column, int has) {
  return row.boolean(has) ? side_json(row, column) : Json(nullptr);
}

Json evidence_json(const store::Row& row) {
  return {{"id", id_text(row.integer(0))},     {"record", row.text(1)},
          {"count", row.integer(2)},           {"first_seen", rfc3339(row.time(3))},
          {"last_seen", rfc3339(row.time(4))}, {"detail", Json::parse(row.text(5), nullptr, false)},
          {"client", side(row, 6, 14)},        {"server", side(row, 10, 15)}};
}

Json allowed_json(const store::Row& row) {
  return {{"record", row.text(0)},
          {"client", side_json(row, 1)},
          {"server", side(row, 5, 17)},
          {"transport", text_or_null(row.text(9))},
          {"port", row.integer(10)},
          {"protocol", text_or_null(row.text(11))},
          {"function", text_or_null(row.text(12))},
          {"access", text_or_null(row.text(13))},
          {"target", text_or_null(row.text(14))},
          {"attribute", text_or_null(row.text(15))},
          {"value", text_or_null(row.text(16))}};
}

Json items(const store::Rows& rows, Json (*item)(const store::Row&)) {
  Json out = Json::array();
  for (const auto row : rows) out.push_back(item(row));
  return out;
}

// One action on some alerts, as the body says it.
struct Action {
  std::string name;
  std::vector<std::int64_t> ids;
  std::string reason;
  std::string comment;
  std::optional<std::string> until;
  std::optional<std::int64_t> assignee;
  std::int64_t days = 0;  // that new devices learn
};

constexpr std::array<std::string_view, 8> kActions{"investigate", "close",  "reopen",  "learn",
                                                   "mute",        "assign", "comment", "undo"};
constexpr std::array<std::string_view, 4> kCloseReasons{"planned_work", "false_positive",
                                                        "incident", "accepted_risk"};

Action read_action(Context& context) {
  Body body(context.request);
  Action out;
  out.ids = body.read_ids("alerts", kActionsMax);
  out.days = body.read_optional_number("days", 0, kDeviceDaysMax).value_or(kDeviceDays);
  const auto name = body.read_optional_word("action", kActions);
  const auto reason = body.read_optional_word("reason", kCloseReasons);
  out.comment = body.read_optional_text("comment", 0, 2000).value_or("");
  out.until = body.read_optional_text("until", 1, 40);
  out.assignee = body.read_optional_id("assignee");
  out.name = name.value_or("");
  out.reason = reason.value_or("");
  if (!name) body.refuse("action", "Missing.", {kActions.begin(), kActions.end()});
  if (out.name == "close" && !reason)
    body.refuse("reason", "Missing.", {kCloseReasons.begin(), kCloseReasons.end()});
  if (out.name == "comment" && out.comment.empty()) body.refuse("comment", "Missing.");
  const auto until = out.until ? parse_time(*out.until) : std::nullopt;
  if (out.until && (!until || *until <= context.services.now()))
    body.refuse("until", "Not a time in the future.", {"RFC 3339 with zone"});
  body.finish();
  return out;
}

// The word for it in the history.
std::string_view done(const std::string& action) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kDone{
      {{"investigate", "investigated"},
       {"close", "closed"},
       {"reopen", "reopened"},
       {"learn", "learned"},
       {"mute", "muted"},
       {"assign", "assigned"},
       {"comment", "commented"},
       {"undo", "undone"}}};
  return std::find_if(kDone.begin(), kDone.end(),
                      [&](const auto& pair) { return pair.first == action; })
      ->second;
}

class Acting {
 public:
  Acting(Context& context, const Action& action)
      : context_(context), action_(action), ids_(store::Param::array(action.ids)) {}

  void run() {
    const auto& name = action_.name;
    if (name == "undo") return undo();
    Json more = Json::object();
    if (!action_.reason.empty()) more["reason"] = action_.reason;
    if (action_.until) more["until"] = *action_.until;
    if (action_.assignee) more["assignee"] = find_alert_person(context_, *action_.assignee);
    if (name == "learn") more["days"] = action_.days;
    note(more);
    if (name == "investigate") set("investigating", nullptr);
    if (name == "reopen") set("new", nullptr);
    if (name == "close") set("closed", action_.reason);
    if (name == "mute") set("closed", "muted");
    if (name == "assign")
      context_.ask(query::kAlertAssign,
                   {context_.organization, ids_, context_.session.account.id, action_.assignee});
    if (name != "learn") return;
    const auto learned = context_.ask(query::kAlertLearn,
                                      {context_.organization, ids_, context_.session.account.id});
    if (learned.affected() == 0)
      throw conflict("body", "action", "There is nothing in these alerts that could be learned.");
    context_.ask(query::kAlertLearnDevices,
                 {context_.organization, ids_, context_.session.account.id, action_.days});
    set("closed", "learned");
  }

 private:
  void note(const Json& more) {
    context_.ask(query::kAlertNote, {context_.organization, ids_, context_.session.account.id,
                                     done(action_.name), action_.comment, more.dump()});
  }
  void set(const char* state, const store::Param& reason) {
    context_.ask(query::kAlertSetState,
                 {context_.organization, ids_, context_.session.account.id, state, reason,
                  action_.name == "mute" ? store::Param(action_.until) : store::Param(nullptr)});
  }
  void undo() {
    const auto back =
        context_.ask(query::kAlertUndo, {context_.organization, ids_, context_.session.account.id});
    if (back.empty()) throw conflict("body", "action", "There is nothing to undo.");
    // Muting and closing left nothing else.
    std::vector<std::int64_t> learned;
    for (const auto row : back)
      if (row.text(1) == "learned") learned.push_back(row.integer(0));
    context_.ask(query::kAlertUnlearn, {context_.organization, store::Param::array(learned)});
    context_.ask(query::kAlertNoteUndone,
                 {context_.organization, ids_, context_.session.account.id, action_.comment});
  }

  Context& context_;
  const Action& action_;
  const store::Param ids_;
};

}  // namespace

Json history_json(const store::Row& row) {
  return {{"at", rfc3339(row.time(0))},
          {"action", row.text(1)},
          {"comment", text_or_null(row.text(2))},
          {"detail", Json::parse(row.text(3), nullptr, false)},
          {"person", reference_or_null(row, 4)}};
}

std::string find_alert_person(Context& context, std::int64_t id) {
  for (const auto row : context.ask(query::kAlertPeople, {context.organization}))
    if (row.integer(0) == id) return std::string(row.text(1));
  throw invalid_field("body", "assignee", "Nobody who may look at alerts.");
}

Response get_alert(Context& context) {
  context.parameters.finish();
  const std::int64_t id = context.ids[0];
  auto found = find_alerts_json(context, {id});
  if (found.empty()) throw not_found();
  Json& json = found.front();
  const auto& rules = rules::all();
  const std::string name = json["rule"];
  const auto rule =
      std::find_if(rules.begin(), rules.end(), [&](const auto& one) { return one.id == name; });
  json["guidance"] = rule == rules.end() ? Json(nullptr) : rule_json(*rule);
  json["evidence"] =
      items(context.ask(query::kAlertEvidenceList, {context.organization, id}), evidence_json);
  json["history"] =
      items(context.ask(query::kAlertHistoryList, {context.organization, id}), history_json);
  const std::vector<std::int64_t> ids{id};
  json["allows"] = items(context.ask(query::kAlertLearns,
                                     {context.organization, store::Param::array(ids), kAllowedMax}),
                         allowed_json);
  return json_response(json);
}

Response act_on_alerts(Context& context) {
  context.parameters.finish();
  const Action action = read_action(context);
  const auto found =
      context.ask(query::kAlertLock, {context.organization, store::Param::array(action.ids)});
  std::vector<std::int64_t> ids = action.ids;
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  if (found.size() != ids.size())
    throw invalid_field("body", "alerts", "There is no such alert among them.");
  Acting(context, action).run();
  Json detail{{"alerts", ids}, {"action", action.name}};
  if (!action.reason.empty()) detail["reason"] = action.reason;
  context.audit("alert." + action.name, "alert:" + id_text(ids.front()), detail.dump());
  for (const auto row : found) context.announce("alert", row.integer(1));
  context.commit();
  return json_response({{"changed", found.size()}});
}

Response list_alert_people(Context& context) {
  context.parameters.finish();
  Json out = Json::array();
  for (const auto row : context.ask(query::kAlertPeople, {context.organization}))
    out.push_back(reference(row.integer(0), row.text(1)));
  return json_response({{"items", std::move(out)}});
}

Response list_rules(Context& context) {
  context.parameters.finish();
  Json out = Json::array();
  for (const auto& rule : rules::all()) out.push_back(rule_json(rule));
  return json_response({{"items", std::move(out)}});
}

}  // namespace osect::api
