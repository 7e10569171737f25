// The cursor never reads beyond its bytes, and a fault stays.
#include "sensor/decode/cursor.h"

#include <gtest/gtest.h>

#include <array>

namespace osect::decode {
namespace {

constexpr std::array<std::uint8_t, 6> kBytes{0x01, 0x02, 0x03, 0x04, 0x05, 0x06};

TEST(Cursor, ReadsBothByteOrders) {
  Cursor c(kBytes);
  EXPECT_EQ(c.be16(), 0x0102);
  EXPECT_EQ(c.le16(), 0x0403);
  EXPECT_EQ(c.u8(), 5);
  EXPECT_EQ(c.left(), 1U);
  EXPECT_TRUE(c.is_good());
}

TEST(Cursor, KeepsItsFirstFaultAndYieldsZero) {
  Cursor c(kBytes);
  c.skip(5);
  EXPECT_EQ(c.be32(), 0U);
  EXPECT_EQ(c.fault(), Fault::truncated);
  EXPECT_EQ(c.u8(), 0);
  EXPECT_EQ(c.left(), 0U);
  c.expect(false);
  EXPECT_EQ(c.fault(), Fault::truncated);
}

TEST(Cursor, ChildIsBoundedAndInheritsAFault) {
  Cursor c(kBytes);
  Cursor child = c.child(2);
  EXPECT_EQ(child.be32(), 0U);
  EXPECT_EQ(child.fault(), Fault::truncated);
  EXPECT_TRUE(c.is_good());
  EXPECT_EQ(c.u8(), 3);
  EXPECT_EQ(c.child(9).fault(), Fault::truncated);
  EXPECT_EQ(c.fault(), Fault::truncated);
}

}  // namespace
}  // namespace osect::decode
