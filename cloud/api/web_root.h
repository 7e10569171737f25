// Serves the built web UI as static files; what is not a file is index.html, so that the UI's own
// paths can be opened.
#pragma once

#include <string>

#include "cloud/api/request.h"
#include "cloud/api/response.h"

namespace osect::api {

// Files below assets/ carry a hash in their name and never change; all others are revalidated.
// "x.br" and "x.gz" beside x are sent where the client takes them. Threads: any.
class WebRoot {
 public:
  explicit WebRoot(std::string directory) : directory_(std::move(directory)) {}

  [[nodiscard]] Response serve(const Request& request) const;

 private:
  const std::string directory_;
};

// Adds what every answer carries: RFC 6797, CSP level 3, no sniffing, no framing, no referrer.
void add_security_headers(const Request& request, Response& response);

}  // namespace osect::api
