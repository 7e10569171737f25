// Problem documents: what is wrong with a request, naming the field and what is allowed. RFC 9457.
#pragma once

#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cloud/api/response.h"

namespace osect::api {

struct FieldError {
  std::string in;  // path, query, header or body
  std::string field;
  std::string detail;
  std::vector<std::string> allowed{};
};

// Thrown by resources and caught once, in the router.
class Problem : public std::exception {
 public:
  Problem(int http_status, std::string kind_name, std::string title_text,
          std::string detail_text = {}, std::vector<FieldError> field_errors = {})
      : status(http_status),
        kind(std::move(kind_name)),
        title(std::move(title_text)),
        detail(std::move(detail_text)),
        errors(std::move(field_errors)) {}

  [[nodiscard]] const char* what() const noexcept override { return title.c_str(); }
  [[nodiscard]] Response response() const;

  int status;
  std::string kind;  // "invalid-field"; a stable name
  std::string title;
  std::string detail;
  std::vector<FieldError> errors;
  std::optional<int> retry_after_s;
};

[[nodiscard]] Problem invalid_fields(std::vector<FieldError> errors);
[[nodiscard]] Problem invalid_field(std::string in, std::string field, std::string detail,
                                    std::vector<std::string> allowed = {});
[[nodiscard]] Problem not_found();  // absent and foreign alike
[[nodiscard]] Problem not_signed_in();
[[nodiscard]] Problem forbidden(std::string kind, std::string detail);
[[nodiscard]] Problem conflict(std::string in, std::string field, std::string detail);
[[nodiscard]] Problem locked(int retry_after_s);
[[nodiscard]] Problem unavailable(std::string detail);

}  // namespace osect::api
