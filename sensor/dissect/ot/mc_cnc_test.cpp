// GIOP is not Mitsubishi's alone, and its clients here number all requests alike.
#include <gmock/gmock.h>

#include "sensor/dissect/testing.h"

namespace osect::dissect::testing {
namespace {

using ::testing::IsEmpty;

// _is_a ("IDL:CosNaming")
constexpr const char* kForeign =
    "47 49 4f 50 01 00 01 00 | 2a 00 00 00 | 00 00 00 00 | 01 00 00 00 | 01 00 00 00 |"
    "04 00 00 00 01 00 00 00 | 06 00 00 00 5f 69 73 5f 61 00 00 00 | 00 00 00 00 | 02 00 00 00 41 "
    "00";
// mochaFSRemoveFile ("1"), ("2")
constexpr const char* kRemove1 =
    "47 49 4f 50 01 00 01 00 | 38 00 00 00 | 00 00 00 00 | 01 00 00 00 | 01 00 00 00 |"
    "04 00 00 00 01 00 00 00 | 12 00 00 00 6d 6f 63 68 61 46 53 52 65 6d 6f 76 65 46 69 6c 65 00 |"
    "00 00 | 00 00 00 00 | 02 00 00 00 31 00 00 00";
constexpr const char* kRemove2 =
    "47 49 4f 50 01 00 01 00 | 38 00 00 00 | 00 00 00 00 | 01 00 00 00 | 01 00 00 00 |"
    "04 00 00 00 01 00 00 00 | 12 00 00 00 6d 6f 63 68 61 46 53 52 65 6d 6f 76 65 46 69 6c 65 00 |"
    "00 00 | 00 00 00 00 | 02 00 00 00 32 00 00 00";
constexpr const char* kException =
    "47 49 4f 50 01 00 01 01 | 0c 00 00 00 | 00 00 00 00 | 01 00 00 00 | 01 00 00 00";

TEST(McCnc, OtherObjectsOnThePortAreNobodysOfIts) {
  Exchange flow(decode::Transport::tcp, 50000, 683);
  flow.opened();
  for (int i = 0; i < 3; ++i) flow.up(kForeign).down(kException);
  EXPECT_THAT(flow.lines(), IsEmpty());
}

TEST(McCnc, AReplyAnswersTheLastRequestWhenOneWasLost) {
  Exchange flow(decode::Transport::tcp, 50000, 683);
  flow.opened().up(kRemove1).up(kRemove2).down(kException);
  EXPECT_EQ(flow.lines().back(),
            "b: response mc_cnc mochaFSRemoveFile remove_file program 2 error paired");
}

}  // namespace
}  // namespace osect::dissect::testing
