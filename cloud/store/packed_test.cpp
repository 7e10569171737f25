// Packed minutes: what goes in comes out, damage is noticed.
#include "cloud/store/packed.h"

#include <gtest/gtest.h>

#include <limits>

namespace osect::store {
namespace {

Packed sample() {
  constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();
  Packed packed;
  packed.begin_ms = 1'795'403'820'000;
  packed.end_ms = packed.begin_ms + 60'000;
  packed.conversations = {{7, 600, 600, 39'600, 51'000, 1, packed.begin_ms, packed.end_ms - 100},
                          {5, 0, kLargest, 1, 2, 3, packed.begin_ms + 1, packed.begin_ms + 1}};
  packed.endpoints = {{1, 600, 39'600, packed.begin_ms, packed.end_ms}};
  packed.operations = {{9, 600, 1, 100'000, 250, packed.begin_ms, packed.end_ms}};
  return packed;
}

TEST(Packed, Comes_out_as_it_went_in) {
  const auto unpacked = unpack(pack(sample()));
  ASSERT_TRUE(unpacked);
  EXPECT_EQ(*unpacked, sample());
  EXPECT_EQ(*unpack(pack(Packed{})), Packed{});
}

TEST(Packed, A_steadily_polled_conversation_is_small) {
  Packed packed = sample();
  packed.endpoints.clear();
  packed.operations.clear();
  packed.conversations.assign(1000, packed.conversations[0]);
  for (std::size_t i = 0; i < packed.conversations.size(); ++i)
    packed.conversations[i].id = static_cast<std::int64_t>(1000 + i);
  EXPECT_LT(pack(packed).size() / 1000, 16);
}

TEST(Packed, Truncation_at_every_byte_is_noticed) {
  const std::string whole = pack(sample());
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_FALSE(unpack(std::string_view(whole).substr(0, length))) << length;
  EXPECT_FALSE(unpack(whole + "x"));
}

}  // namespace
}  // namespace osect::store
