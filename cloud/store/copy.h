// Builds the rows of a binary COPY (PostgreSQL documentation, COPY, "Binary Format").
#pragma once

#include <cassert>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/address.h"
#include "base/clock.h"
#include "cloud/store/wire.h"

namespace osect::store {

// Call row(), then one field function per column, in the order of the COPY's column list. Types
// must match exactly.
class CopyRows {
 public:
  explicit CopyRows(std::uint16_t columns) : columns_(columns) {
    using namespace std::string_view_literals;
    data_ = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0"sv;
  }

  void row() {
    assert(fields_ == rows_ * columns_);
    ++rows_;
    wire::put16(data_, columns_);
  }
  void null() { field(-1); }
  void boolean(bool value) {
    field(1);
    data_.push_back(value ? '\1' : '\0');
  }
  void integer(std::int32_t value) {
    field(4);
    wire::put32(data_, static_cast<std::uint32_t>(value));
  }
  void bigint(std::int64_t value) {
    field(8);
    wire::put64(data_, static_cast<std::uint64_t>(value));
  }
  void text(std::string_view value) {  // also bytea
    field(static_cast<std::int32_t>(value.size()));
    data_.append(value);
  }
  void time(TimeNs value) { time_us(value / 1000); }
  void time_us(std::int64_t since_1970_us) {
    field(8);
    wire::put64(data_, static_cast<std::uint64_t>(since_1970_us - kPostgresEpochUs));
  }
  void mac(const MacAddress& value) {
    if (value.is_zero()) return null();
    field(6);
    data_.append(value.bytes.begin(), value.bytes.end());
  }
  void ip(const IpAddress& value) {
    if (value.is_none()) return null();
    const auto bytes = value.bytes();
    field(static_cast<std::int32_t>(4 + bytes.size()));
    data_.push_back(value.is_v4() ? '\2' : '\3');
    data_.push_back(static_cast<char>(bytes.size() * 8));
    data_.push_back('\0');
    data_.push_back(static_cast<char>(bytes.size()));
    data_.append(bytes.begin(), bytes.end());
  }

  [[nodiscard]] std::size_t size() const { return rows_; }
  [[nodiscard]] bool empty() const { return rows_ == 0; }
  void reserve(std::size_t bytes) { data_.reserve(bytes); }
  // The whole stream, end mark included.
  [[nodiscard]] std::string take() && {
    assert(fields_ == rows_ * columns_);
    wire::put16(data_, 0xffff);
    return std::move(data_);
  }

 private:
  static constexpr std::int64_t kPostgresEpochUs = 946'684'800'000'000;  // 2000-01-01

  void field(std::int32_t length) {
    ++fields_;
    wire::put32(data_, static_cast<std::uint32_t>(length));
  }

  std::string data_;
  std::uint16_t columns_;
  std::size_t rows_ = 0;
  std::size_t fields_ = 0;
};

}  // namespace osect::store
