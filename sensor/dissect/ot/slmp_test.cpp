// SLMP where frames have no number, and where nobody saw the question.
#include <gmock/gmock.h>

#include "sensor/dissect/testing.h"

namespace osect::dissect::testing {
namespace {

using ::testing::ElementsAre;

constexpr const char* kReadD1 =
    "50 00 | 00 ff ff 03 00 | 0c 00 | 10 00 | 01 04 | 00 00 | 01 00 00 a8 | 01 00";
constexpr const char* kReadD2 =
    "50 00 | 00 ff ff 03 00 | 0c 00 | 10 00 | 01 04 | 00 00 | 02 00 00 a8 | 01 00";
constexpr const char* kRefused = "d0 00 | 00 ff ff 03 00 | 02 00 | 61 c0";

TEST(Slmp, AfterALostDatagramAnAnswerBelongsToTheLastRequest) {
  Exchange flow(decode::Transport::udp, 50000, 12289);
  flow.up(kReadD1).up(kReadD2).down(kRefused);
  EXPECT_EQ(flow.lines().back(), "b: response slmp 0x0401 device_read read D2 error paired");
}

TEST(Slmp, OverTcpTheOldestRequestIsAnswered) {
  Exchange flow(decode::Transport::tcp, 50000, 12289);
  flow.opened().up(kReadD1).up(kReadD2).down(kRefused);
  EXPECT_EQ(flow.lines().back(), "b: response slmp 0x0401 device_read read D1 error paired");
}

TEST(Slmp, AnAnswerThatNamesNothingSaysNothing) {
  Exchange flow(decode::Transport::udp, 50000, 3000);
  flow.down("d0 00 | 00 ff ff 03 00 | 04 00 | 00 00 | 34 12");
  EXPECT_THAT(flow.lines(), ElementsAre("protocol slmp"));
  EXPECT_EQ(flow.flow().client, decode::End::a);
}

}  // namespace
}  // namespace osect::dissect::testing
