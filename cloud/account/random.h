// Random secrets and their hashes, by OpenSSL.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace osect::account {

[[nodiscard]] std::string random_bytes(std::size_t count);
[[nodiscard]] std::string sha256(std::string_view bytes);
[[nodiscard]] std::string base64url(std::string_view bytes);  // RFC 4648 5, without padding
// Takes as long wherever the difference is.
[[nodiscard]] bool is_equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace osect::account
