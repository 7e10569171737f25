// /difference: what is new, gone or changed from one period to another.
#include <algorithm>
#include <array>
#include <tuple>

#include "cloud/api/compare.h"
#include "cloud/api/conversations.h"
#include "cloud/api/export.h"
#include "cloud/api/routes.h"

namespace osect::api {
namespace {

constexpr std::size_t kItemsMax = 300;  // of each change
constexpr std::array<std::string_view, 3> kChanges{"new", "gone", "changed"};
struct Kind {
  std::string_view name;
  Compared (*compare)(Context&, const Periods&);
};
constexpr std::array kKinds{
    Kind{"devices", compare_devices}, Kind{"conversations", compare_conversations},
    Kind{"services", compare_services}, Kind{"operations", compare_operations},
    Kind{"attributes", compare_attributes}};
constexpr std::array<std::string_view, kKinds.size()> kKindNames{
    "devices", "conversations", "services", "operations", "attributes"};

TimeNs read_moment(Context& context, const char* name) {
  const auto time = context.parameters.read_time(name);
  if (!context.parameters.has(name)) context.parameters.refuse(name, "Missing.");
  return time.value_or(0);
}

Range read_period(Context& context, const char* from, const char* to) {
  const Range out{read_moment(context, from), read_moment(context, to)};
  if (out.from != 0 && out.to != 0 && out.from >= out.to)
    context.parameters.refuse(to, "Not behind the beginning of the period.");
  return covered(out);
}

struct Asked {
  Periods periods;
  const Kind* kind = nullptr;
};

Asked read_asked(Context& context) {
  Asked out;
  out.periods.scope.site = context.parameters.read_id("site");
  out.periods.scope.sensor = context.parameters.read_id("sensor");
  out.periods.before = read_period(context, "before_from", "before_to");
  out.periods.after = read_period(context, "after_from", "after_to");
  const std::string kind = context.parameters.read_required_word("kind", kKindNames);
  for (const Kind& known : kKinds)
    if (known.name == kind) out.kind = &known;
  return out;
}

Compared compare(Context& context, const Asked& request) {
  context.plan_for_parameters();
  Compared out = request.kind->compare(context, request.periods);
  // What never was before comes first, then what is largest.
  std::sort(out.items.begin(), out.items.end(), [](const Difference& a, const Difference& b) {
    const auto rank = [](const Difference& item) {
      return std::tuple(!item.is_first.value_or(false), -std::max(item.before, item.after),
                        item.device, item.client, item.server, item.port);
    };
    const auto left = rank(a);
    const auto right = rank(b);
    if (left != right) return left < right;
    return std::tie(a.attribute, a.function, a.target, a.protocol, a.transport, a.text_after) <
           std::tie(b.attribute, b.function, b.target, b.protocol, b.transport, b.text_after);
  });
  return out;
}

std::unordered_map<std::int64_t, Json> sides_of(Context& context,
                                                const std::vector<const Difference*>& items) {
  std::vector<std::int64_t> ids;
  for (const Difference* item : items)
    for (const std::int64_t side : {item->device, item->client, item->server})
      if (side != 0) ids.push_back(side);
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids.empty() ? std::unordered_map<std::int64_t, Json>() : read_sides(context, ids);
}

Json item_json(const Difference& item, const std::unordered_map<std::int64_t, Json>& sides) {
  const auto side = [&](std::int64_t id) {
    const auto at = sides.find(id);
    return at == sides.end() ? Json(nullptr) : at->second;
  };
  const bool is_text = !item.attribute.empty();
  return {{"change", kChanges[static_cast<std::size_t>(item.change)]},
          {"is_first", item.is_first ? Json(*item.is_first) : Json(nullptr)},
          {"device", side(item.device)},
          {"client", side(item.client)},
          {"server", side(item.server)},
          {"transport", text_or_null(item.transport)},
          {"port", item.port < 0 ? Json(nullptr) : Json(item.port)},
          {"protocol", text_or_null(item.protocol)},
          {"function", text_or_null(item.function)},
          {"code", text_or_null(item.code)},
          {"access", text_or_null(item.access)},
          {"target", text_or_null(item.target)},
          {"attribute", text_or_null(item.attribute)},
          {"before", is_text ? Json(nullptr) : Json(item.before)},
          {"after", is_text ? Json(nullptr) : Json(item.after)},
          {"value_before", text_or_null(item.text_before)},
          {"value_after", text_or_null(item.text_after)}};
}

Json period_json(const Range& range, bool has_data) {
  return {{"from", rfc3339(range.from)}, {"to", rfc3339(range.to)}, {"has_data", has_data}};
}

}  // namespace

Response get_difference(Context& context) {
  const Asked request = read_asked(context);
  context.parameters.finish();
  const Compared compared = compare(context, request);
  std::array<std::size_t, kChanges.size()> counts{};
  std::vector<const Difference*> shown;
  for (const Difference& item : compared.items)
    if (++counts[static_cast<std::size_t>(item.change)] <= kItemsMax) shown.push_back(&item);
  const auto sides = sides_of(context, shown);
  Json items = Json::array();
  for (const Difference* item : shown) items.push_back(item_json(*item, sides));
  Json totals = Json::object();
  for (std::size_t i = 0; i < counts.size(); ++i) totals[std::string(kChanges[i])] = counts[i];
  return json_response({{"kind", request.kind->name},
                        {"before", period_json(request.periods.before, compared.has_before)},
                        {"after", period_json(request.periods.after, compared.has_after)},
                        {"counts", std::move(totals)},
                        {"items", std::move(items)}});
}

Response export_difference(Context& context) {
  const Asked request = read_asked(context);
  const TableFormat format = read_table_format(context);
  context.parameters.finish();
  const Compared compared = compare(context, request);
  std::vector<const Difference*> all;
  for (const Difference& item : compared.items) all.push_back(&item);
  const auto sides = sides_of(context, all);
  const auto side = [&](std::int64_t id) {
    const auto at = sides.find(id);
    return at == sides.end() ? std::string() : at->second["name"].get<std::string>();
  };
  static constexpr std::array<std::array<std::string_view, 2>, 12> kHeaders{
      {{"変化", "Change"},
       {"端末", "Device"},
       {"クライアント", "Client"},
       {"サーバー", "Server"},
       {"トランスポート", "Transport"},
       {"ポート", "Port"},
       {"プロトコル", "Protocol"},
       {"機能", "Function"},
       {"対象", "Target"},
       {"属性", "Attribute"},
       {"前の期間", "Before"},
       {"後の期間", "After"}}};
  static constexpr std::array<std::array<std::string_view, 2>, 3> kWords{
      {{"新しい", "new"}, {"なくなった", "gone"}, {"変わった", "changed"}}};
  const std::size_t language = format.is_japanese ? 0 : 1;
  const CellKind values = request.kind->name == "attributes" ? CellKind::text : CellKind::number;
  Table table;
  for (std::size_t i = 0; i < kHeaders.size(); ++i)
    table.columns.push_back({std::string(kHeaders[i][language]), i == 5  ? CellKind::number
                                                                 : i > 9 ? values
                                                                         : CellKind::text});
  for (const Difference& item : compared.items) {
    const bool is_text = !item.attribute.empty();
    table.rows.push_back({std::string(kWords[static_cast<std::size_t>(item.change)][language]),
                          side(item.device), side(item.client), side(item.server), item.transport,
                          item.port < 0 ? std::string() : std::to_string(item.port), item.protocol,
                          item.function, item.target, item.attribute,
                          is_text ? item.text_before : std::to_string(item.before),
                          is_text ? item.text_after : std::to_string(item.after)});
  }
  return table_response(context, "difference", format, table);
}

}  // namespace osect::api
