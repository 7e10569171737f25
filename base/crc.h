// CRC-32C (Castagnoli), RFC 3720 appendix B.4: guards records on disk.
#pragma once

#include <cstdint>
#include <span>

namespace osect {

// The checksum of the bytes; pass the result of the part before to continue over several parts.
[[nodiscard]] std::uint32_t crc32c(std::span<const std::uint8_t> bytes, std::uint32_t before = 0);

}  // namespace osect
