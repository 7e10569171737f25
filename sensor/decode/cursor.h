// A forward-only, bounds-checked reader over hostile bytes. A fault is sticky: every later read
// yields zero.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "base/address.h"

namespace osect::decode {

enum class Fault : std::uint8_t {
  none,
  truncated,  // a field goes beyond the bytes that are there
  malformed,  // the bytes contradict the specification
};

// Dissectors and decoders read down the page like the specification's table and look at fault()
// once, at the end. A child's fault does not flow back to its parent. Loops run `while
// (cursor.left() > 0)`, which is zero after a fault.
class Cursor {
 public:
  constexpr Cursor() = default;
  constexpr explicit Cursor(std::span<const std::uint8_t> in)
      : start_(in.data()), at_(in.data()), end_(in.data() + in.size()) {}

  constexpr std::uint8_t u8() {
    const auto* b = take(1);
    return b != nullptr ? b[0] : std::uint8_t{0};
  }
  // The widths that most fields have are written out: compilers make one load of them, but not of a
  // loop.
  constexpr std::uint16_t be16() {
    const auto* b = take(2);
    return b != nullptr ? static_cast<std::uint16_t>(b[0] << 8 | b[1]) : std::uint16_t{0};
  }
  constexpr std::uint32_t be24() { return static_cast<std::uint32_t>(big(3)); }
  constexpr std::uint32_t be32() {
    const auto* b = take(4);
    if (b == nullptr) return 0;
    return std::uint32_t{b[0]} << 24 | std::uint32_t{b[1]} << 16 | std::uint32_t{b[2]} << 8 | b[3];
  }
  constexpr std::uint64_t be64() { return big(8); }
  constexpr std::uint16_t le16() {
    const auto* b = take(2);
    return b != nullptr ? static_cast<std::uint16_t>(b[1] << 8 | b[0]) : std::uint16_t{0};
  }
  constexpr std::uint32_t le24() { return static_cast<std::uint32_t>(little(3)); }
  constexpr std::uint32_t le32() {
    const auto* b = take(4);
    if (b == nullptr) return 0;
    return std::uint32_t{b[3]} << 24 | std::uint32_t{b[2]} << 16 | std::uint32_t{b[1]} << 8 | b[0];
  }
  constexpr std::uint64_t le64() { return little(8); }

  // The next n bytes as a view; empty after a fault.
  constexpr std::span<const std::uint8_t> bytes(std::size_t n) {
    const auto* b = take(n);
    return {b, b != nullptr ? n : 0};
  }
  // The next n bytes as text, whatever they hold; empty after a fault.
  std::string_view text(std::size_t n) {
    const auto view = bytes(n);
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes and chars alias by
    // definition
    return {reinterpret_cast<const char*>(view.data()), view.size()};
  }
  MacAddress mac() {
    MacAddress address;
    if (const auto* b = take(6); b != nullptr) std::memcpy(address.bytes.data(), b, 6);
    return address;
  }
  IpAddress ipv4() { return IpAddress::from_bytes(bytes(4)); }
  IpAddress ipv6() { return IpAddress::from_bytes(bytes(16)); }

  // A cursor over the next n bytes, which this one skips. Faulted when this one is or becomes so.
  constexpr Cursor child(std::size_t n) {
    const auto* b = take(n);
    Cursor c(std::span<const std::uint8_t>{b, b != nullptr ? n : 0});
    c.fault_ = fault_;
    return c;
  }
  // What is left, without moving.
  [[nodiscard]] constexpr std::span<const std::uint8_t> rest() const { return {at_, left()}; }
  [[nodiscard]] constexpr std::uint8_t peek(std::size_t offset = 0) const {
    return offset < left() ? at_[offset] : std::uint8_t{0};
  }

  constexpr void skip(std::size_t n) { take(n); }
  // States a rule of the specification; a broken one is a malformed message.
  constexpr void expect(bool holds) {
    if (!holds) fail(Fault::malformed);
  }

  [[nodiscard]] constexpr std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }
  [[nodiscard]] constexpr std::size_t offset() const {
    return static_cast<std::size_t>(at_ - start_);
  }
  [[nodiscard]] constexpr Fault fault() const { return fault_; }
  [[nodiscard]] constexpr bool is_good() const { return fault_ == Fault::none; }

 private:
  constexpr std::uint64_t big(std::size_t n) {
    const auto* b = take(n);
    std::uint64_t value = 0;
    for (std::size_t i = 0; b != nullptr && i < n; ++i) value = value << 8 | b[i];
    return value;
  }
  constexpr std::uint64_t little(std::size_t n) {
    const auto* b = take(n);
    std::uint64_t value = 0;
    for (std::size_t i = n; b != nullptr && i > 0; --i) value = value << 8 | b[i - 1];
    return value;
  }
  constexpr const std::uint8_t* take(std::size_t n) {
    if (n > left()) [[unlikely]] {
      fail(Fault::truncated);
      return nullptr;
    }
    const auto* b = at_;
    at_ += n;
    return b;
  }
  constexpr void fail(Fault why) {
    if (fault_ == Fault::none) fault_ = why;
    at_ = end_;
  }

  const std::uint8_t* start_ = nullptr;
  const std::uint8_t* at_ = nullptr;
  const std::uint8_t* end_ = nullptr;
  Fault fault_ = Fault::none;
};

}  // namespace osect::decode
