// Against the test vectors of RFC 3720, appendix B.4.
#include "base/crc.h"

#include <gtest/gtest.h>

#include <array>
#include <string_view>
#include <vector>

namespace osect {
namespace {

TEST(Crc32c, MatchesThePublishedVectors) {
  EXPECT_EQ(crc32c(std::vector<std::uint8_t>(32, 0x00)), 0x8a9136aaU);
  EXPECT_EQ(crc32c(std::vector<std::uint8_t>(32, 0xff)), 0x62a8ab43U);
}

TEST(Crc32c, ContinuesOverParts) {
  constexpr std::string_view kText = "123456789";
  const std::vector<std::uint8_t> bytes(kText.begin(), kText.end());
  EXPECT_EQ(crc32c(bytes), 0xe3069283U);
  const std::span<const std::uint8_t> all(bytes);
  EXPECT_EQ(crc32c(all.subspan(4), crc32c(all.first(4))), 0xe3069283U);
}

}  // namespace
}  // namespace osect
