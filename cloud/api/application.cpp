// Puts the HTTP side together: /api/ to the router, all else to the web UI's files.
#include "cloud/api/application.h"

#include <utility>

#include "cloud/api/router.h"
#include "cloud/api/routes.h"

namespace osect::api {
namespace {

ServerConfig with_files(ServerConfig config) {
  config.takes_file = takes_file;
  return config;
}

}  // namespace

Application::Application(ApplicationConfig config, store::Pool& pool,
                         const ingest::Authority& authority)
    : events_(config.connection, config.listen_user, pool),
      services_{.pool = pool,
                .events = events_,
                .authority = authority,
                .public_origin = std::move(config.public_origin),
                .names = std::move(config.names),
                .enrolment_port = config.enrolment_port},
      web_root_(std::move(config.web_root)),
      server_(with_files(std::move(config.server)),
              [this](const Request& request) { return handle(request); }) {}

Response Application::handle(const Request& request) const {
  Response out =
      request.path.starts_with("/api/") ? route(request, services_) : web_root_.serve(request);
  add_security_headers(request, out);
  return out;
}

}  // namespace osect::api
