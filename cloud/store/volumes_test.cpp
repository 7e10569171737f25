// Packed hours and days: what goes in comes out, damage is noticed.
#include "cloud/store/volumes.h"

#include <gtest/gtest.h>

#include <limits>

namespace osect::store {
namespace {

Volumes sample() {
  constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();
  Volumes out;
  out.services = {{"tcp", 502, "modbus"}, {"ethernet", 0x8892, ""}};
  out.rows = {{5, 70, 3, 0, 600, 600, 39'600, 51'000, 1},
              {9, 2, kLargest, 1, 0, kLargest, 1, 2, 3}};
  return out;
}

TEST(Volumes, Come_out_as_they_went_in) {
  const auto unpacked = unpack_volumes(pack(sample()));
  ASSERT_TRUE(unpacked);
  EXPECT_EQ(*unpacked, sample());
  EXPECT_EQ(*unpack_volumes(pack(Volumes{})), Volumes{});
}

TEST(Volumes, Damage_is_noticed_wherever_the_bytes_end) {
  const std::string whole = pack(sample());
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_FALSE(unpack_volumes(std::string_view(whole).substr(0, length))) << length;
  EXPECT_FALSE(unpack_volumes(whole + '\0'));
  Volumes wrong = sample();
  wrong.rows[0].service = 2;
  EXPECT_FALSE(unpack_volumes(pack(wrong))) << "a service that is not listed";
}

}  // namespace
}  // namespace osect::store
