// Text made of wire bytes without allocation: printable UTF-8 whatever the bytes hold.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/address.h"

namespace osect::dissect {

// Appends to memory that somebody else owns; what does not fit is left out and is_cut() says so.
class Writer {
 public:
  explicit Writer(std::span<char> to) : to_(to) {}

  Writer& put(char c) {
    if (size_ < to_.size())
      to_[size_++] = c;
    else
      is_cut_ = true;
    return *this;
  }
  Writer& put(std::string_view text) {
    if (text.size() > to_.size() - size_) [[unlikely]]
      return put_what_fits(text);
    // Of a literal the size is known where it is written: a move or two.
    std::copy_n(text.data(), text.size(), to_.data() + size_);
    size_ += text.size();
    return *this;
  }
  Writer& decimal(std::uint64_t value);
  Writer& hex(std::uint64_t value, std::size_t digits);  // lower case, leading zeros
  Writer& address(const IpAddress& ip);                  // as IpAddress::text() writes it
  Writer& address(const MacAddress& mac);
  // Bytes from the wire: control characters and what is not UTF-8 as \xHH; ends at the first NUL.
  Writer& printable(std::string_view raw);
  // The same for UTF-16, little endian: a surrogate without its other half is U+FFFD.
  Writer& printable_utf16(std::span<const std::uint8_t> raw);

  [[nodiscard]] std::string_view text() const { return {to_.data(), size_}; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool is_cut() const { return is_cut_; }

 private:
  Writer& put_what_fits(std::string_view text);

  std::span<char> to_;
  std::size_t size_ = 0;
  bool is_cut_ = false;
};

// A Writer with its own memory.
template <std::size_t kBytes>
class Text : public Writer {
 public:
  Text() : Writer(memory_) {}
  Text(const Text&) = delete;
  Text& operator=(const Text&) = delete;

 private:
  std::array<char, kBytes> memory_;
};

// Without the blanks, NULs and line ends around it.
[[nodiscard]] std::string_view trimmed(std::string_view text);

}  // namespace osect::dissect
