// Tunnels: the outer packet is a conversation of its own, what it carries follows as another
// packet, one level deeper.
#include "sensor/decode/tunnel.h"

#include <gtest/gtest.h>

#include <string>

#include "sensor/decode/frame_maker_test.h"

namespace osect::decode {
namespace {

using namespace make;

const Station kTunnelA{*MacAddress::parse("02:00:00:00:00:0a"), *IpAddress::parse("192.0.2.1")};
const Station kTunnelB{*MacAddress::parse("02:00:00:00:00:0b"), *IpAddress::parse("192.0.2.2")};
const Bytes kDatagram4 = ip(kClient, kServer, 17, udp_datagram(40000, 161, text_bytes("payload")));
const Bytes kDatagram6 =
    ip(kClient6, kServer6, 17, udp_datagram(40000, 161, text_bytes("payload")));
const Bytes kFrame =
    ethernet(kClient, kServer, hex("8100 000a") + typed(0x0800, kDatagram4), false);

Bytes outer(std::uint8_t protocol, const Bytes& payload) {
  return ethernet(kTunnelA, kTunnelB, typed(0x0800, ip(kTunnelA, kTunnelB, protocol, payload)));
}
Bytes outer_udp(std::uint16_t source_port, std::uint16_t destination_port, const Bytes& payload) {
  return outer(17, udp_datagram(source_port, destination_port, payload));
}

struct Case {
  const char* name;
  Bytes frame;
  bool has_stations = false;  // the inner packet brings MAC addresses and a VLAN of its own
};

class Tunnels : public testing::TestWithParam<Case> {};

TEST_P(Tunnels, ShowTheInnerPacketOneLevelDeeper) {
  const Case& c = GetParam();
  Decoding run;
  run.add(c.frame);
  ASSERT_EQ(run.segments.size(), 2U);
  EXPECT_EQ(run.segments[0].source, kTunnelA.ip);
  EXPECT_EQ(run.segments[0].wire_length, c.frame.size());
  EXPECT_EQ(run.segments[1].tunnel_depth, 1);
  EXPECT_EQ(run.payloads[1], "payload");
  EXPECT_EQ(run.segments[1].source_mac, c.has_stations ? kClient.mac : MacAddress{});
  EXPECT_EQ(run.segments[1].vlan, c.has_stations ? 10 : 0);
  EXPECT_LT(run.segments[1].wire_length, c.frame.size());
  run.finish();
  EXPECT_EQ(run.ended.size(), 2U);
}

INSTANTIATE_TEST_SUITE_P(
    All, Tunnels,
    testing::Values(
        Case{"Gre", outer(47, hex("0000 0800") + kDatagram4)},
        Case{"GreIpv6WithKeyAndSequence",
             outer(47, hex("3000 86dd 00000001 00000002") + kDatagram6)},
        Case{"GreChecksum", outer(47, hex("8000 0800 abcd 0000") + kDatagram4)},
        Case{"GreBridging", outer(47, hex("0000 6558") + kFrame), true},
        Case{"Erspan1", outer(47, hex("0000 88be") + kFrame), true},
        Case{"Erspan2", outer(47, hex("1000 88be 00000001 1001 0064 00000000") + kFrame), true},
        Case{"Erspan3", outer(47, hex("1000 22eb 00000001 2001 0064 00000000 0000 0000") + kFrame),
             true},
        Case{"Erspan3WithSubheader",
             outer(47, hex("1000 22eb 00000001 2001 0064 00000000 0000 0001 0000000000000000") +
                           kFrame),
             true},
        Case{"PptpPpp",
             outer(47, hex("3081 880b 0023 0001 00000001 00000001 ff03 0021") + kDatagram4)},
        Case{"GreMpls", outer(47, hex("0000 8847 00010140") + kDatagram4)},
        Case{"IpInIp", outer(4, kDatagram4)}, Case{"SixInFour", outer(41, kDatagram6)},
        Case{"EtherIp", outer(97, hex("3000") + kFrame), true},
        Case{"Vxlan", outer_udp(49152, 4789, hex("08000000 00006400") + kFrame), true},
        Case{"Geneve", outer_udp(49152, 6081, hex("0100 6558 00006400 00000000") + kFrame), true},
        Case{"GtpU", outer_udp(2152, 2152, hex("30ff 0023 00000001") + kDatagram4)},
        Case{"GtpUWithExtension",
             outer_udp(2152, 2152, hex("34ff 002b 00000001 0000 00 85 01 000000") + kDatagram4)},
        Case{"Teredo", outer_udp(50000, 3544, kDatagram6)},
        Case{"TeredoWithOrigin", outer_udp(3544, 50000, hex("0000 1111 22222222") + kDatagram6)},
        Case{"L2tp", outer_udp(1701, 1701, hex("4002 002f 0001 0001 ff03 0021") + kDatagram4)}),
    [](const auto& made) { return made.param.name; });

TEST(Tunnel, OrdinaryTrafficOnATunnelsPortIsLeftAlone) {
  Decoding run;
  run.add(outer_udp(4789, 4789, text_bytes("just some text")));
  run.add(outer_udp(40000, 2152, text_bytes("0 not a tunnel")));
  run.add(outer_udp(40000, 3544, text_bytes("neither is this one")));
  EXPECT_EQ(run.segments.size(), 3U);
}

TEST(Tunnel, StopsAtTheDepthLimitAndCountsIt) {
  Bytes packet = kDatagram4;
  for (int i = 0; i < 8; ++i) packet = ip(kTunnelA, kTunnelB, 4, packet);
  Decoding run;
  run.add(ethernet(kTunnelA, kTunnelB, typed(0x0800, packet)));
  EXPECT_EQ(run.segments.size(), 5U);
  EXPECT_EQ(run.segments.back().tunnel_depth, 4);
  EXPECT_EQ(run.decoder.counters().tunnels_too_deep, 1U);
}

TEST(Tunnel, APacketQuotedByAnIcmpErrorIsNotTraffic) {
  Decoding run;
  run.add(outer(1, hex("0303 0000 00000000") + kDatagram4));
  run.finish();
  ASSERT_EQ(run.ended.size(), 1U);
  EXPECT_EQ(run.ended[0].transport, Transport::icmp);
}

TEST(Tunnel, TcpInsideATunnelIsAStream) {
  Decoding run;
  const auto inner = [](std::uint32_t seq, const std::string& data) {
    return tcp_packet(
        {.from = kClient, .to = kServer, .sport = 40000, .dport = 502, .seq = seq, .data = data});
  };
  run.add(outer(47, hex("0000 0800") + inner(1, "abc")));
  run.add(outer(47, hex("0000 0800") + inner(4, "def")));
  EXPECT_EQ(run.text(End::a), "abcdef");
}

}  // namespace
}  // namespace osect::decode
