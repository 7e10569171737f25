// Crockford's base 32: letters and digits that people can read out to each other.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace osect {

// Five bits a letter, the highest first; bits that fill no letter at the end are left out.
[[nodiscard]] std::string crockford_text(std::span<const std::uint8_t> bytes);

// The letters of a text as a person typed it: in capitals, without spaces and dashes, the
// look-alikes O, I and L read as 0 and 1. Nothing when there is what is no letter of base 32.
[[nodiscard]] std::optional<std::string> crockford_letters(std::string_view typed);

}  // namespace osect
