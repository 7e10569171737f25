// /baseline/entries and /baseline/actions: what a rule of the baseline covers, and what people make
// of it.
#include "cloud/store/queries/baseline.h"

#include <array>

#include "cloud/api/body.h"
#include "cloud/api/conversations.h"
#include "cloud/api/routes.h"
#include "cloud/detect/targets.h"

namespace osect::api {
namespace query = store::query;
namespace {

constexpr std::int64_t kEntriesMax = 2000;
constexpr std::array<std::string_view, 2> kRecords{"conversation", "operation"};
constexpr std::array<std::string_view, 2> kTruths{"false", "true"};
constexpr std::array<std::string_view, 4> kActions{"forget", "expire", "keep", "allow_targets"};

Json entry_json(const store::Row& row) {
  return {{"id", id_text(row.integer(0))},
          {"client", side_json(row, 1)},
          {"server", side_json(row, 5)},
          {"transport", text_or_null(row.text(9))},
          {"port", row.integer(10)},
          {"function", text_or_null(row.text(11))},
          {"target", text_or_null(row.text(12))},
          {"targets", text_or_null(row.text(13))},
          {"source", row.text(14)},
          {"person", reference_or_null(row, 15)},
          {"learned_at", rfc3339(row.time(17))},
          {"expires_at", time_or_null(row, 18)},
          {"first_seen", rfc3339(row.time(19))},
          {"last_seen", rfc3339(row.time(20))}};
}

}  // namespace

Response list_baseline_entries(Context& context) {
  auto& asked = context.parameters;
  const auto site = asked.read_id("site");
  const std::string record = asked.read_required_word("record", kRecords);
  const std::string client_type = asked.read_text("client_type", 40).value_or("");
  const std::string server_type = asked.read_text("server_type", 40).value_or("");
  const bool is_outside = asked.read_word("is_outside", kTruths) == "true";
  const std::string protocol = asked.read_text("protocol", 80).value_or("");
  const std::string access = asked.read_text("access", 40).value_or("");
  asked.finish();
  Json out = Json::array();
  for (const auto row : context.ask(query::kBaselineEntries,
                                    {context.organization, site, record, client_type, server_type,
                                     is_outside, protocol, access, kEntriesMax}))
    out.push_back(entry_json(row));
  return json_response({{"items", std::move(out)}});
}

Response act_on_baseline(Context& context) {
  context.parameters.finish();
  Body body(context.request);
  const auto ids = store::Param::array(body.read_ids("entries", kEntriesMax));
  const std::string action = body.read_optional_word("action", kActions).value_or("");
  const auto until = body.read_optional_text("until", 1, 40);
  const auto targets = body.read_optional_text("targets", 1, 200);
  if (action.empty()) body.refuse("action", "Missing.", {kActions.begin(), kActions.end()});
  const auto time = until ? parse_time(*until) : std::nullopt;
  if (action == "expire" && (!time || *time <= context.services.now()))
    body.refuse("until", "Not a time in the future.", {"RFC 3339 with zone"});
  if (action == "allow_targets" && (!targets || !detect::Targets::parse(*targets)))
    body.refuse("targets", "Not a range of targets.", {"*", "D100..D199"});
  body.finish();
  const std::int64_t person = context.session.account.id;
  const auto found = context.ask(query::kBaselineLock, {context.organization, ids});
  if (found.empty()) throw invalid_field("body", "entries", "There is no such entry.");
  const auto changed = [&] {
    if (action == "forget") return context.ask(query::kBaselineForget, {context.organization, ids});
    if (action == "allow_targets")
      return context.ask(query::kBaselineAllowTargets,
                         {context.organization, ids, person, *targets});
    return context.ask(query::kBaselineKeep, {context.organization, ids, person,
                                              action == "expire" ? until : std::nullopt});
  }();
  if (changed.affected() == 0)
    throw conflict("body", "entries", "None of them is an operation with a target.");
  context.audit("baseline." + action, "baseline:" + id_text(found[0].integer(0)),
                Json{{"entries", changed.affected()}, {"targets", targets.value_or("")}}.dump());
  context.announce("alert", found[0].integer(1));
  context.commit();
  return json_response({{"changed", changed.affected()}});
}

}  // namespace osect::api
