// LEB128 varints, signed ones zigzag: what packed columns are made of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace osect::store {

class VarintWriter {
 public:
  std::string out;

  void number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7U) out.push_back(static_cast<char>(value | 0x80U));
    out.push_back(static_cast<char>(value));
  }
  void sign(std::int64_t value) {
    number((static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63U));
  }
  void text(std::string_view value) {
    number(value.size());
    out.append(value);
  }
};

// After bytes that end too early every value is 0 and is_whole() is false.
class VarintReader {
 public:
  explicit VarintReader(std::string_view bytes)
      : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  std::uint64_t number() {
    // Megabytes of packed traffic are read here, most of it numbers of one byte.
    if (at_ != end_ && static_cast<unsigned char>(*at_) < 0x80)
      return static_cast<unsigned char>(*at_++);
    return long_number();
  }
  std::int64_t sign() {
    const std::uint64_t value = number();
    return static_cast<std::int64_t>((value >> 1U) ^ (~(value & 1U) + 1));
  }
  // Of things that take a byte each at least.
  std::size_t count() {
    const std::uint64_t value = number();
    if (value > static_cast<std::size_t>(end_ - at_)) is_broken_ = true;
    return is_broken_ ? 0 : static_cast<std::size_t>(value);
  }
  std::string_view text() {
    const std::size_t size = count();
    const std::string_view out(at_, size);
    at_ += size;
    return out;
  }
  [[nodiscard]] bool is_whole() const { return !is_broken_ && at_ == end_; }

 private:
  std::uint64_t long_number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (at_ == end_) break;
      const auto byte = static_cast<unsigned char>(*at_++);
      value |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return value;
    }
    is_broken_ = true;
    return 0;
  }

  const char* at_;
  const char* end_;
  bool is_broken_ = false;
};

// Modulo 2^64: damaged bytes may hold any difference.
inline std::int64_t wrapped_sum(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
inline std::int64_t wrapped_difference(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

}  // namespace osect::store
