// MMS beside other applications of ISO on TCP, which open their associations alike.
#include <gmock/gmock.h>

#include "sensor/dissect/testing.h"

namespace osect::dissect::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view kTransportConnect =
    "03 00 00 16 | 11 e0 00 00 00 01 00 | c0 01 0a | c1 02 00 01 | c2 02 00 01";
constexpr std::string_view kTransportConfirm =
    "03 00 00 16 | 11 d0 00 01 00 02 00 | c0 01 0a | c1 02 00 01 | c2 02 00 01";

// A session connect whose presentation contexts are association control and this abstract syntax.
std::vector<std::uint8_t> connect_of(std::string_view syntax) {
  auto connect = bytes(
      "03 00 00 4c | 02 f0 80 | 0d 43 | 05 06 13 01 00 16 01 02 | 14 02 00 02 | c1 35"
      "| 31 33 | a0 03 80 01 01 | a2 2c | a4 23"
      "| 30 0f | 02 01 01 | 06 04 52 01 00 01 | 30 04 06 02 51 01"
      "| 30 10 | 02 01 03");
  const auto name = bytes(syntax);
  const auto transfer = bytes("30 04 06 02 51 01 | 88 02 06 00 | 61 01 00");
  connect.insert(connect.end(), name.begin(), name.end());
  connect.insert(connect.end(), transfer.begin(), transfer.end());
  return connect;
}

TEST(Mms, AnAssociationIsRecognisedByTheAbstractSyntaxOfItsConnect) {
  Exchange flow(decode::Transport::tcp, 49152, 102);
  flow.opened().up(kTransportConnect).down(kTransportConfirm);
  flow.up(connect_of("06 05 28 ca 22 02 01"));
  EXPECT_EQ(flow.lines().front(), "protocol mms");
}

TEST(Mms, AFileTransferAssociationOnTheSamePortIsNone) {
  Exchange flow(decode::Transport::tcp, 49152, 102);
  flow.opened().up(kTransportConnect).down(kTransportConfirm);
  flow.up(connect_of("06 05 28 c2 7b 02 01"));
  flow.end_stream();
  EXPECT_THAT(flow.lines(), IsEmpty());
}

TEST(Mms, ARemoteOperationThatLooksLikeAnAnswerIsNone) {
  Exchange flow(decode::Transport::tcp, 49152, 49153);
  flow.opened().up(
      "03 00 00 1d | 02 f0 80 | 01 00 01 00 | 61 10 30 0e 02 01 03 a0 09"
      "| a1 07 02 01 05 | 02 01 0a | 00");
  flow.end_stream();
  EXPECT_THAT(flow.lines(), IsEmpty());
}

}  // namespace
}  // namespace osect::dissect::testing
