// What a resource gets: the request, who asks, the scope, and the transaction that cannot see
// beyond it.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "cloud/account/session.h"
#include "cloud/api/query_string.h"
#include "cloud/api/request.h"
#include "cloud/api/response.h"
#include "cloud/store/pool.h"

namespace osect::ingest {
class Authority;
}

namespace osect::api {

class EventHub;

// What lives as long as the API. Threads: any.
struct Services {
  store::Pool& pool;  // of role osect_app
  EventHub& events;
  const ingest::Authority& authority;
  std::string public_origin;         // "https://osect.example"; "": what the Host header says
  std::vector<std::string> names;    // what sensors may call this server, as its certificate says
  std::uint16_t enrolment_port = 0;  // where they bring their one-time codes
  Clock now = system_now;
};

// One request inside a handler; belongs to its thread. Every function may throw Problem or
// account::DatabaseFailure.
class Context {
 public:
  Context(const Request& asked, const Services& provided)
      : request(asked), services(provided), parameters(asked.query) {}

  const Request& request;
  const Services& services;
  QueryString parameters;
  account::Session session;       // of a signed-in user; empty on routes that need none
  std::int64_t organization = 0;  // 0 on routes outside organizations
  std::vector<std::int64_t> ids;  // of the path, behind the organization
  std::optional<store::Transaction> transaction;  // in the organization's scope

  store::Rows ask(const store::Query& query, std::span<const store::Param> params);
  store::Rows ask(const store::Query& query, std::initializer_list<store::Param> params = {});
  void commit();
  // Plans the following queries for the parameters they get: lists whose filters are mostly null.
  void plan_for_parameters();
  // Writes to the organization's audit log, in the transaction.
  void audit(const std::string& action, const std::string& subject, const std::string& detail_json);
  // Tells everybody who listens that something of this kind changed, when the transaction commits.
  void announce(std::string_view kind, std::optional<std::int64_t> site);
};

// The range [from, to) of a request: `to` defaults to now, `from` to `default_span` before it.
struct Range {
  TimeNs from = 0;
  TimeNs to = 0;
};
[[nodiscard]] Range read_range(Context& context, TimeNs default_span);
// As above, without a default: nothing where not given.
struct OpenRange {
  std::optional<std::string> from;  // RFC 3339, for a query
  std::optional<std::string> to;
};
[[nodiscard]] OpenRange read_open_range(Context& context);

}  // namespace osect::api
