// "0x00" to "0xff": the codes of protocols that tell their messages apart by one byte.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace osect::dissect {

constexpr auto kByteCodes = [] {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<std::array<char, 4>, 256> codes{};
  for (std::size_t i = 0; i < codes.size(); ++i)
    codes[i] = {'0', 'x', kDigits[i >> 4], kDigits[i & 0xf]};
  return codes;
}();

[[nodiscard]] constexpr std::string_view byte_code(std::uint8_t code) {
  return {kByteCodes[code].data(), kByteCodes[code].size()};
}

}  // namespace osect::dissect
