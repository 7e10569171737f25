// An HTTP request as the resources see it: complete, bounded, free of the server's machinery. RFC
// 9110.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace osect::api {

struct Request {
  std::string method;  // as sent: "GET"
  std::string path;    // before '?', still percent-encoded, begins with '/'
  std::string query;   // after '?', still percent-encoded
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;
  std::string address;  // the client's IP address
  bool is_tls = false;

  // The value of a header, "" when absent; the name in lower case.
  [[nodiscard]] std::string_view header(std::string_view name) const {
    for (const auto& [key, value] : headers)
      if (key == name) return value;
    return {};
  }
};

}  // namespace osect::api
