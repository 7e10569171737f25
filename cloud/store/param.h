// One parameter of a query: a value in the form libpq sends.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace osect::store {

// Scalars travel as text, byte strings and arrays in PostgreSQL's binary form. The query gives the
// type by a cast
// ($1::bigint[]). Times are RFC 3339 text (base/clock.h) or microseconds for to_microseconds
// columns.
class Param {
 public:
  Param(std::nullptr_t) : is_null_(true) {}
  Param(std::int64_t number) : data_(std::to_string(number)) {}
  Param(std::int32_t number) : data_(std::to_string(number)) {}
  Param(std::uint64_t number) : data_(std::to_string(number)) {}
  Param(std::uint32_t number) : data_(std::to_string(number)) {}
  Param(bool truth) : data_(truth ? "t" : "f") {}
  Param(const char* text) : data_(text) {}
  Param(std::string text) : data_(std::move(text)) {}
  Param(std::string_view text) : data_(text) {}
  template <typename T>
  Param(const std::optional<T>& value) : Param(value ? Param(*value) : Param(nullptr)) {}

  [[nodiscard]] static Param bytes(std::string_view bytes);
  [[nodiscard]] static Param bytes(std::span<const std::uint8_t> bytes);
  [[nodiscard]] static Param array(std::span<const std::int64_t> numbers);    // bigint[]
  [[nodiscard]] static Param array(std::span<const std::string> texts);       // text[]
  [[nodiscard]] static Param array(std::span<const std::string_view> texts);  // text[]

  [[nodiscard]] const char* data() const { return is_null_ ? nullptr : data_.data(); }
  [[nodiscard]] int size() const { return static_cast<int>(data_.size()); }
  [[nodiscard]] int format() const { return is_binary_ ? 1 : 0; }

 private:
  std::string data_;  // NUL-terminated as libpq wants texts
  bool is_null_ = false;
  bool is_binary_ = false;
};

}  // namespace osect::store
