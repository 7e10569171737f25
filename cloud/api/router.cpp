// Routing and the edge where exceptions become problem documents.
#include "cloud/api/router.h"

#include <algorithm>
#include <set>

#include "base/log.h"
#include "cloud/account/database.h"
#include "cloud/account/random.h"
#include "cloud/api/problem.h"
#include "cloud/api/routes.h"
#include "cloud/store/queries/session.h"

namespace osect::api {
namespace {

// Takes the first segment off "/a/b".
std::string_view take_segment(std::string_view& path) {
  path.remove_prefix(1);
  const std::string_view segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

// Whether the path fits the template; the texts at its {x} go to `values`.
bool fits(std::string_view pattern, std::string_view path, std::vector<std::string_view>& values) {
  values.clear();
  while (!pattern.empty() && !path.empty()) {
    const std::string_view wanted = take_segment(pattern);
    const std::string_view given = take_segment(path);
    if (wanted.starts_with('{'))
      values.push_back(given);
    else if (wanted != given)
      return false;
  }
  return pattern.empty() && path.empty();
}

struct Match {
  const Route* route = nullptr;
  std::vector<std::string_view> values;
  std::set<std::string> methods;  // that the path knows
};

// A literal segment wins over {x}: "/devices/groups" is not a device.
Match match(const Request& request) {
  Match out;
  std::size_t fewest = std::string_view::npos;
  std::vector<std::string_view> values;
  for (const Route& route : routes()) {
    if (!fits(route.path, request.path, values) || values.size() > fewest) continue;
    if (values.size() < fewest) {
      out = {};
      fewest = values.size();
    }
    out.methods.emplace(route.method);
    const bool is_head = request.method == "HEAD" && route.method == "GET";
    if (route.method == request.method || is_head) {
      out.route = &route;
      out.values = values;
    }
  }
  return out;
}

bool is_unsafe(std::string_view method) {
  return method != "GET" && method != "HEAD";
}

account::Role role_needed(Access access) {
  switch (access) {
    case Access::viewer:
      return account::Role::viewer;
    case Access::operator_:
      return account::Role::operator_;
    case Access::analyst:
      return account::Role::analyst;
    case Access::admin:
      return account::Role::admin;
    case Access::anybody:
    case Access::user:
      break;
  }
  return account::Role::none;
}

// Finds who asks and opens the transaction of the organization asked about.
void authorize(Context& context, const Match& match) {
  const std::string_view token = cookie(context.request, kSessionCookie);
  if (token.empty()) throw not_signed_in();
  const bool is_in_organization = match.route->access != Access::user;
  if (is_in_organization) context.organization = parse_id(match.values[0]).value_or(0);
  context.transaction.emplace(
      account::begin(context.services.pool, {.organization = context.organization, .user = 0}));
  auto session = account::find_session(*context.transaction, token, context.organization,
                                       role_needed(match.route->access));
  if (!session) throw not_signed_in();
  context.session = std::move(*session);
  if (is_unsafe(match.route->method) &&
      !account::is_equal_in_constant_time(context.request.header("x-osect-csrf"),
                                          context.session.csrf_token))
    throw forbidden("csrf", "The header X-OsecT-CSRF is not the session's csrf_token.");
  if (!is_in_organization) return;
  const account::Reach& reach = context.session.reach;
  if (!reach.is_member) throw not_found();
  if (reach.is_nowhere()) throw forbidden("role", "Your role in this organization is too low.");
  context.ask(store::query::kSessionSeeSites, {reach.setting()});
  for (std::size_t i = 1; i < match.values.size(); ++i) {
    const auto id = parse_id(match.values[i]);
    if (!id) throw not_found();
    context.ids.push_back(*id);
  }
}

Response dispatch(const Request& request, const Services& services) {
  const Match found = match(request);
  if (found.methods.empty()) throw not_found();
  if (found.route == nullptr) {
    std::string allowed;
    for (const auto& method : found.methods) allowed += (allowed.empty() ? "" : ", ") + method;
    Response out = Problem(405, "method-not-allowed", "This method is not offered here.",
                           "Allowed: " + allowed)
                       .response();
    return std::move(out.with("Allow", allowed));
  }
  Context context(request, services);
  if (found.route->access != Access::anybody) authorize(context, found);
  Response out = found.route->handle(context);
  // Handlers that write commit themselves; a session that was touched is kept for the others.
  if (context.transaction && !is_unsafe(found.route->method)) context.commit();
  return out;
}

}  // namespace

bool takes_file(std::string_view method, std::string_view path) {
  std::vector<std::string_view> values;
  return path.starts_with('/') &&
         std::any_of(routes().begin(), routes().end(), [&](const Route& route) {
           return route.takes_file && route.method == method && fits(route.path, path, values);
         });
}

std::string_view cookie(const Request& request, std::string_view name) {
  std::string_view rest = request.header("cookie");
  while (!rest.empty()) {
    std::string_view pair = rest.substr(0, rest.find(';'));
    rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=')
      return pair.substr(name.size() + 1);
  }
  return {};
}

Response route(const Request& request, const Services& services) {
  try {
    return dispatch(request, services);
  } catch (const Problem& problem) {
    return problem.response();
  } catch (const account::DatabaseFailure& failure) {
    log::warn("The API could not answer {} {}: {}", request.method, request.path, failure.what());
    if (failure.trouble() == store::Trouble::unavailable)
      return unavailable("The database cannot be reached.").response();
  } catch (const std::exception& failure) {
    log::error("The API failed at {} {}: {}", request.method, request.path, failure.what());
  }
  return Problem(500, "internal-error", "This is our fault.", "It has been written to the log.")
      .response();
}

}  // namespace osect::api
