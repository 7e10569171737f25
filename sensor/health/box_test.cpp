// What the box says about itself is plausible.
#include "sensor/health/box.h"

#include <gtest/gtest.h>

namespace osect::health {
namespace {

TEST(Box, SaysWhatTheKernelSays) {
  Box box("/tmp");
  volatile std::uint64_t work = 0;
  for (int i = 0; i < 20'000'000; ++i) work = work + 1;
  condense::Health health;
  box.read(health);
  EXPECT_GT(health.uptime_s, 0U);
  EXPECT_GT(health.memory_bytes, 1'000'000U);
  EXPECT_GT(health.disk_free_bytes, 0U);
  EXPECT_GT(health.cpu_permille, 0U);
  EXPECT_LT(health.cpu_permille, 64'000U);
}

}  // namespace
}  // namespace osect::health
