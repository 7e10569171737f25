// What is printed for people and what they type back.
#include "base/crockford.h"

#include <gtest/gtest.h>

#include <array>

namespace osect {
namespace {

TEST(Crockford, WritesFiveBitsALetter) {
  // 00000 00001 00010 ... 00111: the first eight letters.
  constexpr std::array<std::uint8_t, 5> kCounting{0x00, 0x44, 0x32, 0x14, 0xc7};
  EXPECT_EQ(crockford_text(kCounting), "01234567");
  constexpr std::array<std::uint8_t, 5> kLast{0xff, 0xff, 0xff, 0xff, 0xff};
  EXPECT_EQ(crockford_text(kLast), "ZZZZZZZZ");
  EXPECT_EQ(crockford_text({}), "");
}

TEST(Crockford, ReadsWhatPeopleType) {
  EXPECT_EQ(crockford_letters("abcd-EFGH jkmn"), "ABCDEFGHJKMN");
  EXPECT_EQ(crockford_letters("oO-iI-lL"), "001111");
  EXPECT_EQ(crockford_letters(""), "");
  EXPECT_EQ(crockford_letters("ABCU"), std::nullopt);  // the letter Crockford leaves out
  EXPECT_EQ(crockford_letters("ABC\xE3\x81\x82"), std::nullopt);
}

}  // namespace
}  // namespace osect
