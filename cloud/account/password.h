// Password hashes: argon2id in PHC string format, m = 19 MiB, t = 2, p = 1. RFC 9106, OWASP
// ASVS 5.0.
#pragma once

#include <string>
#include <string_view>

namespace osect::account {

// Takes about 80 ms and 19 MiB: callers bound how many run at a time.
[[nodiscard]] std::string hash_password(std::string_view password);
[[nodiscard]] bool is_password(std::string_view password, const std::string& hash);
// As long as is_password() against a hash, for a user who does not exist.
void spend_as_if_checked(std::string_view password);

// 20 characters of an alphabet without look-alikes: 100 bits.
[[nodiscard]] std::string random_password();

}  // namespace osect::account
