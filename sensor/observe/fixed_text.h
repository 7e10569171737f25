// Texts as plain memory of fixed size: what observe's rows hold them in.
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <string_view>

#include "base/same_text.h"

namespace osect::observe {

// A text of at most N - 1 bytes, kept in place and padded with zeros. A longer one is cut at the
// start of a UTF-8 sequence.
template <std::size_t N>
struct FixedText {
  static_assert(N % 8 == 0 && N <= 256);
  std::array<char, N>
      chars{};  // the last byte holds N - 1 - size, so that a full text ends in zero too

  FixedText() : FixedText(std::string_view{}) {}
  explicit FixedText(std::string_view text) {
    std::size_t size = std::min(text.size(), N - 1);
    if (size < text.size())
      while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0U) == 0x80U) --size;
    std::copy_n(text.data(), size, chars.data());
    chars[N - 1] = static_cast<char>(N - 1 - size);
  }
  [[nodiscard]] std::string_view view() const {
    return {chars.data(), N - 1 - static_cast<unsigned char>(chars[N - 1])};
  }
  // Whether it is this text, cut if it was too long. Asked twice for every message.
  [[nodiscard, gnu::always_inline]] bool holds(std::string_view text) const {
    return text.size() < N ? is_same_text(view(), text) : holds_cut(text);
  }
  bool operator==(const FixedText&) const = default;
  bool operator==(std::string_view text) const { return view() == text; }
  auto operator<=>(const FixedText& other) const { return view() <=> other.view(); }

 private:
  [[nodiscard, gnu::noinline]] bool holds_cut(std::string_view text) const {
    return *this == FixedText(text);
  }
};

}  // namespace osect::observe
