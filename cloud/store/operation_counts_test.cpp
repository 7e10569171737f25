// Packed hours of operations: what goes in comes out, damage is noticed.
#include "cloud/store/operation_counts.h"

#include <gtest/gtest.h>

#include <limits>

namespace osect::store {
namespace {

OperationCounts sample() {
  return {.rows = {{3, 600, 0}, {9, std::numeric_limits<std::int64_t>::max(), 7}, {200, 0, 1}}};
}

TEST(OperationCounts, Come_out_as_they_went_in) {
  const auto unpacked = unpack_operation_counts(pack(sample()));
  ASSERT_TRUE(unpacked);
  EXPECT_EQ(*unpacked, sample());
  EXPECT_EQ(*unpack_operation_counts(pack(OperationCounts{})), OperationCounts{});
}

TEST(OperationCounts, Damage_is_noticed_wherever_the_bytes_end) {
  const std::string whole = pack(sample());
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_FALSE(unpack_operation_counts(std::string_view(whole).substr(0, length))) << length;
  EXPECT_FALSE(unpack_operation_counts(whole + '\0'));
}

}  // namespace
}  // namespace osect::store
