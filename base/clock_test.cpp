// Times print as RFC 3339 in UTC with microseconds, also before 1970.
#include "base/clock.h"

#include <gtest/gtest.h>

namespace osect {
namespace {

TEST(Clock, PrintsRfc3339) {
  EXPECT_EQ(rfc3339(0), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(rfc3339(1'763'867'863'123'456'789), "2025-11-23T03:17:43.123456Z");
  EXPECT_EQ(rfc3339(-1), "1969-12-31T23:59:59.999999Z");
}

}  // namespace
}  // namespace osect
