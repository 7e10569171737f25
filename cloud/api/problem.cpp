// Problem documents: their kinds and their JSON. RFC 9457.
#include "cloud/api/problem.h"

#include <nlohmann/json.hpp>

namespace osect::api {

Response Problem::response() const {
  nlohmann::ordered_json json{{"type", "/problems/" + kind}, {"title", title}, {"status", status}};
  if (!detail.empty()) json["detail"] = detail;
  for (const auto& error : errors) {
    nlohmann::ordered_json item{{"in", error.in}, {"field", error.field}, {"detail", error.detail}};
    if (!error.allowed.empty()) item["allowed"] = error.allowed;
    json["errors"].push_back(std::move(item));
  }
  Response out;
  out.status = status;
  // A field name comes from the client and need not be UTF-8.
  out.body = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  out.with("Content-Type", "application/problem+json");
  if (retry_after_s) out.with("Retry-After", std::to_string(*retry_after_s));
  return out;
}

Problem invalid_fields(std::vector<FieldError> errors) {
  std::string detail;
  for (const auto& error : errors) {
    if (!detail.empty()) detail += " ";
    detail += error.field + ": " + error.detail;
  }
  return {400, "invalid-field", "A field of the request is wrong.", std::move(detail),
          std::move(errors)};
}

Problem invalid_field(std::string in, std::string field, std::string detail,
                      std::vector<std::string> allowed) {
  return invalid_fields({{std::move(in), std::move(field), std::move(detail), std::move(allowed)}});
}

Problem not_found() {
  return {404, "not-found", "There is nothing here, or nothing that you may see."};
}

Problem not_signed_in() {
  return {401, "not-signed-in", "Sign in first."};
}

Problem forbidden(std::string kind, std::string detail) {
  return {403, std::move(kind), "This is not allowed.", std::move(detail)};
}

Problem conflict(std::string in, std::string field, std::string detail) {
  return {409,
          "conflict",
          "This conflicts with what exists already.",
          detail,
          {{std::move(in), std::move(field), detail}}};
}

Problem locked(int retry_after_s) {
  Problem out{429, "locked", "Too many failed attempts.",
              "Try again in " + std::to_string(retry_after_s) + " seconds."};
  out.retry_after_s = retry_after_s;
  return out;
}

Problem unavailable(std::string detail) {
  Problem out{503, "unavailable", "The service cannot answer now.", std::move(detail)};
  out.retry_after_s = 5;
  return out;
}

}  // namespace osect::api
