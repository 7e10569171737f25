// Big-endian fields at a place that was checked already; for the few headers that every packet has.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace osect::decode {

static_assert(std::endian::native == std::endian::little, "loads swap bytes");

[[nodiscard]] inline std::uint16_t load_be16(const std::uint8_t* at) {
  std::uint16_t value = 0;
  std::memcpy(&value, at, sizeof value);
  return __builtin_bswap16(value);
}

[[nodiscard]] inline std::uint32_t load_be32(const std::uint8_t* at) {
  std::uint32_t value = 0;
  std::memcpy(&value, at, sizeof value);
  return __builtin_bswap32(value);
}

[[nodiscard]] inline std::uint64_t load_be64(const std::uint8_t* at) {
  std::uint64_t value = 0;
  std::memcpy(&value, at, sizeof value);
  return __builtin_bswap64(value);
}

}  // namespace osect::decode
