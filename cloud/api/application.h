// The HTTP side of the cloud as one part: server, API, live updates, web UI.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "cloud/api/context.h"
#include "cloud/api/events.h"
#include "cloud/api/server.h"
#include "cloud/api/web_root.h"

namespace osect::api {

struct ApplicationConfig {
  ServerConfig server;
  std::string web_root = "web/dist";  // the built web UI
  std::string public_origin;          // "https://osect.example" behind a proxy; "": what Host says
  std::vector<std::string> names;     // what sensors may call this server; not empty
  std::uint16_t enrolment_port = 0;   // where sensors bring their one-time codes
  std::string connection;             // of the database, for live updates
  std::string listen_user = "osect_app";
};

// start() and stop() belong to one thread. The pool (role osect_app) should be no smaller than
// server.work_threads.
class Application {
 public:
  Application(ApplicationConfig config, store::Pool& pool, const ingest::Authority& authority);

  Result<> start() { return server_.start(); }
  void stop() { server_.stop(); }
  [[nodiscard]] std::uint16_t port() const { return server_.port(); }
  [[nodiscard]] EventHub& events() { return events_; }

  [[nodiscard]] Response handle(const Request& request) const;

 private:
  EventHub events_;
  const Services services_;
  const WebRoot web_root_;
  Server server_;
};

}  // namespace osect::api
