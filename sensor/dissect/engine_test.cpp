// Recognition, framing, loss and pairing, through the real dissectors.
#include <gmock/gmock.h>

#include <algorithm>

#include "sensor/dissect/requests.h"
#include "sensor/dissect/testing.h"

namespace osect::dissect::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view kRequest = "00 01 | 00 00 | 00 06 | 07 | 03 | 00 6b | 00 03";
constexpr std::string_view kRequestLine =
    "a: request modbus 3 read_holding_registers read unit 7 holding 107..109";

std::vector<std::uint8_t> times(std::string_view annotated, int count) {
  std::vector<std::uint8_t> all;
  for (int i = 0; i < count; ++i)
    for (const auto byte : bytes(annotated)) all.push_back(byte);
  return all;
}

long requests_in(const Exchange& flow) {
  return std::count(flow.lines().begin(), flow.lines().end(), kRequestLine);
}

TEST(Engine, UnknownTrafficIsGivenUpAndCounted) {
  Exchange flow(decode::Transport::tcp, 49152, 7777);
  flow.opened();
  for (int i = 0; i < 100; ++i) flow.up("de ad be ef 00 11 22 33 44 55");
  EXPECT_THAT(flow.lines(), IsEmpty());
  EXPECT_EQ(flow.counters().unparsed, 100U);
  EXPECT_EQ(flow.counters().messages, 0U);
}

TEST(Engine, RecognisesByContentWhenTheCaptureStartsInTheMiddleOfAMessage) {
  Exchange flow(decode::Transport::tcp, 49152, 502);
  flow.up("00 6b 00 03").up(kRequest).up(kRequest);
  EXPECT_EQ(requests_in(flow), 2);
}

TEST(Engine, ALossBetweenMessagesCostsOnlyWhatWasLost) {
  Exchange flow(decode::Transport::tcp, 49152, 502);
  flow.opened().up(kRequest).lose(24).up(kRequest).up(kRequest);
  EXPECT_EQ(requests_in(flow), 3);
  EXPECT_EQ(flow.counters().anomalies, 0U);
}

TEST(Engine, ALossInsideAMessageOfKnownLengthKeepsTheStreamInStep) {
  Exchange flow(decode::Transport::tcp, 49152, 502);
  const auto whole = bytes(kRequest);
  auto tail_and_next = std::vector<std::uint8_t>(whole.end() - 2, whole.end());
  tail_and_next.insert(tail_and_next.end(), whole.begin(), whole.end());
  flow.opened().up(kRequest).up(std::span(whole).first(8)).lose(2).up(tail_and_next);
  EXPECT_EQ(requests_in(flow), 2);
  EXPECT_EQ(flow.counters().resynchronised, 0U);
}

TEST(Engine, FindsTheNextMessageBehindAGapThatSwallowedABeginning) {
  Exchange flow(decode::Transport::tcp, 49152, 502);
  auto rest = bytes("6b 00 03");
  const auto next = times(kRequest, 2);
  rest.insert(rest.end(), next.begin(), next.end());
  flow.opened().up(kRequest).lose(9).up(rest);
  EXPECT_EQ(requests_in(flow), 3);
  EXPECT_EQ(flow.counters().resynchronised, 1U);
}

TEST(Engine, GarbageInAStreamIsOneAnomalyAndThenFoundAgain) {
  Exchange flow(decode::Transport::tcp, 49152, 502);
  flow.opened().up(kRequest).up("ff ff ff ff ff ff ff ff").up(kRequest);
  EXPECT_EQ(requests_in(flow), 2);
  EXPECT_THAT(flow.lines(), Contains("anomaly modbus"));
  EXPECT_EQ(flow.counters().anomalies, 1U);
}

TEST(Engine, MoreSplitMessagesThanBuffersCostTheOldest) {
  // One engine has four buffers in these tests; one flow needs at most two, so two directions never
  // compete.
  Exchange flow(decode::Transport::tcp, 49152, 502);
  const auto whole = bytes(kRequest);
  flow.opened().up(std::span(whole).first(5)).down(std::span(whole).first(5));
  flow.up(std::span(whole).subspan(5));
  EXPECT_EQ(requests_in(flow), 1);
  EXPECT_EQ(flow.counters().buffers_taken, 0U);
}

TEST(Engine, BodiesArePassedOverByLength) {
  Exchange flow(decode::Transport::tcp, 49152, 80);
  const std::string head = "HTTP/1.1 200 OK\r\nServer: Web/1\r\nContent-Length: 100000\r\n\r\n";
  flow.opened().up(text("GET / HTTP/1.1\r\nHost: plc\r\n\r\n")).down(text(head));
  const std::vector<std::uint8_t> body(1000, 'x');
  for (int i = 0; i < 100; ++i) flow.down(body);
  flow.down(text("HTTP/1.1 404 Not Found\r\nServer: Web/2\r\nContent-Length: 0\r\n\r\n"));
  EXPECT_THAT(flow.lines(),
              ElementsAre("protocol http", "a: peer server_name=plc",
                          "b: fact server_software=Web/1", "b: fact server_software=Web/2"));
  EXPECT_EQ(flow.counters().messages, 3U);
}

TEST(Engine, ALossInsideABodyKeepsTheStreamInStep) {
  Exchange flow(decode::Transport::tcp, 49152, 80);
  const std::vector<std::uint8_t> body(1000, 'x');
  flow.opened()
      .down(text("HTTP/1.1 200 OK\r\nContent-Length: 3000\r\n\r\n"))
      .down(body)
      .lose(1000)
      .down(body);
  flow.down(text("HTTP/1.1 200 OK\r\nServer: Web/2\r\nContent-Length: 0\r\n\r\n"));
  EXPECT_EQ(flow.lines().back(), "b: fact server_software=Web/2");
}

TEST(Engine, AResponseTakesTheTargetOfItsOwnRequest) {
  Exchange flow(decode::Transport::tcp, 49152, 502);
  flow.opened();
  for (int i = 0; i < kOutstandingMax + 6; ++i) flow.up(kRequest);
  EXPECT_EQ(flow.counters().requests_expired, 6U);
}

TEST(Engine, AnEndedConnectionForgetsItsRequestsAndBeginsAnew) {
  Exchange flow(decode::Transport::tcp, 49152, 502);
  const auto whole = bytes(kRequest);
  flow.opened().up(kRequest).up(std::span(whole).first(5)).end_stream();
  flow.up(kRequest).down("00 01 | 00 00 | 00 09 | 07 | 03 | 06 | 02 2b 00 00 00 64");
  EXPECT_EQ(requests_in(flow), 2);
  EXPECT_EQ(flow.lines().back(),
            "b: response modbus 3 read_holding_registers read unit 7 holding 107..109 paired");
}

TEST(Engine, SpeaksTheSameHoweverAStreamIsCut) {
  const auto whole = times(kRequest, 3);
  for (std::size_t at = 1; at < whole.size(); ++at) {
    Exchange flow(decode::Transport::tcp, 49152, 502);
    flow.opened().up(std::span(whole).first(at)).up(std::span(whole).subspan(at));
    EXPECT_EQ(requests_in(flow), 3) << at;
  }
}

TEST(Engine, TellsTheClientFromThePortsOfTheRecognisedProtocol) {
  Exchange flow(decode::Transport::tcp, 502, 49152);  // end a serves
  flow.down(kRequest);
  EXPECT_EQ(flow.flow().client, decode::End::b);
}

TEST(Engine, ACutDatagramIsNoAnomaly) {
  Exchange flow(decode::Transport::udp, 50000, 53);
  const auto query = bytes("00 07 01 00 00 01 00 00 00 00 00 00 | 03 \"plc\" 00 | 00 01 00 01");
  flow.up(query);
  flow.is_truncated = true;
  flow.up(std::span(query).first(14));
  EXPECT_THAT(flow.lines(), ElementsAre("protocol dns"));
  EXPECT_EQ(flow.counters().anomalies, 0U);
  EXPECT_EQ(flow.counters().truncated, 1U);
  flow.is_truncated = false;
  flow.up(std::span(query).first(14));
  EXPECT_EQ(flow.counters().anomalies, 1U);
}

TEST(Engine, WhatWasHeldForOneProtocolNeedNotBeginWithAMessageOfTheNext) {
  Exchange flow(decode::Transport::tcp, 49152, 12289);  // met in the middle of an answer
  flow.down("00 00 00 00 00")                           // could be the beginning of Modbus
      .up("50 00 | 00 ff ff 03 00 | 0c 00 | 10 00 | 01 04 | 00 00 | 00 00 00 a8 | 01 00");
  EXPECT_THAT(flow.lines(),
              ElementsAre("protocol slmp", "a: request slmp 0x0401 device_read read D0"));
}

TEST(Engine, MemoryIsSizedAtStart) {
  Journal journal;
  const Engine engine(EngineLimits{}, journal);
  EXPECT_LT(engine.memory_bytes(), 16U << 20);
}

// OPC UA numbers its answers apart from its questions: HEL, ACK, and an ERR that comes later.
TEST(Engine, AResponseWithACodeOfItsOwnSettlesItsRequest) {
  Exchange flow(decode::Transport::tcp, 49152, 4840);
  flow.opened()
      .up("48 45 4c 46 | 20 00 00 00 | 00 00 00 00 | 00 00 01 00 | 00 00 01 00 | 00 00 00 00 | "
          "00 00 00 00 | 00 00 00 00")
      .down(
          "41 43 4b 46 | 1c 00 00 00 | 00 00 00 00 | 00 00 01 00 | 00 00 01 00 | 00 00 00 00 | "
          "00 00 00 00")
      .down("45 52 52 46 | 10 00 00 00 | 00 00 88 80 | ff ff ff ff");
  EXPECT_THAT(flow.lines(), ElementsAre("protocol opcua", "a: request opcua HEL hello session",
                                        "b: response opcua ACK acknowledge none paired",
                                        "b: response opcua ERR error none"));
}

}  // namespace
}  // namespace osect::dissect::testing
