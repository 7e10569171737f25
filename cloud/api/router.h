// From a request to the handler of its route: session, CSRF token, organization, role; and from
// failures to problems.
#pragma once

#include <string_view>

#include "cloud/api/context.h"
#include "cloud/api/request.h"
#include "cloud/api/response.h"

namespace osect::api {

// Answers any request below /api/. Never throws. Threads: any.
[[nodiscard]] Response route(const Request& request, const Services& services);

// The value of a cookie, "" when there is none. RFC 6265 5.4.
[[nodiscard]] std::string_view cookie(const Request& request, std::string_view name);

inline constexpr std::string_view kSessionCookie = "osect_session";

}  // namespace osect::api
