// Equality of short texts without a call: codes, targets and names of protocols are a few bytes,
// compared for every message.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace osect {

// As a == b.
[[nodiscard, gnu::always_inline]] inline bool is_same_text(std::string_view a, std::string_view b) {
  const std::size_t size = a.size();
  if (size != b.size()) return false;
  if (size > 32) return std::memcmp(a.data(), b.data(), size) == 0;
  // Words that overlap cover everything between them.
  const auto differ = [&]<typename Word>(Word, std::size_t at) {
    Word of_a;
    Word of_b;
    std::memcpy(&of_a, a.data() + at, sizeof of_a);
    std::memcpy(&of_b, b.data() + at, sizeof of_b);
    return static_cast<Word>(of_a ^ of_b);
  };
  if (size > 16)
    return (differ(std::uint64_t{}, 0) | differ(std::uint64_t{}, 8) |
            differ(std::uint64_t{}, size - 16) | differ(std::uint64_t{}, size - 8)) == 0;
  if (size >= 8) return (differ(std::uint64_t{}, 0) | differ(std::uint64_t{}, size - 8)) == 0;
  if (size >= 4) return (differ(std::uint32_t{}, 0) | differ(std::uint32_t{}, size - 4)) == 0;
  if (size == 0) return true;
  return (differ(std::uint8_t{}, 0) | differ(std::uint8_t{}, size / 2) |
          differ(std::uint8_t{}, size - 1)) == 0;
}

}  // namespace osect
