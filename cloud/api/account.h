// What the session's and the account's resources share.
#pragma once

#include <cstdint>
#include <string_view>

#include "cloud/account/session.h"
#include "cloud/api/context.h"
#include "cloud/api/json.h"

namespace osect::api {

[[nodiscard]] Json account_json(const account::Account& account);
[[nodiscard]] Json organization_json(const account::Membership& membership);

// Starts a session and answers with it and its cookie. Call without an open transaction.
[[nodiscard]] Response open_session(const Context& context, std::int64_t user);

}  // namespace osect::api
