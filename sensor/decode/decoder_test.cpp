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

TEST(Decoder, ScansAndFloodsEvictTheOldestFlowsOnly) {
  DecodeLimits limits;
  limits.flows_max = 100;
  Decoding run(limits);
  const std::size_t memory = run.decoder.memory_bytes();
  for (int i = 0; i < 20'000; ++i) {
    run.add(tcp({.from = kClient,
                 .to = kServer,
                 .sport = 50'000,
                 .dport = static_cast<std::uint16_t>(i),
                 .flags = tcp_flag::kSyn}),
            100'000);
    if (i % 50 == 0) run.add(udp(kClient, kServer, 40'000, 161, "poll"), 1'100'000'000);
  }
  run.finish();
  EXPECT_EQ(run.decoder.memory_bytes(), memory);
  EXPECT_EQ(run.ended.size(), 20'001U);
  EXPECT_GE(run.decoder.counters().flows_evicted, 15'000U);
  std::uint64_t polls = 0;
  for (const Flow& flow : run.ended)
    if (flow.transport == Transport::udp) polls += flow.packets[0];
  EXPECT_EQ(polls, 400U);  // the flow that stays in use was never thrown out: it is one flow
}

TEST(Decoder, SilentFlowsEndByTheCapturesClockAndPerKind) {
  Decoding run;
  run.add(udp(kClient, kServer, 40'000, 161, "a"));
  run.add(tcp({.from = kClient, .to = kServer, .sport = 40'000, .dport = 502, .data = "b"}));
  run.decoder.expire(run.time + 119 * kSecondNs);
  EXPECT_EQ(run.ended.size(), 0U);
  run.decoder.expire(run.time + 121 * kSecondNs);
  ASSERT_EQ(run.ended.size(), 1U);
  EXPECT_EQ(run.ended[0].transport, Transport::udp);
  run.decoder.expire(run.time + 601 * kSecondNs);
  EXPECT_EQ(run.ended.size(), 2U);
}

TEST(Decoder, TimeThatJumpsBackEndsNothing) {
  Decoding run;
  run.add(udp(kClient, kServer, 40'000, 161, "a"));
  run.add(udp(kClient, kServer, 40'000, 161, "b"), -3600 * kSecondNs);
  run.add(udp(kClient, kServer, 40'000, 161, "c"), kSecondNs);
  run.finish();
  ASSERT_EQ(run.ended.size(), 1U);
  EXPECT_EQ(run.ended[0].packets[0], 3U);
}

TEST(Decoder, NonsensicalTimesDoNoHarm) {
  Decoding run;
  const Bytes ahead =
      tcp({.from = kClient, .to = kServer, .sport = 40'000, .dport = 502, .seq = 10, .data = "b"});
  const Bytes before =
      tcp({.from = kClient, .to = kServer, .sport = 40'000, .dport = 502, .seq = 5, .data = "a"});
  for (int i = 0; i < 100; ++i) {
    run.time = i % 2 == 0 ? INT64_MIN : INT64_MAX;
    run.add(before, 0);
    run.time = i % 3 == 0 ? INT64_MAX : 0;
    run.add(ahead, 0);
  }
  run.finish();
  std::uint64_t packets = 0;
  for (const Flow& flow : run.ended) packets += flow.packets[0];
  EXPECT_EQ(packets, 200U);
}

TEST(Decoder, VlansAndTransportsKeepFlowsApart) {
  Decoding run;
  const Bytes packet = ip(kClient, kServer, 17, udp_datagram(500, 500, text_bytes("x")));
  run.add(ethernet(kClient, kServer, typed(0x0800, packet)));
  run.add(ethernet(kClient, kServer, hex("8100 0005") + typed(0x0800, packet)));
  run.add(ethernet(kClient, kServer, hex("8100 0006") + typed(0x0800, packet)));
  run.add(tcp({.from = kClient, .to = kServer, .sport = 500, .dport = 500}));
  run.finish();
  EXPECT_EQ(run.ended.size(), 4U);
}

TEST(Decoder, WithoutAnOpeningTheClientComesFromServicePortThenLowerPortThenFirstFrame) {
  struct {
    std::uint16_t from;
    std::uint16_t to;
    bool is_sender_client;
    OpenerGround ground;
  } const cases[] = {
      {502, 40'000, false, OpenerGround::service_port},
      {40'000, 502, true, OpenerGround::service_port},
      {44'818, 1234, false, OpenerGround::service_port},
      {30'000, 30'001, false, OpenerGround::lower_port},
      {30'001, 30'000, true, OpenerGround::lower_port},
      {30'000, 30'000, true, OpenerGround::first_frame},
  };
  for (const auto& c : cases) {
    Decoding run;
    run.add(tcp({.from = kServer, .to = kClient, .sport = c.from, .dport = c.to, .data = "x"}));
    run.finish();
    EXPECT_EQ(run.ended[0].client, c.is_sender_client ? End::b : End::a) << c.from;
    EXPECT_EQ(run.ended[0].client_ground, c.ground) << c.from;
  }
}

TEST(Decoder, ALargeSendWithoutATotalLengthIsTakenAsCaptured) {
  Bytes packet = ip(kClient, kServer, 17, udp_datagram(1, 2, Bytes(3000, 'x')));
  packet[2] = packet[3] = 0;
  Decoding run;
  run.add(ethernet(kClient, kServer, typed(0x0800, packet)));
  EXPECT_EQ(run.payloads[0].size(), 3000U);
}

TEST(Decoder, OptionsAndExtensionHeadersAreSkipped) {
  Decoding run;
  const Bytes datagram = udp_datagram(40'000, 161, text_bytes("payload"));
  run.add(ethernet(
      kClient, kServer,
      typed(0x0800, ipv4(kClient, kServer, datagram, {.options = hex("94040000 01010101")}))));
  // Hop-by-hop, destination options of 16 bytes, routing.
  run.add(ethernet(
      kClient6, kServer6,
      typed(0x86dd,
            ipv6(kClient6, kServer6, 0,
                 hex("3c00 010400000000 2b01 010c000000000000000000000000 1100 0400 00000000") +
                     datagram))));
  ASSERT_EQ(run.payloads.size(), 2U);
  EXPECT_EQ(run.payloads[0], "payload");
  EXPECT_EQ(run.payloads[1], "payload");
  EXPECT_EQ(run.segments[1].ip_protocol, 17);
}

TEST(Decoder, SctpHasPortsAndGroupMessagesHaveNone) {
  Decoding run;
  run.add(ethernet(kClient, kServer,
                   typed(0x0800, ip(kClient, kServer, 132,
                                    hex("9c40 0b80 00000000 00000000") + text_bytes("chunk")))));
  run.add(
      ethernet(kClient, kServer, typed(0x0800, ip(kClient, kServer, 2, hex("1100eeff00000000")))));
  run.finish();
  ASSERT_EQ(run.ended.size(), 2U);
  EXPECT_EQ(run.ended[0].transport, Transport::sctp);
  EXPECT_EQ(run.ended[0].ends[1].port, 0x0b80);
  EXPECT_EQ(run.payloads[0].substr(0, 5), "chunk");
  EXPECT_EQ(run.ended[1].transport, Transport::igmp);
}

// Every truncation and every flipped byte of one frame of each kind: nothing is read outside (the
// sanitizers watch), and every frame is counted.
TEST(Decoder, EveryTruncationAndEveryFlippedByteIsSurvivedAndCounted) {
  const Bytes inner = ethernet(
      kClient, kServer,
      hex("8100 000a") + typed(0x0800, ip(kClient, kServer, 17, udp_datagram(1, 2, Bytes(30, 7)))));
  const Bytes inner6 = ipv6(kClient6, kServer6, 0,
                            hex("3c00 010400000000 2c00 010400000000 1100 0001 00000007") +
                                udp_datagram(3, 4, Bytes(24, 8)));
  const std::vector<Bytes> frames{
      tcp({.from = kClient,
           .to = kServer,
           .sport = 40'000,
           .dport = 502,
           .seq = 5,
           .flags = tcp_flag::kSyn,
           .data = "x",
           .options = hex("020405b4")}),
      ethernet(kClient, kServer,
               typed(0x0800, ip(kClient, kServer, 47,
                                hex("1000 88be 00000001 1001 0064 00000000") + inner))),
      ethernet(kClient, kServer,
               typed(0x0800, ip(kClient, kServer, 17,
                                udp_datagram(9, 4789, hex("08000000 00006400") + inner)))),
      ethernet(
          kClient, kServer,
          typed(0x0800, ip(kClient, kServer, 17,
                           udp_datagram(9, 2152,
                                        hex("34ff 0068 00000001 0000 00 85 01 000000") + inner6)))),
      ethernet(kClient, kServer, typed(0x8847, hex("00010040 00000140") + inner6)),
      ethernet(kClient, kServer, typed(0x8864, hex("1100 0001 0068 0057") + inner6)),
      ethernet(kClient, kServer, typed(0x86dd, inner6)),
      ethernet(kClient, kServer, typed(0x88e7, hex("00000064") + inner)),
      ethernet(kClient, kServer, typed(0x894f, hex("0fc2 02 03 000001ff") + inner)),
      hex("0802 0000 020000000002 0200000000aa 020000000001 0000 aaaa03 000000 0800") +
          ip(kClient, kServer, 1, hex("0800")),
  };
  const capture::LinkType links[] = {capture::LinkType::ethernet,
                                     capture::LinkType::null,
                                     capture::LinkType::raw,
                                     capture::LinkType::ppp,
                                     capture::LinkType::ppp_hdlc,
                                     capture::LinkType::ppp_ether,
                                     capture::LinkType::ppp_with_direction,
                                     capture::LinkType::c_hdlc,
                                     capture::LinkType::ieee802_11,
                                     capture::LinkType::ieee802_11_radiotap,
                                     capture::LinkType::ieee802_11_prism,
                                     capture::LinkType::frame_relay,
                                     capture::LinkType::linux_sll,
                                     capture::LinkType::linux_sll2,
                                     capture::LinkType::nflog,
                                     capture::LinkType::fddi,
                                     capture::LinkType::loop};
  DecodeLimits limits;
  limits.flows_max = 1000;
  Decoding run(limits);
  std::uint64_t added = 0;
  const auto add = [&](const Bytes& bytes, std::size_t wire) {
    const Bytes exact(bytes);  // a heap block that ends where the frame ends
    for (const capture::LinkType link : links)
      run.add(exact, 1000, link, static_cast<std::uint32_t>(wire));
    added += std::size(links);
    run.segments.clear(), run.payloads.clear(), run.pieces.clear(), run.ended.clear();
  };
  for (const Bytes& frame : frames) {
    for (std::size_t size = 0; size < frame.size(); ++size) {
      const Bytes cut(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size));
      add(cut, size);          // as it was on the wire
      add(cut, frame.size());  // cut by the capture
    }
    for (std::size_t at = 0; at < frame.size(); ++at) {
      for (const int value : {0x00, 0x01, 0x45, 0x7f, 0x80, 0xff, frame[at] ^ 0x40}) {
        Bytes changed = frame;
        changed[at] = static_cast<std::uint8_t>(value);
        add(changed, changed.size());
      }
    }
  }
  run.finish();
  EXPECT_EQ(run.decoder.counters().packets, added);
}

}  // namespace
}  // namespace osect::decode
