// /devices: the list, its groups and its export.
#include "cloud/api/devices.h"

#include <fmt/format.h>

#include <array>

#include "cloud/api/export.h"
#include "cloud/api/routes.h"
#include "cloud/store/queries/device_list.h"

namespace osect::api {
namespace query = store::query;
namespace {

constexpr std::array<std::string_view, 2> kTruths{"true", "false"};
constexpr std::array kSorts{
    SortField{"name", SortKind::text},       SortField{"type", SortKind::text},
    SortField{"vendor", SortKind::text},     SortField{"model", SortKind::text},
    SortField{"os", SortKind::text},         SortField{"family", SortKind::text},
    SortField{"firmware", SortKind::text},   SortField{"level", SortKind::text},
    SortField{"first_seen", SortKind::time}, SortField{"last_seen", SortKind::time},
};
constexpr std::array<std::string_view, 13> kGroups{
    "type", "vendor",    "model",    "os",       "family",       "firmware", "level",
    "role", "is_router", "is_local", "mac_kind", "has_internet", "site"};
constexpr std::array<std::string_view, 8> kLevels{"", "0", "1", "2", "3", "3.5", "4", "5"};
constexpr std::array<std::string_view, 4> kRoles{"", "client", "server", "both"};
constexpr std::array<std::string_view, 5> kMacKinds{"", "vendor", "randomised", "virtual",
                                                    "shared"};
// Parameters of the list's queries before its order; the last one is one device.
constexpr std::size_t kFilterParams = 39;
constexpr std::size_t kOutsideParam = 23;

// Columns of device_list.
enum Column {
  kId,
  kKey,
  kName,
  kNameSource,
  kType,
  kTypeSource,
  kVendor,
  kModel,
  kFirmware,
  kSerial,
  kOs,
  kHostName,
  kIsRouter,
  kIsLocal,
  kIsOutside,
  kFamily,
  kHardware,
  kLevel,
  kRole,
  kMacKind,
  kHasInternet,
  kConflicts,
  kSiteId,
  kSiteName,
  kIps,
  kMacs,
  kVlans,
  kSensorIds,
  kSensorNames,
  kPackets,
  kBytes,
  kFirstSeen,
  kLastSeen,
  kFirstLocal,
  kLastLocal,
  kSeverity
};

std::string joined(const std::vector<std::string>& texts) {
  return fmt::format("{}", fmt::join(texts, " "));
}
std::string truth(bool is_true, bool is_japanese) {
  if (is_japanese) return is_true ? "はい" : "いいえ";
  return is_true ? "yes" : "no";
}
struct Word {
  std::string_view value, japanese, english;
};
template <std::size_t size>
std::string word(const Word (&words)[size], std::string_view value, bool is_japanese) {
  for (const Word& one : words)
    if (one.value == value) return std::string(is_japanese ? one.japanese : one.english);
  return {};
}
std::string role_word(std::string_view role, bool is_japanese) {
  static constexpr Word kWords[] = {{"client", "要求する側", "client"},
                                    {"server", "応答する側", "server"},
                                    {"both", "両方", "both"}};
  return word(kWords, role, is_japanese);
}
std::string mac_kind_word(std::string_view kind, bool is_japanese) {
  static constexpr Word kWords[] = {{"vendor", "メーカー割り当て", "vendor"},
                                    {"randomised", "端末が作った番号", "randomised"},
                                    {"virtual", "仮想マシン", "virtual"},
                                    {"shared", "ルーター共用", "shared by routers"}};
  return word(kWords, kind, is_japanese);
}
template <int column>
std::string text_cell(const store::Row& row, bool) {
  return std::string(row.text(column));
}
template <int column>
std::string texts_cell(const store::Row& row, bool) {
  return joined(row.texts(column));
}
template <int column>
std::string truth_cell(const store::Row& row, bool is_japanese) {
  return truth(row.boolean(column), is_japanese);
}

constexpr std::array kColumns{
    ExportColumn{"name", "名前", "Name", CellKind::text, text_cell<kName>},
    ExportColumn{"type", "種類", "Type", CellKind::text,
                 [](const store::Row& row, bool) {
                   return row.text(kType) == "unknown" ? std::string()
                                                       : std::string(row.text(kType));
                 }},
    ExportColumn{"vendor", "メーカー", "Vendor", CellKind::text, text_cell<kVendor>},
    ExportColumn{"family", "製品系列", "Product family", CellKind::text, text_cell<kFamily>},
    ExportColumn{"model", "型式", "Model", CellKind::text, text_cell<kModel>},
    ExportColumn{"firmware", "ファームウェア", "Firmware", CellKind::text, text_cell<kFirmware>},
    ExportColumn{"hardware", "ハードウェア版", "Hardware revision", CellKind::text,
                 text_cell<kHardware>},
    ExportColumn{"serial", "製造番号", "Serial number", CellKind::text, text_cell<kSerial>},
    ExportColumn{"os", "OS", "OS", CellKind::text, text_cell<kOs>},
    ExportColumn{"host_name", "ホスト名", "Host name", CellKind::text, text_cell<kHostName>},
    ExportColumn{"level", "階層 (Purdue)", "Purdue level", CellKind::text, text_cell<kLevel>},
    ExportColumn{"role", "役割", "Role", CellKind::text,
                 [](const store::Row& row, bool is_japanese) {
                   return role_word(row.text(kRole), is_japanese);
                 }},
    ExportColumn{"mac_kind", "MAC の種類", "Kind of MAC", CellKind::text,
                 [](const store::Row& row, bool is_japanese) {
                   return mac_kind_word(row.text(kMacKind), is_japanese);
                 }},
    ExportColumn{"has_internet", "インターネットとの通信", "Internet contact", CellKind::text,
                 truth_cell<kHasInternet>},
    ExportColumn{"is_router", "ルーター", "Router", CellKind::text, truth_cell<kIsRouter>},
    ExportColumn{"is_local", "構内", "On site's segments", CellKind::text, truth_cell<kIsLocal>},
    ExportColumn{"site", "拠点", "Site", CellKind::text, text_cell<kSiteName>},
    ExportColumn{"sensors", "センサー", "Sensors", CellKind::text, texts_cell<kSensorNames>},
    ExportColumn{"ips", "IP アドレス", "IP addresses", CellKind::text, texts_cell<kIps>},
    ExportColumn{"macs", "MAC アドレス", "MAC addresses", CellKind::text, texts_cell<kMacs>},
    ExportColumn{"vlans", "VLAN", "VLANs", CellKind::text,
                 [](const store::Row& row, bool) {
                   return fmt::format("{}", fmt::join(row.integers(kVlans), " "));
                 }},
    ExportColumn{"packets", "送信パケット数", "Packets sent", CellKind::number,
                 text_cell<kPackets>},
    ExportColumn{"bytes", "送信バイト数", "Bytes sent", CellKind::number, text_cell<kBytes>},
    ExportColumn{"first_seen", "初回検出 (拠点の時刻)", "First seen (site's time)",
                 CellKind::local_time, text_cell<kFirstLocal>},
    ExportColumn{"last_seen", "最終検出 (拠点の時刻)", "Last seen (site's time)",
                 CellKind::local_time, text_cell<kLastLocal>},
};

// $1 to $39 of the list's queries.
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
  add(read_filter(context, "type"));
  add(read_filter(context, "vendor"));
  add(read_filter(context, "model"));
  add(read_filter(context, "os"));
  add(read_filter(context, "is_router", kTruths));
  add(read_filter(context, "is_local", kTruths));
  // Peers on the internet are devices only when asked for.
  Filter outside = read_filter(context, "is_outside", kTruths);
  if (outside.wanted.empty() && outside.unwanted.empty()) outside.wanted.emplace_back("false");
  add(outside);
  add(read_filter(context, "family"));
  add(read_filter(context, "firmware"));
  add(read_filter(context, "level", kLevels));
  add(read_filter(context, "role", kRoles));
  add(read_filter(context, "mac_kind", kMacKinds));
  add(read_filter(context, "has_internet", kTruths));
  add(read_filter(context, "has_conflict", kTruths));
  out.emplace_back(nullptr);
  return out;
}

constexpr List kList{
    .name = "devices",
    .queries = {query::kDeviceList, query::kDeviceGroups},
    .sorts = kSorts,
    .groups = kGroups,
    .columns = kColumns,
    .read_filters = read_filters,
    .item = device_json,
};

}  // namespace

Json device_json(const store::Row& row) {
  constexpr std::size_t kAddressesMax = 8;
  Json sensors = Json::array();
  const auto sensor_ids = row.integers(kSensorIds);
  const auto sensor_names = row.texts(kSensorNames);
  for (std::size_t i = 0; i < sensor_names.size(); ++i)
    sensors.push_back(reference(sensor_ids[i], sensor_names[i]));
  auto ips = row.texts(kIps);
  auto macs = row.texts(kMacs);
  ips.resize(std::min(ips.size(), kAddressesMax));
  macs.resize(std::min(macs.size(), kAddressesMax));
  const bool has_type = row.text(kType) != "unknown";
  return {{"id", id_text(row.integer(kId))},
          {"name", row.text(kName)},
          {"name_source", row.text(kNameSource)},
          {"type", has_type ? text_or_null(row.text(kType)) : Json(nullptr)},
          {"type_source", has_type ? text_or_null(row.text(kTypeSource)) : Json(nullptr)},
          {"vendor", text_or_null(row.text(kVendor))},
          {"family", text_or_null(row.text(kFamily))},
          {"model", text_or_null(row.text(kModel))},
          {"firmware", text_or_null(row.text(kFirmware))},
          {"hardware", text_or_null(row.text(kHardware))},
          {"serial", text_or_null(row.text(kSerial))},
          {"os", text_or_null(row.text(kOs))},
          {"host_name", text_or_null(row.text(kHostName))},
          {"level", text_or_null(row.text(kLevel))},
          {"role", text_or_null(row.text(kRole))},
          {"mac_kind", text_or_null(row.text(kMacKind))},
          {"has_internet", row.boolean(kHasInternet)},
          {"conflicts", row.texts(kConflicts)},
          {"is_router", row.boolean(kIsRouter)},
          {"is_local", row.boolean(kIsLocal)},
          {"is_outside", row.boolean(kIsOutside)},
          {"site", reference(row.integer(kSiteId), row.text(kSiteName))},
          {"sensors", std::move(sensors)},
          {"ips", std::move(ips)},
          {"macs", std::move(macs)},
          {"vlans", row.integers(kVlans)},
          {"packets", row.integer(kPackets)},
          {"bytes", row.integer(kBytes)},
          {"first_seen", rfc3339(row.time(kFirstSeen))},
          {"last_seen", rfc3339(row.time(kLastSeen))},
          {"severity", text_or_null(row.text(kSeverity))}};
}

Json newest_devices_json(Context& context, std::optional<std::int64_t> site,
                         std::optional<std::int64_t> sensor, std::int64_t count) {
  Paging paging;
  paging.field = "first_seen";
  std::vector<store::Param> filters{context.organization, site, sensor};
  filters.resize(kOutsideParam - 1, nullptr);
  filters.push_back(store::Param::array(std::array<std::string, 1>{"false"}));
  filters.resize(kFilterParams, nullptr);
  Json out = Json::array();
  const auto rows = read_page(context, kList.queries, filters, paging, count);
  for (const auto row : rows) out.push_back(device_json(row));
  return out;
}

std::optional<Json> find_device_json(Context& context, std::int64_t id) {
  Paging paging;
  paging.field = "last_seen";
  std::vector<store::Param> filters{context.organization};
  filters.resize(kFilterParams - 1, nullptr);
  filters.emplace_back(id);
  const auto rows = read_page(context, kList.queries, filters, paging, 1);
  if (rows.empty()) return std::nullopt;
  return device_json(rows[0]);
}

Response list_devices(Context& context) {
  return answer_page(context, kList);
}

Response group_devices(Context& context) {
  return answer_groups(context, kList);
}

Response export_devices(Context& context) {
  return answer_export(context, kList);
}

}  // namespace osect::api
