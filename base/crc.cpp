// CRC-32C by Boost's table-driven implementation.
#include "base/crc.h"

#include <boost/crc.hpp>

namespace osect {

std::uint32_t crc32c(std::span<const std::uint8_t> bytes, std::uint32_t before) {
  // Boost takes the register before reflection and inversion; undo both to continue from a finished
  // value.
  constexpr std::uint32_t kAllOnes = 0xffffffffU;
  std::uint32_t reflected = 0;
  for (unsigned bit = 0; bit < 32; ++bit)
    if (((before ^ kAllOnes) >> bit & 1U) != 0) reflected |= 1U << (31U - bit);
  boost::crc_optimal<32, 0x1EDC6F41, kAllOnes, kAllOnes, true, true> crc(reflected);
  crc.process_bytes(bytes.data(), bytes.size());
  return crc.checksum();
}

}  // namespace osect
