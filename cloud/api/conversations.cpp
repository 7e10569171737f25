// /conversations: the list, its groups and its export; and what it shares with /operations.
#include "cloud/api/conversations.h"

#include <array>

#include "cloud/api/export.h"
#include "cloud/api/routes.h"
#include "cloud/store/queries/conversation_list.h"
#include "cloud/store/queries/list.h"
#include "cloud/store/queries/traffic_read.h"

namespace osect::api {
namespace query = store::query;
namespace {

constexpr std::array<std::string_view, 8> kTransports{"ethernet", "tcp",  "udp",  "icmp",
                                                      "icmpv6",   "sctp", "igmp", "other"};
constexpr std::array kSorts{
    SortField{"bytes", SortKind::number},   SortField{"packets", SortKind::number},
    SortField{"flows", SortKind::number},   SortField{"protocol", SortKind::text},
    SortField{"port", SortKind::number},    SortField{"first_seen", SortKind::time},
    SortField{"last_seen", SortKind::time},
};
constexpr std::array<std::string_view, 6> kGroups{"protocol", "transport", "port",
                                                  "client",   "server",    "site"};

// Columns of conversation_list.
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
  kTransport,
  kPort,
  kProtocol,
  kPacketsUp,
  kPacketsDown,
  kBytesUp,
  kBytesDown,
  kFlows,
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

constexpr std::array kColumns{
    ExportColumn{"client", "クライアント", "Client", CellKind::text, side_cell<kClient>},
    ExportColumn{"client_ip", "クライアント IP", "Client IP", CellKind::text, text_cell<kClientIp>},
    ExportColumn{"client_mac", "クライアント MAC", "Client MAC", CellKind::text,
                 text_cell<kClientMac>},
    ExportColumn{"server", "サーバー", "Server", CellKind::text, side_cell<kServer>},
    ExportColumn{"server_ip", "サーバー IP", "Server IP", CellKind::text, text_cell<kServerIp>},
    ExportColumn{"server_mac", "サーバー MAC", "Server MAC", CellKind::text, text_cell<kServerMac>},
    ExportColumn{"transport", "トランスポート", "Transport", CellKind::text, text_cell<kTransport>},
    ExportColumn{"port", "ポート", "Port", CellKind::number, text_cell<kPort>},
    ExportColumn{"protocol", "プロトコル", "Protocol", CellKind::text, text_cell<kProtocol>},
    ExportColumn{"packets_up", "上りパケット数", "Packets to server", CellKind::number,
                 text_cell<kPacketsUp>},
    ExportColumn{"packets_down", "下りパケット数", "Packets to client", CellKind::number,
                 text_cell<kPacketsDown>},
    ExportColumn{"bytes_up", "上りバイト数", "Bytes to server", CellKind::number,
                 text_cell<kBytesUp>},
    ExportColumn{"bytes_down", "下りバイト数", "Bytes to client", CellKind::number,
                 text_cell<kBytesDown>},
    ExportColumn{"flows", "接続数", "Connections", CellKind::number, text_cell<kFlows>},
    ExportColumn{"site", "拠点", "Site", CellKind::text, text_cell<kSiteName>},
    ExportColumn{"sensor", "センサー", "Sensor", CellKind::text, text_cell<kSensorName>},
    ExportColumn{"first_seen", "初回検出 (拠点の時刻)", "First seen (site's time)",
                 CellKind::local_time, text_cell<kFirstLocal>},
    ExportColumn{"last_seen", "最終検出 (拠点の時刻)", "Last seen (site's time)",
                 CellKind::local_time, text_cell<kLastLocal>},
};

// The protocols that have each of the words, null where none has.
std::vector<store::Param> protocols_of(Context& context, const std::vector<std::string>& words) {
  std::vector<store::Param> out(kWordsMax, nullptr);
  if (words.empty()) return out;
  const auto rows =
      context.ask(query::kListWordProtocols, {context.organization, store::Param::array(words)});
  for (const auto row : rows)
    if (const auto protocols = row.texts(1); !protocols.empty())
      out[static_cast<std::size_t>(row.integer(0) - 1)] = store::Param::array(protocols);
  return out;
}

// $1 to $26 of the list's queries.
std::vector<store::Param> read_filters(Context& context) {
  const auto words = read_words(context);
  auto out = read_pair_filters(context, words, protocols_of(context, words));
  const auto add = [&](const Filter& filter) {
    out.push_back(filter.wanted_param());
    out.push_back(filter.unwanted_param());
  };
  add(read_filter(context, "protocol"));
  add(read_filter(context, "transport", kTransports));
  add(read_number_filter(context, "port", 65535));
  return out;
}

// The endpoints of these devices; null without any device.
store::Param endpoints_of(Context& context, std::span<const std::int64_t> devices) {
  if (devices.empty()) return nullptr;
  const auto rows =
      context.ask(query::kListEndpoints, {context.organization, store::Param::array(devices)});
  std::vector<std::int64_t> out;
  out.reserve(rows.size());
  for (const auto row : rows) out.push_back(row.integer(0));
  return store::Param::array(out);
}

std::vector<std::int64_t> numbers(const std::vector<std::string>& texts) {
  std::vector<std::int64_t> out;
  out.reserve(texts.size());
  for (const auto& text : texts) out.push_back(parse_id(text).value_or(0));
  return out;
}

constexpr List kList{
    .name = "conversations",
    .queries = {query::kConversationList, query::kConversationGroups},
    .sorts = kSorts,
    .groups = kGroups,
    .columns = kColumns,
    .read_filters = read_filters,
    .item = conversation_json,
};

}  // namespace

std::vector<store::Param> read_pair_filters(Context& context, const std::vector<std::string>& words,
                                            std::span<const store::Param> of_words) {
  std::vector<store::Param> out{context.organization};
  out.emplace_back(context.parameters.read_id("site"));
  out.emplace_back(context.parameters.read_id("sensor"));
  const OpenRange range = read_open_range(context);
  out.emplace_back(range.from);
  out.emplace_back(range.to);
  const auto new_since = context.parameters.read_time("new_since");
  out.emplace_back(new_since ? store::Param(rfc3339(*new_since)) : store::Param(nullptr));
  out.resize(10, nullptr);
  if (!words.empty()) {
    const auto rows =
        context.ask(query::kListWordEndpoints, {context.organization, store::Param::array(words)});
    for (const auto row : rows)
      out[static_cast<std::size_t>(5 + row.integer(0))] = store::Param::array(row.integers(1));
  }
  out.insert(out.end(), of_words.begin(), of_words.end());
  for (const char* field : {"device", "client", "server"}) {
    const Filter filter = read_id_filter(context, field);
    out.push_back(endpoints_of(context, numbers(filter.wanted)));
    out.push_back(endpoints_of(context, numbers(filter.unwanted)));
  }
  return out;
}

std::vector<store::Param> pair_filters(Context& context, const Between& between) {
  std::vector<store::Param> out{context.organization, nullptr, nullptr, between.range.from,
                                between.range.to};
  out.resize(14, nullptr);
  for (const auto& side : {between.device, between.client, between.server}) {
    out.push_back(side ? endpoints_of(context, std::array{*side}) : store::Param(nullptr));
    out.emplace_back(nullptr);
  }
  out.resize(26, nullptr);
  return out;
}

store::Rows conversations_between(Context& context, const Between& between, std::int64_t limit) {
  Paging paging;
  paging.field = "bytes";
  paging.kind = SortKind::number;
  return read_page(context, kList.queries, pair_filters(context, between), paging, limit);
}

std::string side_name(const store::Row& row, int first_column) {
  for (const int column : {first_column + 1, first_column + 2, first_column + 3})
    if (!row.is_null(column) && !row.text(column).empty()) return std::string(row.text(column));
  return {};
}

Json side_json(const store::Row& row, int first_column) {
  const auto text = [&](int column) {
    return row.is_null(column) ? Json(nullptr) : Json(std::string(row.text(column)));
  };
  return {{"id", text(first_column)},
          {"name", side_name(row, first_column)},
          {"ip", text(first_column + 2)},
          {"mac", text(first_column + 3)}};
}

std::unordered_map<std::int64_t, Json> read_sides(Context& context,
                                                  const std::vector<std::int64_t>& ids) {
  std::unordered_map<std::int64_t, Json> out;
  const auto rows =
      context.ask(query::kTrafficSides, {context.organization, store::Param::array(ids)});
  for (const auto row : rows) {
    const std::int64_t id = row.integer(0);
    const auto text = [&](int column) {
      return row.is_null(column) ? Json(nullptr) : Json(std::string(row.text(column)));
    };
    out[id] = {{"id", id > 0 ? Json(id_text(id)) : Json(nullptr)},
               {"name", row.text(1)},
               {"ip", text(2)},
               {"mac", text(3)}};
  }
  return out;
}

Json conversation_json(const store::Row& row) {
  return {{"id", id_text(row.integer(kId))},
          {"site", reference(row.integer(kSiteId), row.text(kSiteName))},
          {"sensor", reference(row.integer(kSensorId), row.text(kSensorName))},
          {"client", side_json(row, kClient)},
          {"server", side_json(row, kServer)},
          {"transport", row.text(kTransport)},
          {"port", row.integer(kPort)},
          {"protocol", text_or_null(row.text(kProtocol))},
          {"packets_up", row.integer(kPacketsUp)},
          {"packets_down", row.integer(kPacketsDown)},
          {"bytes_up", row.integer(kBytesUp)},
          {"bytes_down", row.integer(kBytesDown)},
          {"flows", row.integer(kFlows)},
          {"first_seen", rfc3339(row.time(kFirstSeen))},
          {"last_seen", rfc3339(row.time(kLastSeen))}};
}

Response list_conversations(Context& context) {
  return answer_page(context, kList);
}

Response group_conversations(Context& context) {
  return answer_groups(context, kList);
}

Response export_conversations(Context& context) {
  return answer_export(context, kList);
}

}  // namespace osect::api
