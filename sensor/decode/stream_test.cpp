// TCP as it comes from a mirror port: loss, overlap, retransmission, mid-stream start, wrap, ports
// used again.
#include "sensor/decode/stream.h"

#include <gtest/gtest.h>

#include <string>

#include "sensor/decode/frame_maker_test.h"

namespace osect::decode {
namespace {

using namespace make;

// One connection whose frames are added in the order the test chooses. Numbers are relative to each
// side's SYN + 1.
struct Connection {
  explicit Connection(const DecodeLimits& limits = {}) : run(limits) {}

  void open() {
    send(kClient, client_start - 1, 0, tcp_flag::kSyn);
    send(kServer, server_start - 1, client_start, tcp_flag::kSyn | tcp_flag::kAck);
    send(kClient, client_start, server_start, tcp_flag::kAck);
  }
  void client(std::uint32_t at, const std::string& data, TimeNs step = 1'000'000,
              std::uint8_t flags = tcp_flag::kAck) {
    send(kClient, client_start + at, server_start, flags, data, step);
  }
  void server(std::uint32_t at, const std::string& data, std::uint32_t acknowledged = 0,
              TimeNs step = 1'000'000, std::uint8_t flags = tcp_flag::kAck) {
    send(kServer, server_start + at, client_start + acknowledged, flags, data, step);
  }
  void send(const Station& from, std::uint32_t seq, std::uint32_t ack, std::uint8_t flags,
            const std::string& data = "", TimeNs step = 1'000'000) {
    const bool is_client = from.ip == kClient.ip;
    run.add(tcp({.from = from,
                 .to = is_client ? kServer : kClient,
                 .sport = is_client ? client_port : server_port,
                 .dport = is_client ? server_port : client_port,
                 .seq = seq,
                 .ack = ack,
                 .flags = flags,
                 .data = data}),
            step);
  }
  [[nodiscard]] std::string sent_by_client() const {
    return run.text(End::a);
  }  // 10.0.0.1 is the smaller address
  [[nodiscard]] std::string sent_by_server() const { return run.text(End::b); }

  std::uint32_t client_start = 1001;
  std::uint32_t server_start = 5001;
  std::uint16_t client_port = 40000;
  std::uint16_t server_port = 502;
  Decoding run;
};

TEST(Stream, PassesBothDirectionsThroughInOrder) {
  Connection c;
  c.open();
  c.client(0, "request");
  c.server(0, "response", 7);
  c.client(7, " again");
  EXPECT_EQ(c.sent_by_client(), "request again");
  EXPECT_EQ(c.sent_by_server(), "response");
  EXPECT_TRUE(c.run.pieces[0].is_start);
  EXPECT_TRUE(c.run.pieces[1].is_start);
  EXPECT_FALSE(c.run.pieces[2].is_start);
}

TEST(Stream, PutsSwappedSegmentsInOrder) {
  Connection c;
  c.open();
  c.client(4, "efgh");
  c.client(12, "mnop");
  c.client(8, "ijkl");
  EXPECT_EQ(c.sent_by_client(), "");
  c.client(0, "abcd");
  EXPECT_EQ(c.sent_by_client(), "abcdefghijklmnop");
}

TEST(Stream, IgnoresRetransmissionsWholeAndInPart) {
  Connection c;
  c.open();
  c.client(0, "abcd");
  c.client(0, "abcd");
  c.client(0, "ab");
  c.client(2, "cdef");
  c.client(0, "XXXXXXgh");  // what came first stays
  EXPECT_EQ(c.sent_by_client(), "abcdefgh");
}

TEST(Stream, KeepsTheFirstBytesWhereWaitingSegmentsOverlap) {
  Connection c;
  c.open();
  c.client(4, "EFGH");
  c.client(2, "cdXXXXijkl");
  c.client(6, "YYYYYY");
  c.client(0, "ab");
  EXPECT_EQ(c.sent_by_client(), "abcdEFGHijkl");
}

TEST(Stream, TellsWhatTheMirrorLostOnceTheReceiverHasAcknowledgedIt) {
  Connection c;
  c.open();
  c.client(0, "abcd");
  c.client(10, "klmn");  // six bytes never show up
  EXPECT_EQ(c.sent_by_client(), "abcd");
  c.server(0, "", 14, 100'000);  // too soon after to rule out that the mirror swapped frames
  EXPECT_EQ(c.sent_by_client(), "abcd");
  c.server(0, "", 14, 20'000'000);
  EXPECT_EQ(c.sent_by_client(), "abcd<6>klmn");
  EXPECT_EQ(c.run.decoder.counters().stream_bytes_lost, 6U);
  c.client(4, "efghij");  // too late
  c.client(14, "op");
  EXPECT_EQ(c.sent_by_client(), "abcd<6>klmnop");
}

TEST(Stream, ARequestBehindALossComesBeforeItsAnswer) {
  Connection c;
  c.open();
  c.client(7, "request");  // the seven bytes before it were not mirrored
  c.server(0, "answer", 14, 10'000);
  ASSERT_EQ(c.run.pieces.size(), 2U);
  EXPECT_EQ(c.run.pieces[0].from, End::a);
  EXPECT_EQ(c.run.pieces[0].lost_before, 7U);
  EXPECT_EQ(c.sent_by_server(), "answer");
}

TEST(Stream, GivesAGapUpAfterAWhileWhenOnlyOneDirectionIsMirrored) {
  Connection c;
  c.send(kClient, c.client_start - 1, 0, tcp_flag::kSyn);
  c.client(0, "abcd");
  c.client(8, "ijkl");
  c.client(12, "mnop", 4 * kSecondNs);
  EXPECT_EQ(c.sent_by_client(), "abcd<4>ijklmnop");
}

TEST(Stream, HandsOverWhatWaitsWhenTheConnectionEnds) {
  Connection c;
  c.open();
  c.client(8, "ijkl");
  c.run.finish();
  EXPECT_EQ(c.sent_by_client(), "<8>ijkl");
  EXPECT_FALSE(c.run.pieces.back().is_start);
  EXPECT_EQ(c.run.streams_ended, 1);
}

TEST(Stream, StartsInMidStream) {
  Connection c;
  c.client(0, "abcd");
  c.server(0, "1234");
  c.client(4, "efgh");
  EXPECT_EQ(c.sent_by_client(), "abcdefgh");
  EXPECT_EQ(c.sent_by_server(), "1234");
  EXPECT_FALSE(c.run.pieces[0].is_start);
  c.run.finish();
  EXPECT_EQ(c.run.ended[0].client_ground, OpenerGround::service_port);  // 502 serves
  EXPECT_EQ(c.run.ended[0].client, End::a);
}

TEST(Stream, SynAndAckShowWhereTheClientsStreamBegan) {
  Connection c;
  c.send(kServer, c.server_start - 1, c.client_start, tcp_flag::kSyn | tcp_flag::kAck);
  c.client(4, "efgh");
  c.client(0, "abcd");
  EXPECT_EQ(c.sent_by_client(), "abcdefgh");
  EXPECT_TRUE(c.run.pieces[0].is_start);
  c.run.finish();
  EXPECT_EQ(c.run.ended[0].client_ground, OpenerGround::syn);
  EXPECT_EQ(c.run.ended[0].client, End::a);
}

TEST(Stream, CountsAcrossTheSequenceWrap) {
  Connection c;
  c.client_start = 0xfffffffcU;
  c.open();
  c.client(0, "abcdef");
  c.client(10, "klmn");
  c.client(6, "ghij");
  EXPECT_EQ(c.sent_by_client(), "abcdefghijklmn");
}

TEST(Stream, KeepAlivesAndWindowProbesAddNothingTwice) {
  Connection c;
  c.open();
  c.client(0, "abcd");
  c.client(3, "", 1'000'000);         // keep-alive without data
  c.client(3, std::string(1, '\0'));  // keep-alive with its one old byte
  c.client(4, "e");                   // zero-window probe: the next byte, refused by the receiver
  c.server(0, "", 4);
  c.client(4, "efgh");
  EXPECT_EQ(c.sent_by_client(), "abcdefgh");
}

TEST(Stream, EndsOnceWhenBothSidesHaveFinished) {
  Connection c;
  c.open();
  c.client(0, "bye", 1'000'000, tcp_flag::kAck | tcp_flag::kFin);
  EXPECT_EQ(c.run.streams_ended, 0);
  c.server(0, "ok", 4, 1'000'000, tcp_flag::kAck | tcp_flag::kFin);
  EXPECT_EQ(c.run.streams_ended, 1);
  c.client(4, "");
  c.client(0, "bye", 1'000'000, tcp_flag::kAck | tcp_flag::kFin);
  c.run.finish();
  EXPECT_EQ(c.run.streams_ended, 1);
  EXPECT_EQ(c.run.ended.size(), 1U);
  EXPECT_EQ(c.run.ended[0].packets[0], 5U);
}

TEST(Stream, AFinThatOvertakesDataEndsTheStreamOnlyAfterIt) {
  Connection c;
  c.open();
  c.server(0, "", 0, 1'000'000, tcp_flag::kAck | tcp_flag::kFin);
  c.client(4, "efgh", 1'000'000, tcp_flag::kAck | tcp_flag::kFin);
  EXPECT_EQ(c.run.streams_ended, 0);
  c.client(0, "abcd");
  EXPECT_EQ(c.sent_by_client(), "abcdefgh");
  c.run.finish();
  EXPECT_EQ(c.run.streams_ended, 1);
}

TEST(Stream, AResetEndsIt) {
  Connection c;
  c.open();
  c.client(0, "abcd");
  c.server(0, "", 4, 1'000'000, tcp_flag::kRst | tcp_flag::kAck);
  EXPECT_EQ(c.run.streams_ended, 1);
}

TEST(Stream, GoesOnAfterAForgedReset) {
  Connection c;
  c.open();
  c.client(0, "abcd");
  c.server(77, "", 4, 1'000'000, tcp_flag::kRst);
  c.client(4, "efgh");
  c.server(0, "ok", 8);
  EXPECT_EQ(c.sent_by_client(), "abcdefgh");
  EXPECT_EQ(c.sent_by_server(), "ok");
}

TEST(Stream, TheSamePortsAgainAreANewFlow) {
  Connection c;
  c.open();
  c.client(0, "first");
  c.server(0, "", 5, 1'000'000, tcp_flag::kRst);
  c.client_start = 900'001;
  c.server_start = 70'001;
  c.open();
  c.client(0, "second");
  c.run.finish();
  EXPECT_EQ(c.sent_by_client(), "firstsecond");
  ASSERT_EQ(c.run.ended.size(), 2U);
  EXPECT_EQ(c.run.ended[0].packets[0] + c.run.ended[1].packets[0], 6U);
  EXPECT_EQ(c.run.ended[0].packets[1], 2U);
  EXPECT_EQ(c.run.ended[1].packets[1], 1U);
}

TEST(Stream, ARepeatedSynIsTheSameFlow) {
  Connection c;
  c.send(kClient, c.client_start - 1, 0, tcp_flag::kSyn);
  c.send(kClient, c.client_start - 1, 0, tcp_flag::kSyn, "", kSecondNs);
  c.open();
  c.client(0, "abcd");
  c.run.finish();
  EXPECT_EQ(c.run.ended.size(), 1U);
  EXPECT_EQ(c.sent_by_client(), "abcd");
}

TEST(Stream, ANewSynAlsoTellsTheDirectionOfTheConnectionBefore) {
  Connection c;
  c.server_port = 45000;  // neither side has a known port, and the server's is the higher one
  c.server(0, "data");
  c.client_start = 900'001;
  c.open();
  c.run.finish();
  ASSERT_EQ(c.run.ended.size(), 2U);
  EXPECT_EQ(c.run.ended[0].client, End::a);
  EXPECT_EQ(c.run.ended[1].client, End::a);
}

TEST(Stream, RemembersServicesForConnectionsMetInMidStream) {
  Connection c;
  c.server_port = 50'000;
  c.open();
  c.client_port = 41'000;
  c.server(0, "hello");
  c.run.finish();
  ASSERT_EQ(c.run.ended.size(), 2U);
  EXPECT_EQ(c.run.ended[0].client, End::a);
  EXPECT_EQ(c.run.ended[1].client, End::a);
}

TEST(Stream, ASegmentCutByTheCaptureLeavesAGap) {
  Connection c;
  c.open();
  const Bytes frame = tcp({.from = kClient,
                           .to = kServer,
                           .sport = 40000,
                           .dport = 502,
                           .seq = c.client_start,
                           .data = std::string(100, 'x')});
  const auto size = static_cast<std::uint32_t>(frame.size());
  c.run.add(Bytes(frame.begin(), frame.end() - 90), 1000, capture::LinkType::ethernet, size);
  c.client(100, "tail");
  EXPECT_EQ(c.sent_by_client(), "xxxxxxxxxx<90>tail");
  EXPECT_EQ(c.run.decoder.counters().truncated, 1U);
}

TEST(Stream, GivesTheSameBytesWhereverItIsCut) {
  const std::string message = "the quick brown fox jumps over the lazy dog";
  for (std::size_t cut = 1; cut < message.size(); ++cut) {
    for (const bool is_swapped : {false, true}) {
      Connection c;
      c.open();
      const auto at = static_cast<std::uint32_t>(cut);
      if (is_swapped) c.client(at, message.substr(cut));
      c.client(0, message.substr(0, cut));
      if (!is_swapped) c.client(at, message.substr(cut));
      EXPECT_EQ(c.sent_by_client(), message) << cut;
    }
  }
}

TEST(Stream, NeverHoldsMoreThanItsPoolAndSaysSo) {
  DecodeLimits limits;
  limits.stream_bytes_max = 8192;  // four chunks
  Connection c(limits);
  c.open();
  std::string expected;
  for (std::uint32_t i = 0; i < 50; ++i)
    c.client(10 + i * 100, std::string(100, static_cast<char>('a' + i % 26)));
  c.run.finish();
  const std::string text = c.sent_by_client();
  EXPECT_EQ(text.substr(0, 4), "<10>");
  EXPECT_EQ(text.size(), 4U + 50 * 100);
  EXPECT_GT(c.run.decoder.counters().stream_pieces_refused, 0U);
}

TEST(Stream, ALargeSendWaitsInSeveralChunks) {
  Connection c;
  c.open();
  std::string large;
  for (int i = 0; i < 20'000; ++i) large.push_back(static_cast<char>('a' + i % 23));
  c.client(4, large);
  c.client(0, "head");
  EXPECT_EQ(c.sent_by_client(), "head" + large);
}

TEST(Stream, AJumpBeyondAnyWindowStartsTheNumberingAnew) {
  Connection c;
  c.client(0, "abcd");
  c.client(1U << 30, "other");  // the same ports, another connection whose opening was not mirrored
  c.client((1U << 30) + 5, "more");
  c.client(64, "back");
  EXPECT_EQ(c.sent_by_client(), "abcd<" + std::to_string((1U << 30) - 4) + ">othermore<1>back");
}

}  // namespace
}  // namespace osect::decode
