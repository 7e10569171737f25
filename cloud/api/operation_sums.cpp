// /operations/sums: operations added up by up to three fields.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "cloud/api/conversations.h"
#include "cloud/api/routes.h"
#include "cloud/store/queries/operation_list.h"

namespace osect::api {
namespace query = store::query;
namespace {

constexpr std::array<std::string_view, 5> kFields{"protocol", "function", "access", "client",
                                                  "server"};
constexpr std::size_t kFieldsMax = 3;
constexpr std::int64_t kSumsMax = 1000;

// Columns of operation_sums, behind those of the fields.
enum Column {
  kOperations = kFieldsMax,
  kCount,
  kErrors,
  kChanges,
  kClients,
  kChangers,
  kCode,
  kCodeLast,
  kFirstSeen,
  kLastSeen
};

std::vector<std::string> read_fields(Context& context) {
  auto out = context.parameters.read_all("by", kFieldsMax);
  for (auto field = out.begin(); field != out.end(); ++field) {
    const bool is_known = std::find(kFields.begin(), kFields.end(), *field) != kFields.end();
    if (is_known && std::find(out.begin(), field, *field) == field) continue;
    context.parameters.refuse("by", is_known ? "Named twice." : "Not one of the allowed values.",
                              std::vector<std::string>(kFields.begin(), kFields.end()));
  }
  out.resize(kFieldsMax);
  return out;
}

bool is_side(std::string_view field) {
  return field == "client" || field == "server";
}

std::unordered_map<std::int64_t, Json> read_sides_of(Context& context, const store::Rows& rows,
                                                     const std::vector<std::string>& fields) {
  std::vector<std::int64_t> ids;
  for (const auto row : rows)
    for (std::size_t i = 0; i < kFieldsMax; ++i)
      if (is_side(fields[i])) ids.push_back(row.integer(static_cast<int>(i)));
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids.empty() ? std::unordered_map<std::int64_t, Json>() : read_sides(context, ids);
}

}  // namespace

Response sum_operations(Context& context) {
  auto params = read_operation_filters(context);
  const auto fields = read_fields(context);
  context.parameters.finish();
  context.plan_for_parameters();
  for (const auto& field : fields) params.emplace_back(field);
  params.emplace_back(kSumsMax + 1);
  const auto rows = context.ask(query::kOperationSums, params);
  const auto sides = read_sides_of(context, rows, fields);
  const auto most = static_cast<std::size_t>(kSumsMax);
  Json items = Json::array();
  for (std::size_t i = 0; i < std::min(most, rows.size()); ++i) {
    const auto row = rows[i];
    Json item = {{"operations", row.integer(kOperations)},
                 {"count", row.integer(kCount)},
                 {"errors", row.integer(kErrors)},
                 {"changes", row.integer(kChanges)},
                 {"clients", row.integer(kClients)},
                 {"changers", row.integer(kChangers)},
                 {"code", nullptr},
                 {"first_seen", rfc3339(row.time(kFirstSeen))},
                 {"last_seen", rfc3339(row.time(kLastSeen))}};
    for (const auto field : kFields) item[std::string(field)] = nullptr;
    for (std::size_t key = 0; key < kFieldsMax; ++key) {
      const int column = static_cast<int>(key);
      if (is_side(fields[key])) {
        if (const auto side = sides.find(row.integer(column)); side != sides.end())
          item[fields[key]] = side->second;
      } else if (!fields[key].empty()) {
        item[fields[key]] = row.text(column);
      }
      if (fields[key] == "function" && row.text(kCode) == row.text(kCodeLast))
        item["code"] = row.text(kCode);
    }
    items.push_back(std::move(item));
  }
  return json_response({{"items", std::move(items)}, {"truncated", rows.size() > most}});
}

}  // namespace osect::api
