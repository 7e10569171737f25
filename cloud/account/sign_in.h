// Signing in and changing passwords, with a lock that grows with the failures. OWASP ASVS 5.0, V6.
#pragma once

#include <optional>
#include <string>

#include "cloud/account/session.h"
#include "cloud/store/pool.h"

namespace osect::account {

struct Attempt {
  std::optional<std::int64_t> user;  // nothing: refused
  int locked_s = 0;                  // refused without looking: try again after so many seconds
};

// Whether this is the user's password. Unknown and disabled users take as long and look the same. 5
// failures lock the login, 20 the address, for a minute that doubles with each further failure up
// to an hour.
[[nodiscard]] Attempt check_login(store::Pool& pool, const std::string& login,
                                  const std::string& password, const std::string& address);

// Why a new password is not acceptable, "" when it is.
[[nodiscard]] std::string objection_to_password(const std::string& login,
                                                const std::string& password);

// Writes an entry into the audit log of each organization that the user is a member of.
void audit_everywhere(store::Pool& pool, std::int64_t user, const std::string& action);

}  // namespace osect::account
