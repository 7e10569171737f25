// /operations: the list, its groups and its export.
#include <fmt/format.h>

#include <array>

#include "cloud/api/conversations.h"
#include "cloud/api/export.h"
#include "cloud/api/routes.h"
#include "cloud/store/queries/operation_list.h"

namespace osect::api {
namespace query = store::query;
namespace {

constexpr std::array<std::string_view, 11> kAccesses{"none",    "read",    "write",      "control",
                                                     "program", "config",  "diagnostic", "identity",
                                                     "time",    "session", "cyclic"};
constexpr std::array kSorts{
    SortField{"count", SortKind::number},   SortField{"errors", SortKind::number},
    SortField{"protocol", SortKind::text},  SortField{"function", SortKind::text},
    SortField{"access", SortKind::text},    SortField{"first_seen", SortKind::time},
    SortField{"last_seen", SortKind::time},
};
constexpr std::array<std::string_view, 6> kGroups{"protocol", "function", "access",
                                                  "client",   "server",   "site"};

// Columns of operation_list.
enum Column {
  kId,
  kKey,
  kSiteId,
  kSiteName,
  kSensorId,
  kSensorName,
  kClient,
  kClientName,
  kClientIp,
  kClientMac,
  kServer,
  kServerName,
  kServerIp,
  kServerMac,
  kProtocol,
  kFunction,
  kCode,
  kAccess,
  kTarget,
  kCount,
  kErrors,
  kCycleUs,
  kJitterUs,
  kFirstSeen,
  kLastSeen,
  kFirstLocal,
  kLastLocal
};

template <int column>
std::string text_cell(const store::Row& row, bool) {
  return row.is_null(column) ? std::string() : std::string(row.text(column));
}
template <int column>
std::string side_cell(const store::Row& row, bool) {
  return side_name(row, column);
}
// Milliseconds; empty when the operation is not cyclic.
template <int column>
std::string cycle_cell(const store::Row& row, bool) {
  if (row.integer(kCycleUs) == 0) return {};
  return fmt::format("{:.3f}", static_cast<double>(row.integer(column)) / 1000);
}
Json cycle_json(const store::Row& row, int column) {
  if (row.integer(kCycleUs) == 0) return nullptr;
  return static_cast<double>(row.integer(column)) / 1000;
}

constexpr std::array kColumns{
    ExportColumn{"protocol", "プロトコル", "Protocol", CellKind::text, text_cell<kProtocol>},
    ExportColumn{"client", "操作元", "Client", CellKind::text, side_cell<kClient>},
    ExportColumn{"client_ip", "操作元 IP", "Client IP", CellKind::text, text_cell<kClientIp>},
    ExportColumn{"server", "操作先", "Server", CellKind::text, side_cell<kServer>},
    ExportColumn{"server_ip", "操作先 IP", "Server IP", CellKind::text, text_cell<kServerIp>},
    ExportColumn{"function", "機能", "Function", CellKind::text, text_cell<kFunction>},
    ExportColumn{"code", "コード", "Code", CellKind::text, text_cell<kCode>},
    ExportColumn{"access", "操作種別", "Access class", CellKind::text, text_cell<kAccess>},
    ExportColumn{"target", "対象", "Target", CellKind::text, text_cell<kTarget>},
    ExportColumn{"count", "回数", "Count", CellKind::number, text_cell<kCount>},
    ExportColumn{"errors", "失敗", "Errors", CellKind::number, text_cell<kErrors>},
    ExportColumn{"cycle_ms", "周期 (ms)", "Cycle (ms)", CellKind::number, cycle_cell<kCycleUs>},
    ExportColumn{"jitter_ms", "ゆらぎ (ms)", "Jitter (ms)", CellKind::number,
                 cycle_cell<kJitterUs>},
    ExportColumn{"site", "拠点", "Site", CellKind::text, text_cell<kSiteName>},
    ExportColumn{"sensor", "センサー", "Sensor", CellKind::text, text_cell<kSensorName>},
    ExportColumn{"first_seen", "初回検出 (拠点の時刻)", "First seen (site's time)",
                 CellKind::local_time, text_cell<kFirstLocal>},
    ExportColumn{"last_seen", "最終検出 (拠点の時刻)", "Last seen (site's time)",
                 CellKind::local_time, text_cell<kLastLocal>},
};

constexpr List kList{
    .name = "operations",
    .queries = {query::kOperationList, query::kOperationGroups},
    .sorts = kSorts,
    .groups = kGroups,
    .columns = kColumns,
    .read_filters = read_operation_filters,
    .item = operation_json,
};

}  // namespace

std::vector<store::Param> read_operation_filters(Context& context) {
  const auto words = read_words(context);
  std::vector<store::Param> patterns;
  add_words(words, patterns);
  auto out = read_pair_filters(context, words, patterns);
  const auto add = [&](const Filter& filter) {
    out.push_back(filter.wanted_param());
    out.push_back(filter.unwanted_param());
  };
  add(read_filter(context, "protocol"));
  add(read_filter(context, "function"));
  add(read_filter(context, "access", kAccesses));
  return out;
}

store::Rows operations_between(Context& context, const Between& between, std::int64_t limit) {
  Paging paging;
  paging.field = "count";
  paging.kind = SortKind::number;
  return read_page(context, kList.queries, pair_filters(context, between), paging, limit);
}

Json operation_json(const store::Row& row) {
  return {{"id", id_text(row.integer(kId))},
          {"site", reference(row.integer(kSiteId), row.text(kSiteName))},
          {"sensor", reference(row.integer(kSensorId), row.text(kSensorName))},
          {"protocol", row.text(kProtocol)},
          {"client", side_json(row, kClient)},
          {"server", side_json(row, kServer)},
          {"function", row.text(kFunction)},
          {"code", row.text(kCode)},
          {"access", row.text(kAccess)},
          {"target", text_or_null(row.text(kTarget))},
          {"count", row.integer(kCount)},
          {"errors", row.integer(kErrors)},
          {"cycle_ms", cycle_json(row, kCycleUs)},
          {"jitter_ms", cycle_json(row, kJitterUs)},
          {"first_seen", rfc3339(row.time(kFirstSeen))},
          {"last_seen", rfc3339(row.time(kLastSeen))}};
}

Response list_operations(Context& context) {
  return answer_page(context, kList);
}

Response group_operations(Context& context) {
  return answer_groups(context, kList);
}

Response export_operations(Context& context) {
  return answer_export(context, kList);
}

}  // namespace osect::api
