// /alerts: the list, its groups and its export.
#include "cloud/api/alerts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cloud/api/conversations.h"
#include "cloud/api/export.h"
#include "cloud/api/routes.h"
#include "cloud/rules/rules.h"
#include "cloud/store/queries/alert_detail.h"
#include "cloud/store/queries/alert_list.h"

namespace osect::api {
namespace query = store::query;
namespace {

constexpr std::array<std::string_view, 3> kStates{"new", "investigating", "closed"};
constexpr std::array<std::string_view, 5> kSeverities{"info", "low", "medium", "high", "critical"};
constexpr std::array<std::string_view, 6> kCategories{"device", "communication", "operation",
                                                      "attack", "network",       "health"};
constexpr std::array<std::string_view, 6> kReasons{"learned",  "planned_work",  "false_positive",
                                                   "incident", "accepted_risk", "muted"};
constexpr std::array kSorts{
    SortField{"severity", SortKind::number}, SortField{"count", SortKind::number},
    SortField{"rule", SortKind::text},       SortField{"state", SortKind::text},
    SortField{"first_seen", SortKind::time}, SortField{"last_seen", SortKind::time},
};
constexpr std::array<std::string_view, 9> kGroups{
    "state", "severity", "category", "rule", "assignee", "reason", "site", "client", "server"};

// Columns of alert_list.
enum Column {
  kId,
  kKey,
  kSiteId,
  kSiteName,
  kRule,
  kCategory,
  kSeverity,
  kPoints,
  kClient,
  kClientName,
  kClientIp,
  kClientMac,
  kServer,
  kServerName,
  kServerIp,
  kServerMac,
  kDetail,
  kCount,
  kFirstSeen,
  kLastSeen,
  kState,
  kReason,
  kMutedUntil,
  kAssigneeId,
  kAssigneeName,
  kComments,
  kFirstLocal,
  kLastLocal,
  kHasClient,
  kHasServer,
  kIncidentId,
  kPlannedWorkId,
  kPlannedWork
};

const detect::Rule* find_rule(std::string_view id) {
  const auto& all = rules::all();
  const auto at =
      std::find_if(all.begin(), all.end(), [&](const auto& rule) { return rule.id == id; });
  return at == all.end() ? nullptr : &*at;
}

Json detail_of(const store::Row& row) {
  return Json::parse(row.text(kDetail), nullptr, false);
}

// "{client} stopped {server}" with what stands in the detail; sides by their names.
std::string filled(std::string text, const store::Row& row) {
  const Json detail = detail_of(row);
  const auto value = [&](const std::string& name) -> std::string {
    if (name == "client") return side_name(row, kClient);
    if (name == "server") return side_name(row, kServer);
    const auto at = detail.find(name);
    if (at == detail.end()) return {};
    return at->is_string() ? at->get<std::string>() : at->dump();
  };
  for (std::size_t at = text.find('{'); at != std::string::npos; at = text.find('{', at)) {
    const std::size_t end = text.find('}', at);
    if (end == std::string::npos) break;
    const std::string by = value(text.substr(at + 1, end - at - 1));
    text.replace(at, end - at + 1, by);
    at += by.size();
  }
  return text;
}

std::string title_cell(const store::Row& row, bool is_japanese) {
  const detect::Rule* const rule = find_rule(row.text(kRule));
  if (rule == nullptr) return std::string(row.text(kRule));
  return filled(is_japanese ? rule->title.ja : rule->title.en, row);
}
template <int column>
std::string text_cell(const store::Row& row, bool) {
  return row.is_null(column) ? std::string() : std::string(row.text(column));
}
template <int column>
std::string side_cell(const store::Row& row, bool) {
  return side_name(row, column);
}

constexpr std::array kColumns{
    ExportColumn{"severity", "重大度", "Severity", CellKind::text, text_cell<kSeverity>},
    ExportColumn{"title", "内容", "What happened", CellKind::text, title_cell},
    ExportColumn{"state", "状態", "State", CellKind::text, text_cell<kState>},
    ExportColumn{"reason", "理由", "Reason", CellKind::text, text_cell<kReason>},
    ExportColumn{"category", "分類", "Category", CellKind::text, text_cell<kCategory>},
    ExportColumn{"rule", "検知ルール", "Rule", CellKind::text, text_cell<kRule>},
    ExportColumn{"client", "端末 (元)", "Client", CellKind::text, side_cell<kClient>},
    ExportColumn{"client_ip", "端末 (元) IP", "Client IP", CellKind::text, text_cell<kClientIp>},
    ExportColumn{"server", "端末 (先)", "Server", CellKind::text, side_cell<kServer>},
    ExportColumn{"server_ip", "端末 (先) IP", "Server IP", CellKind::text, text_cell<kServerIp>},
    ExportColumn{"count", "回数", "Count", CellKind::number, text_cell<kCount>},
    ExportColumn{"assignee", "担当者", "Assignee", CellKind::text, text_cell<kAssigneeName>},
    ExportColumn{"site", "拠点", "Site", CellKind::text, text_cell<kSiteName>},
    ExportColumn{"first_seen", "初回 (拠点の時刻)", "First (site's time)", CellKind::local_time,
                 text_cell<kFirstLocal>},
    ExportColumn{"last_seen", "最終 (拠点の時刻)", "Last (site's time)", CellKind::local_time,
                 text_cell<kLastLocal>},
};

// $1 to $27 of the list's queries.
std::vector<store::Param> read_filters(Context& context) {
  std::vector<store::Param> out{context.organization};
  out.emplace_back(context.parameters.read_id("site"));
  out.emplace_back(context.parameters.read_id("sensor"));
  const OpenRange range = read_open_range(context);
  out.emplace_back(range.from);
  out.emplace_back(range.to);
  const auto new_since = context.parameters.read_time("new_since");
  out.emplace_back(new_since ? store::Param(rfc3339(*new_since)) : store::Param(nullptr));
  add_words(read_words(context), out);
  const auto add = [&](const Filter& filter) {
    out.push_back(filter.wanted_param());
    out.push_back(filter.unwanted_param());
  };
  add(read_filter(context, "state", kStates));
  add(read_filter(context, "severity", kSeverities));
  add(read_filter(context, "category", kCategories));
  add(read_filter(context, "rule"));
  add(read_filter(context, "assignee"));
  const Filter device = read_id_filter(context, "device");
  for (const auto* values : {&device.wanted, &device.unwanted}) {
    std::vector<std::int64_t> ids;
    for (const std::string& id : *values) ids.push_back(parse_id(id).value_or(0));
    out.push_back(ids.empty() ? store::Param(nullptr) : store::Param::array(ids));
  }
  add(read_filter(context, "reason", kReasons));
  add(read_filter(context, "planned_work"));
  out.emplace_back(nullptr);
  return out;
}

Json alert_json(const store::Row& row) {
  const detect::Rule* const rule = find_rule(row.text(kRule));
  const auto side = [&](int column, int has) {
    return row.boolean(has) ? side_json(row, column) : Json(nullptr);
  };
  const Json text =
      rule == nullptr ? Json(nullptr) : Json{{"ja", rule->title.ja}, {"en", rule->title.en}};
  return {{"id", id_text(row.integer(kId))},
          {"site", reference(row.integer(kSiteId), row.text(kSiteName))},
          {"rule", row.text(kRule)},
          {"category", row.text(kCategory)},
          {"severity", row.text(kSeverity)},
          {"title", text},
          {"client", side(kClient, kHasClient)},
          {"server", side(kServer, kHasServer)},
          {"detail", detail_of(row)},
          {"count", row.integer(kCount)},
          {"first_seen", rfc3339(row.time(kFirstSeen))},
          {"last_seen", rfc3339(row.time(kLastSeen))},
          {"state", row.text(kState)},
          {"reason", row.is_null(kReason) ? Json(nullptr) : Json(row.text(kReason))},
          {"muted_until", time_or_null(row, kMutedUntil)},
          {"assignee", reference_or_null(row, kAssigneeId)},
          {"planned_work", reference_or_null(row, kPlannedWorkId)},
          {"incident",
           row.is_null(kIncidentId) ? Json(nullptr) : Json(id_text(row.integer(kIncidentId)))},
          {"comments", row.integer(kComments)},
          {"points", Json::parse(row.text(kPoints), nullptr, false)}};
}

constexpr List kList{
    .name = "alerts",
    .queries = {query::kAlertList, query::kAlertGroups},
    .sorts = kSorts,
    .groups = kGroups,
    .columns = kColumns,
    .read_filters = read_filters,
    .item = alert_json,
};

}  // namespace

Json alert_figures_json(Context& context, std::optional<std::int64_t> site,
                        std::optional<std::int64_t> sensor) {
  Json out{{"critical", 0}, {"high", 0}, {"medium", 0}, {"low", 0}, {"info", 0}};
  const auto rows = context.ask(query::kAlertFigures, {context.organization, site, sensor});
  for (const auto row : rows) out[std::string(row.text(0))] = row.integer(1);
  return out;
}

Json gravest_alerts_json(Context& context, std::optional<std::int64_t> site,
                         std::optional<std::int64_t> sensor, std::int64_t count) {
  Paging paging;
  paging.field = "severity";
  paging.kind = SortKind::number;
  std::vector<store::Param> filters{context.organization, site, sensor};
  filters.resize(11, nullptr);
  filters.push_back(store::Param::array(std::array<std::string, 1>{"closed"}));
  filters.resize(24, nullptr);
  // What was planned asks nothing.
  filters.push_back(store::Param::array(std::array<std::string, 1>{""}));
  filters.resize(27, nullptr);
  Json out = Json::array();
  const auto rows = read_page(context, kList.queries, filters, paging, count);
  for (const auto row : rows) out.push_back(alert_json(row));
  return out;
}

std::vector<Json> find_alerts_json(Context& context, const std::vector<std::int64_t>& ids) {
  Paging paging;
  paging.field = "first_seen";
  paging.is_descending = false;
  std::vector<store::Param> filters{context.organization};
  filters.resize(26, nullptr);
  filters.push_back(store::Param::array(ids));
  std::vector<Json> out;
  const auto count = static_cast<std::int64_t>(ids.size());
  for (const auto row : read_page(context, kList.queries, filters, paging, count))
    out.push_back(alert_json(row));
  return out;
}

Response list_alerts(Context& context) {
  return answer_page(context, kList);
}

Response group_alerts(Context& context) {
  return answer_groups(context, kList);
}

Response export_alerts(Context& context) {
  return answer_export(context, kList);
}

}  // namespace osect::api
