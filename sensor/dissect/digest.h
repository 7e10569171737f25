// MD5 and SHA-256 as hexadecimal text, for fingerprints that others define by them (JA3, JA4); not
// for security.
#pragma once

#include <array>
#include <string_view>

namespace osect::dissect {

// Lower-case hexadecimal. Allocates once per thread, on its first use.
[[nodiscard]] std::array<char, 32> md5_hex(std::string_view text);
[[nodiscard]] std::array<char, 64> sha256_hex(std::string_view text);

}  // namespace osect::dissect
