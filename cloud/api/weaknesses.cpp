// /weaknesses: the list, its groups and its export.
#include <fmt/format.h>

#include <array>

#include "cloud/api/conversations.h"
#include "cloud/api/export.h"
#include "cloud/api/routes.h"
#include "cloud/store/queries/weakness_list.h"

namespace osect::api {
namespace query = store::query;
namespace {

constexpr std::array<std::string_view, 2> kTruths{"true", "false"};
constexpr std::array<std::string_view, 3> kKinds{"end_of_support", "advisory", "habit"};
constexpr std::array<std::string_view, 3> kVerdicts{"affected", "possible", "not_affected"};
constexpr std::array<std::string_view, 5> kSeverities{"critical", "high", "medium", "low", "info"};
constexpr std::array<std::string_view, 3> kActions{"now", "next", "never"};
constexpr std::array kSorts{
    SortField{"urgency", SortKind::number},  SortField{"score", SortKind::number},
    SortField{"device", SortKind::text},     SortField{"title_ja", SortKind::text},
    SortField{"title_en", SortKind::text},   SortField{"rule", SortKind::text},
    SortField{"first_seen", SortKind::time}, SortField{"last_seen", SortKind::time},
};
constexpr std::array<std::string_view, 9> kGroups{"device", "title_ja",     "title_en",
                                                  "action", "verdict",      "severity",
                                                  "kind",   "is_exploited", "site"};

// Columns of weakness_list.
enum Column {
  kId,
  kKey,
  kSiteId,
  kSiteName,
  kDeviceId,
  kDeviceName,
  kDeviceIp,
  kDeviceMac,
  kVendor,
  kModel,
  kFirmware,
  kOs,
  kKind,
  kRule,
  kVerdict,
  kSeverity,
  kAction,
  kIsExploited,
  kScore,
  kTitleJa,
  kTitleEn,
  kReasonJa,
  kReasonEn,
  kMeasureJa,
  kMeasureEn,
  kEvidence,
  kCves,
  kUrl,
  kFirstSeen,
  kLastSeen,
  kFirstLocal,
  kLastLocal
};

// The words of the closed lists, as the pages say them.
struct Word {
  std::string_view value;
  std::string_view ja;
  std::string_view en;
};
constexpr Word kWords[] = {{"end_of_support", "サポート切れ", "End of support"},
                           {"advisory", "公表された弱点", "Advisory"},
                           {"habit", "危険な使い方", "Insecure use"},
                           {"affected", "該当", "Affected"},
                           {"possible", "該当の可能性", "Possibly affected"},
                           {"not_affected", "非該当", "Not affected"},
                           {"critical", "緊急", "Critical"},
                           {"high", "高", "High"},
                           {"medium", "中", "Medium"},
                           {"low", "低", "Low"},
                           {"info", "情報", "Info"},
                           {"now", "すぐに", "Now"},
                           {"next", "次の停止時に", "At the next stop"},
                           {"never", "対応不要", "No action"}};

template <int column>
std::string text_cell(const store::Row& row, bool) {
  return row.is_null(column) ? std::string() : std::string(row.text(column));
}
template <int column>
std::string word_cell(const store::Row& row, bool is_japanese) {
  for (const Word& word : kWords)
    if (word.value == row.text(column)) return std::string(is_japanese ? word.ja : word.en);
  return std::string(row.text(column));
}
// The Japanese column; the English one follows it.
template <int column>
std::string either_cell(const store::Row& row, bool is_japanese) {
  return std::string(row.text(is_japanese ? column : column + 1));
}

constexpr std::array kColumns{
    ExportColumn{"action", "対応", "Action", CellKind::text, word_cell<kAction>},
    ExportColumn{"severity", "重要度", "Severity", CellKind::text, word_cell<kSeverity>},
    ExportColumn{"verdict", "判定", "Verdict", CellKind::text, word_cell<kVerdict>},
    ExportColumn{"device", "端末", "Device", CellKind::text, text_cell<kDeviceName>},
    ExportColumn{"device_ip", "IP アドレス", "IP address", CellKind::text, text_cell<kDeviceIp>},
    ExportColumn{"vendor", "メーカー", "Vendor", CellKind::text, text_cell<kVendor>},
    ExportColumn{"model", "型式", "Model", CellKind::text, text_cell<kModel>},
    ExportColumn{"firmware", "ファームウェア", "Firmware", CellKind::text, text_cell<kFirmware>},
    ExportColumn{"os", "OS", "OS", CellKind::text, text_cell<kOs>},
    ExportColumn{"kind", "種別", "Kind", CellKind::text, word_cell<kKind>},
    ExportColumn{"title", "脆弱性・弱点", "Weakness", CellKind::text, either_cell<kTitleJa>},
    ExportColumn{"rule", "番号", "Identifier", CellKind::text, text_cell<kRule>},
    ExportColumn{"score", "CVSS", "CVSS", CellKind::text,
                 [](const store::Row& row, bool) {
                   return row.integer(kScore) == 0
                              ? std::string()
                              : fmt::format("{:.1f}",
                                            static_cast<double>(row.integer(kScore)) / 10);
                 }},
    ExportColumn{"cves", "CVE", "CVE", CellKind::text,
                 [](const store::Row& row, bool) {
                   return fmt::format("{}", fmt::join(row.texts(kCves), " "));
                 }},
    ExportColumn{
        "is_exploited", "攻撃に使用", "Known exploited", CellKind::text,
        [](const store::Row& row, bool is_japanese) {
          return std::string(!row.boolean(kIsExploited) ? "" : is_japanese ? "はい" : "yes");
        }},
    ExportColumn{"reason", "理由", "Reason", CellKind::text, either_cell<kReasonJa>},
    ExportColumn{"measure", "対策", "What to do", CellKind::text, either_cell<kMeasureJa>},
    ExportColumn{"site", "拠点", "Site", CellKind::text, text_cell<kSiteName>},
    ExportColumn{"first_seen", "初回検出 (拠点の時刻)", "First seen (site's time)",
                 CellKind::local_time, text_cell<kFirstLocal>},
    ExportColumn{"last_seen", "最終検出 (拠点の時刻)", "Last seen (site's time)",
                 CellKind::local_time, text_cell<kLastLocal>},
};

// $1 to $26 of the list's queries.
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
  const Filter devices = read_id_filter(context, "device");
  const auto ids = [](const std::vector<std::string>& texts) -> store::Param {
    if (texts.empty()) return nullptr;
    std::vector<std::int64_t> numbers;
    numbers.reserve(texts.size());
    for (const std::string& text : texts) numbers.push_back(parse_id(text).value_or(0));
    return store::Param::array(numbers);
  };
  out.push_back(ids(devices.wanted));
  out.push_back(ids(devices.unwanted));
  const auto add = [&](const Filter& filter) {
    out.push_back(filter.wanted_param());
    out.push_back(filter.unwanted_param());
  };
  add(read_filter(context, "kind", kKinds));
  // What is known not to be affected is shown only when asked for.
  Filter verdict = read_filter(context, "verdict", kVerdicts);
  if (verdict.wanted.empty() && verdict.unwanted.empty())
    verdict.unwanted.emplace_back("not_affected");
  add(verdict);
  add(read_filter(context, "severity", kSeverities));
  add(read_filter(context, "action", kActions));
  add(read_filter(context, "is_exploited", kTruths));
  add(read_filter(context, "title_ja"));
  add(read_filter(context, "title_en"));
  return out;
}

Json both(const store::Row& row, int column) {
  return {{"ja", row.text(column)}, {"en", row.text(column + 1)}};
}

Json item_json(const store::Row& row) {
  return {{"id", id_text(row.integer(kId))},
          {"site", reference(row.integer(kSiteId), row.text(kSiteName))},
          {"device", side_json(row, kDeviceId)},
          {"vendor", text_or_null(row.text(kVendor))},
          {"model", text_or_null(row.text(kModel))},
          {"firmware", text_or_null(row.text(kFirmware))},
          {"os", text_or_null(row.text(kOs))},
          {"kind", row.text(kKind)},
          {"rule", row.text(kRule)},
          {"verdict", row.text(kVerdict)},
          {"severity", row.text(kSeverity)},
          {"action", row.text(kAction)},
          {"is_exploited", row.boolean(kIsExploited)},
          {"score", row.integer(kScore) == 0 ? Json(nullptr)
                                             : Json(static_cast<double>(row.integer(kScore)) / 10)},
          {"title", both(row, kTitleJa)},
          {"reason", both(row, kReasonJa)},
          {"measure", both(row, kMeasureJa)},
          {"evidence", Json::parse(row.text(kEvidence), nullptr, false)},
          {"cves", row.texts(kCves)},
          {"url", text_or_null(row.text(kUrl))},
          {"first_seen", rfc3339(row.time(kFirstSeen))},
          {"last_seen", rfc3339(row.time(kLastSeen))}};
}

constexpr List kList{
    .name = "weaknesses",
    .queries = {query::kWeaknessList, query::kWeaknessGroups},
    .sorts = kSorts,
    .groups = kGroups,
    .columns = kColumns,
    .read_filters = read_filters,
    .item = item_json,
};

}  // namespace

Response list_weaknesses(Context& context) {
  return answer_page(context, kList);
}

Response group_weaknesses(Context& context) {
  return answer_groups(context, kList);
}

Response export_weaknesses(Context& context) {
  return answer_export(context, kList);
}

}  // namespace osect::api
