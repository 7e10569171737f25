// Frames made by hand after the RFCs' layouts, and what must come out of them.
#include "sensor/decode/decoder.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sensor/decode/frame_maker_test.h"

namespace osect::decode {
namespace {

using namespace make;

TEST(Decoder, CountsBothDirectionsOfAConversationWithTheClientFromTheSyn) {
  Decoding run;
  run.add(tcp({.from = kClient,
               .to = kServer,
               .sport = 40000,
               .dport = 502,
               .seq = 100,
               .flags = tcp_flag::kSyn}));
  run.add(tcp({.from = kServer,
               .to = kClient,
               .sport = 502,
               .dport = 40000,
               .seq = 900,
               .ack = 101,
               .flags = tcp_flag::kSyn | tcp_flag::kAck}));
  run.add(tcp({.from = kClient,
               .to = kServer,
               .sport = 40000,
               .dport = 502,
               .seq = 101,
               .ack = 901,
               .data = "hello"}));
  run.finish();
  ASSERT_EQ(run.ended.size(), 1U);
  const Flow& flow = run.ended[0];
  const auto client = index(flow.client);
  EXPECT_EQ(flow.client_ground, OpenerGround::syn);
  EXPECT_EQ(flow.ends[client].ip.text(), "10.0.0.1");
  EXPECT_EQ(flow.ends[client].port, 40000);
  EXPECT_EQ(flow.ends[1 - client].port, 502);
  EXPECT_EQ(flow.packets[client], 2U);
  EXPECT_EQ(flow.packets[1 - client], 1U);
  EXPECT_EQ(flow.bytes[client], 60U + 60U);  // padded to Ethernet's minimum
  EXPECT_EQ(run.text(flow.client), "hello");
}

TEST(Decoder, EthernetPaddingIsNotPayload) {
  Decoding run;
  run.add(udp(kClient, kServer, 5000, 161, "ab"));
  ASSERT_EQ(run.segments.size(), 1U);
  EXPECT_EQ(run.payloads[0], "ab");
  EXPECT_EQ(run.segments[0].wire_length, 60U);
}

}  // namespace
}  // namespace osect::decode
