// How values of the database become JSON of the API: ids as texts, times as RFC 3339, "" and
// unknown as null.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "cloud/api/response.h"
#include "cloud/store/rows.h"

namespace osect::api {

using Json = nlohmann::ordered_json;

[[nodiscard]] inline std::string id_text(std::int64_t id) {
  return std::to_string(id);
}
[[nodiscard]] inline Json text_or_null(std::string_view text) {
  return text.empty() ? Json(nullptr) : Json(std::string(text));
}
[[nodiscard]] inline Json time_or_null(const store::Row& row, int column) {
  return row.is_null(column) ? Json(nullptr) : Json(rfc3339(row.time(column)));
}
[[nodiscard]] inline Json integer_or_null(const store::Row& row, int column) {
  return row.is_null(column) ? Json(nullptr) : Json(row.integer(column));
}
[[nodiscard]] inline Json reference(std::int64_t id, std::string_view name) {
  return {{"id", id_text(id)}, {"name", std::string(name)}};
}
// Of two columns, id and name; null where nobody is meant.
[[nodiscard]] inline Json reference_or_null(const store::Row& row, int column) {
  return row.is_null(column) ? Json(nullptr) : reference(row.integer(column), row.text(column + 1));
}

[[nodiscard]] inline Response json_response(const Json& json, int status = 200) {
  Response out;
  out.status = status;
  // Names from the wire need not be UTF-8.
  out.body = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  out.with("Content-Type", "application/json");
  return out;
}

}  // namespace osect::api
