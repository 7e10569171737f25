// Modbus/TCP against annotated messages of the specification.
#include <gmock/gmock.h>

#include "sensor/dissect/testing.h"

namespace osect::dissect::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view kReadRequest = "00 01 | 00 00 | 00 06 | 07 | 03 | 00 6b | 00 03";
constexpr std::string_view kReadResponse =
    "00 01 | 00 00 | 00 09 | 07 | 03 | 06 | 02 2b 00 00 00 64";

TEST(Modbus, PairsAResponseWithItsRequest) {
  Exchange flow(decode::Transport::tcp, 49152, 502);
  flow.opened().up(kReadRequest).down(kReadResponse);
  EXPECT_THAT(
      flow.lines(),
      ElementsAre(
          "protocol modbus",
          "a: request modbus 3 read_holding_registers read unit 7 holding 107..109",
          "b: response modbus 3 read_holding_registers read unit 7 holding 107..109 paired"));
}

TEST(Modbus, AnExceptionIsAnErrorOfTheFunctionAsked) {
  Exchange flow(decode::Transport::tcp, 49152, 502);
  flow.opened()
      .up("00 02 | 00 00 | 00 06 | 01 | 06 | 00 01 | 00 03")
      .down("00 02 | 00 00 | 00 03 | 01 | 86 | 02  // illegal data address");
  EXPECT_THAT(
      flow.lines(),
      ElementsAre(
          "protocol modbus", "a: request modbus 6 write_single_register write unit 1 holding 1",
          "b: response modbus 6 write_single_register write unit 1 holding 1 error paired"));
}

TEST(Modbus, SeveralMessagesInOneSegmentAreAllSeen) {
  Exchange flow(decode::Transport::tcp, 49152, 502);
  auto two = bytes(kReadRequest);
  const auto other = bytes("00 02 | 00 00 | 00 06 | 08 | 01 | 00 00 | 00 10");
  two.insert(two.end(), other.begin(), other.end());
  flow.opened().up(two).down("00 02 | 00 00 | 00 05 | 08 | 01 | 02 | ff 01").down(kReadResponse);
  EXPECT_THAT(
      flow.lines(),
      ElementsAre(
          "protocol modbus",
          "a: request modbus 3 read_holding_registers read unit 7 holding 107..109",
          "a: request modbus 1 read_coils read unit 8 coil 0..15",
          "b: response modbus 1 read_coils read unit 8 coil 0..15 paired",
          "b: response modbus 3 read_holding_registers read unit 7 holding 107..109 paired"));
}

TEST(Modbus, DeviceIdentificationNamesVendorModelAndFirmware) {
  Exchange flow(decode::Transport::tcp, 49152, 502);
  flow.opened()
      .up("00 03 | 00 00 | 00 05 | 00 | 2b | 0e | 01 | 00")
      .down(
          "00 03 | 00 00 | 00 1e | 00 | 2b | 0e | 01 | 01 | 00 | 00 | 03"
          "00 04 \"ACME\" 01 06 \"PLC-42\" 02 06 \"V1.2.3\"");
  EXPECT_THAT(flow.lines(), ElementsAre("protocol modbus",
                                        "a: request modbus 43 encapsulated_interface_transport "
                                        "identity unit 0 identification basic",
                                        "b: fact vendor=ACME", "b: fact product_code=PLC-42",
                                        "b: fact firmware=V1.2.3",
                                        "b: response modbus 43 encapsulated_interface_transport "
                                        "identity unit 0 identification basic paired"));
}

TEST(Modbus, ForcingListenOnlyIsControl) {
  Exchange flow(decode::Transport::tcp, 49152, 502);
  flow.opened().up("00 04 | 00 00 | 00 06 | 01 | 08 | 00 04 | 00 00");
  EXPECT_THAT(flow.lines(),
              ElementsAre("protocol modbus",
                          "a: request modbus 8 diagnostics control unit 1 force listen only"));
}

TEST(Modbus, AnUnlistedFunctionKeepsItsCode) {
  Exchange flow(decode::Transport::tcp, 49152, 502);
  flow.opened().up(kReadRequest).up("00 05 | 00 00 | 00 03 | 01 | 64 | 00");
  EXPECT_EQ(flow.lines().back(), "a: request modbus 100 none unit 1");
}

TEST(Modbus, TheClientIsKnownFromMessagesWhenTheCaptureBeginsInMidStream) {
  Exchange flow(decode::Transport::tcp, 10502, 10503);
  for (int i = 0; i < 2; ++i) flow.down(kReadRequest).up(kReadResponse);
  EXPECT_EQ(flow.flow().client, decode::End::b);
  EXPECT_EQ(flow.flow().client_ground, decode::OpenerGround::message);
}

TEST(Modbus, OffItsPortNothingIsStatedBeforeThreeMessagesAndAnAnswer) {
  Exchange flow(decode::Transport::tcp, 49152, 4711);
  flow.opened().up(kReadRequest).up(kReadRequest);
  EXPECT_THAT(flow.lines(), IsEmpty());
  flow.down(kReadResponse);
  EXPECT_THAT(
      flow.lines(),
      ElementsAre(
          "protocol modbus",
          "a: request modbus 3 read_holding_registers read unit 7 holding 107..109",
          "a: request modbus 3 read_holding_registers read unit 7 holding 107..109",
          "b: response modbus 3 read_holding_registers read unit 7 holding 107..109 paired"));
  EXPECT_EQ(flow.counters().unparsed, 0U);
}

TEST(Modbus, IsNeverGuessedOnServicesThatLookAlike) {
  Exchange flow(decode::Transport::tcp, 49152, 389);
  flow.opened();
  for (int i = 0; i < 3; ++i) flow.up(kReadRequest).down(kReadResponse);
  EXPECT_THAT(flow.lines(), IsEmpty());
  EXPECT_EQ(flow.counters().unparsed, 6U);
}

TEST(Modbus, ARequestWithoutAnswerExpires) {
  Exchange flow(decode::Transport::tcp, 49152, 502);
  flow.opened().up(kReadRequest).wait(11 * kSecondNs).down(kReadResponse);
  EXPECT_EQ(flow.lines().back(), "b: response modbus 3 read_holding_registers read unit 7");
  EXPECT_EQ(flow.counters().requests_expired, 1U);
}

TEST(Modbus, ACutMessageStatesNothing) {
  const auto whole = bytes(kReadResponse);
  for (std::size_t size = 1; size < whole.size(); ++size) {
    Exchange flow(decode::Transport::tcp, 49152, 502);
    flow.opened().down(std::span(whole).first(size));
    for (const auto& line : flow.lines()) EXPECT_EQ(line, "protocol modbus") << size;
  }
}

}  // namespace
}  // namespace osect::dissect::testing
