// Every link type and header between link and IP, after its specification: the same datagram must
// come out of each.
#include "sensor/decode/link.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sensor/decode/frame_maker_test.h"

namespace osect::decode {
namespace {

using namespace make;
using capture::LinkType;

const Bytes kDatagram4 = ip(kClient, kServer, 17, udp_datagram(40000, 161, text_bytes("payload")));
const Bytes kDatagram6 =
    ip(kClient6, kServer6, 17, udp_datagram(40000, 161, text_bytes("payload")));

struct Case {
  const char* name;
  LinkType link;
  Bytes frame;
  const char* source_mac;  // "" where the link has none
  std::uint16_t vlan = 0;
  std::uint16_t inner_vlan = 0;
};

class Carries : public testing::TestWithParam<Case> {};

TEST_P(Carries, TheDatagram) {
  const Case& c = GetParam();
  Decoding run;
  run.add(c.frame, 1000, c.link);
  ASSERT_FALSE(run.segments.empty());
  const Segment& segment = run.segments.back();
  EXPECT_EQ(run.payloads.back(), "payload");
  EXPECT_EQ(segment.tunnel_depth, 0);
  EXPECT_EQ(segment.wire_length, c.frame.size());
  EXPECT_EQ(segment.source_mac.is_zero() ? "" : segment.source_mac.text(), c.source_mac);
  EXPECT_EQ(segment.vlan, c.vlan);
  EXPECT_EQ(segment.inner_vlan, c.inner_vlan);
  run.finish();
  const Flow& flow = run.ended.back();
  EXPECT_EQ(flow.transport, Transport::udp);
  EXPECT_EQ(flow.ends[index(flow.client)].port, 40000);
  EXPECT_EQ(flow.bytes[0] + flow.bytes[1], c.frame.size());
}

constexpr const char* kMac = "02:00:00:00:00:01";

INSTANTIATE_TEST_SUITE_P(
    Links, Carries,
    testing::Values(
        Case{"Ethernet", LinkType::ethernet, ethernet(kClient, kServer, typed(0x0800, kDatagram4)),
             kMac},
        Case{"EthernetIpv6", LinkType::ethernet,
             ethernet(kClient, kServer, typed(0x86dd, kDatagram6)), kMac},
        Case{"Vlan", LinkType::ethernet,
             ethernet(kClient, kServer, hex("8100 e00a") + typed(0x0800, kDatagram4)), kMac, 10},
        Case{"QinQ", LinkType::ethernet,
             ethernet(kClient, kServer, hex("88a8 0064 8100 000a") + typed(0x0800, kDatagram4)),
             kMac, 100, 10},
        Case{"OldQinQ", LinkType::ethernet,
             ethernet(kClient, kServer, hex("9100 0064 8100 000a") + typed(0x0800, kDatagram4)),
             kMac, 100, 10},
        Case{"Snap", LinkType::ethernet,
             ethernet(kClient, kServer,
                      typed(static_cast<std::uint16_t>(kDatagram4.size() + 8),
                            hex("aaaa03 000000") + typed(0x0800, kDatagram4))),
             kMac},
        Case{"Mpls", LinkType::ethernet,
             ethernet(kClient, kServer, typed(0x8847, hex("00010040 00020140") + kDatagram4)),
             kMac},
        Case{"Pppoe", LinkType::ethernet,
             ethernet(kClient, kServer, typed(0x8864, hex("1100 0001 0025 0021") + kDatagram4)),
             kMac},
        Case{"PppoeIpv6", LinkType::ethernet,
             ethernet(kClient, kServer, typed(0x8864, hex("1100 0001 0039 0057") + kDatagram6)),
             kMac},
        Case{"BackboneBridge", LinkType::ethernet,
             ethernet(kServer, kClient,
                      typed(0x88e7, hex("00000064") + ethernet(kClient, kServer,
                                                               typed(0x0800, kDatagram4), false))),
             kMac},
        Case{"PseudowireWithControlWord", LinkType::ethernet,
             ethernet(kServer, kClient,
                      typed(0x8847,
                            hex("00010140 00000000") +
                                ethernet(kClient, kServer, typed(0x0800, kDatagram4), false))),
             kMac},
        Case{"MacsecIntegrityOnly", LinkType::ethernet,
             ethernet(kClient, kServer,
                      typed(0x88e5,
                            hex("0000 00000001") + typed(0x0800, kDatagram4) + Bytes(16, 0xcc)),
                      false),
             kMac},
        Case{"Nsh", LinkType::ethernet,
             ethernet(kClient, kServer, typed(0x894f, hex("0fc2 02 01 000001ff") + kDatagram4)),
             kMac},
        Case{"LinuxCooked", LinkType::linux_sll,
             hex("0000 0001 0006 020000000001 0000 0800") + kDatagram4, kMac},
        Case{"LinuxCooked2", LinkType::linux_sll2,
             hex("0800 0000 00000002 0001 00 06 020000000001 0000") + kDatagram4, kMac},
        Case{"NullLittleEndian", LinkType::null, hex("02000000") + kDatagram4, ""},
        Case{"NullBigEndian", LinkType::null, hex("00000002") + kDatagram4, ""},
        Case{"NullIpv6MacOs", LinkType::null, hex("1e000000") + kDatagram6, ""},
        Case{"Loop", LinkType::loop, hex("00000002") + kDatagram4, ""},
        Case{"Raw", LinkType::raw, kDatagram4, ""}, Case{"RawIpv6", LinkType::raw, kDatagram6, ""},
        Case{"Ipv4", LinkType::ipv4, kDatagram4, ""}, Case{"Ipv6", LinkType::ipv6, kDatagram6, ""},
        Case{"Ppp", LinkType::ppp, hex("ff03 0021") + kDatagram4, ""},
        Case{"PppCompressed", LinkType::ppp, hex("21") + kDatagram4, ""},
        Case{"PppWithDirection", LinkType::ppp_with_direction, hex("01 ff03 0021") + kDatagram4,
             ""},
        Case{"CiscoHdlc", LinkType::c_hdlc, hex("0f00 0800") + kDatagram4, ""},
        Case{"FrameRelay", LinkType::frame_relay, hex("1841 03cc") + kDatagram4, ""},
        Case{"Fddi", LinkType::fddi,
             hex("50 400000000040 400000000080 aaaa03 000000 0800") + kDatagram4, kMac},
        Case{"Nflog", LinkType::nflog,
             hex("02 00 0000 0800 0100 00000000 2700 0900") + kDatagram4 + hex("00"), ""},
        Case{"WirelessToStation", LinkType::ieee802_11,
             hex("0802 0000 020000000002 0200000000aa 020000000001 0000 aaaa03 000000 0800") +
                 kDatagram4,
             kMac},
        Case{"WirelessQosToAccessPoint", LinkType::ieee802_11,
             hex("8801 0000 0200000000aa 020000000001 020000000002 0000 0000 aaaa03 000000 0800") +
                 kDatagram4,
             kMac},
        Case{"Radiotap", LinkType::ieee802_11_radiotap,
             hex("00 00 0a00 00000000 0000 0802 0000 020000000002 0200000000aa 020000000001 0000 "
                 "aaaa03 000000 0800") +
                 kDatagram4,
             kMac},
        Case{"PppOfADaemon", LinkType::ppp_daemon, hex("01 03 0021") + kDatagram4, ""},
        Case{"CiscoHdlcWithDirection", LinkType::c_hdlc_with_direction,
             hex("01 0f00 0800") + kDatagram4, ""},
        Case{"FrameRelayWithDirection", LinkType::frame_relay_with_direction,
             hex("01 1841 03cc") + kDatagram4, ""},
        Case{"FrameRelayLongAddress", LinkType::frame_relay, hex("18400001 038e") + kDatagram6, ""},
        Case{"FrameRelayBridged", LinkType::frame_relay,
             hex("1841 0300 80 0080c2 0007") +
                 ethernet(kClient, kServer, typed(0x0800, kDatagram4), false),
             kMac},
        Case{"AtmBridged", LinkType::atm_rfc1483,
             hex("aaaa03 0080c2 0007 0000") +
                 ethernet(kClient, kServer, typed(0x0800, kDatagram4), false),
             kMac},
        Case{"AtmNlpid", LinkType::atm_rfc1483, hex("fefe03 cc") + kDatagram4, ""},
        Case{"TokenRingWithRoute", LinkType::token_ring,
             hex("10 40 020000000002 820000000001 0630 0010 0020 aaaa03 000000 0800") + kDatagram4,
             kMac},
        Case{"JuniperWithoutLink", LinkType::juniper_ppp, hex("4d4743 02 02000000") + kDatagram4,
             ""},
        Case{"EndaceWithExtension", LinkType::endace,
             hex("0000000000000000 82 04 0042 0000 002e 8000000000000000 0000000000000000 0000") +
                 ethernet(kClient, kServer, typed(0x0800, kDatagram4), false),
             kMac},
        Case{"EndaceIpv6", LinkType::endace,
             hex("0000000000000000 17 04 0042 0000 002e") + kDatagram6, ""},
        Case{"SwitchTag", LinkType::dsa,
             hex("020000000002 020000000001 40000064 0800") + kDatagram4, kMac, 100},
        Case{"SwitchTagWithEthertype", LinkType::edsa,
             hex("020000000002 020000000001 dada 0000 40000064 0800") + kDatagram4, kMac, 100},
        Case{"PktapOfATunnel", LinkType::pktap, hex("0c000000 01000000 0c000000") + kDatagram4,
             ""}),
    [](const auto& made) { return made.param.name; });

TEST(Link, AnLlcFrameStartsAtItsDsapAndEndsWhereItsLengthSays) {
  Decoding run;
  run.add(ethernet(kClient, kServer, typed(4, hex("42420300"))));  // spanning tree's SAP
  ASSERT_EQ(run.segments.size(), 1U);
  EXPECT_EQ(run.segments[0].ethertype, ethertype::kLlc);
  EXPECT_EQ(run.payloads[0], std::string("\x42\x42\x03\0", 4));
  run.finish();
  EXPECT_EQ(run.ended[0].transport, Transport::ethernet);
  EXPECT_EQ(run.ended[0].packets[0] + run.ended[0].packets[1], 1U);
}

TEST(Link, ProtocolsThatAreNotIpAreFlowsBetweenStations) {
  Decoding run;
  run.add(ethernet(kClient, kServer, typed(0x8892, hex("8000 0102"))));
  run.add(ethernet(kServer, kClient, typed(0x8892, hex("8001 0102"))));
  run.add(ethernet(kServer, kClient, typed(0x88b8, hex("0001"))));
  run.finish();
  ASSERT_EQ(run.ended.size(), 2U);
  EXPECT_EQ(run.ended[0].ethertype, 0x8892);
  EXPECT_EQ(run.ended[0].packets, (std::array<std::uint64_t, 2>{1, 1}));
  EXPECT_EQ(run.ended[0].ends[index(run.ended[0].client)].mac, kClient.mac);
  EXPECT_EQ(run.ended[1].ethertype, 0x88b8);
}

TEST(Link, UnknownLinkTypesAreCountedAndLeftAlone) {
  Decoding run;
  run.add(kDatagram4, 1000, static_cast<LinkType>(147));
  EXPECT_TRUE(run.segments.empty());
  EXPECT_EQ(run.decoder.counters().unknown_link, 1U);
  EXPECT_EQ(run.decoder.counters().packets, 1U);
}

TEST(Link, AHeaderAroundTheFrameThatIsCutOrEndlessGivesNothing) {
  Decoding run;
  run.add(hex("82 0000 00"), 1000, LinkType::endace);
  run.add(Bytes(15, 0) + hex("80") + Bytes(64, 0x82), 1000, LinkType::endace);
  run.add(hex("0000 0700 01000000"), 1000, LinkType::per_packet_information);
  run.add(hex("ffffffff 00000000 01000000"), 1000, LinkType::pktap);
  run.add(hex("4d4743 80 ffff"), 1000, LinkType::juniper_ethernet);
  // One such header inside another: no device does that, and it must not go round for ever.
  run.add(hex("0000 0800 c0000000 0000 0800 c0000000"), 1000, LinkType::per_packet_information);
  EXPECT_TRUE(run.segments.empty());
  const DecodeCounters& counted = run.decoder.counters();
  EXPECT_EQ(counted.malformed + counted.unknown_link, 6U);
}

TEST(Link, APacketWithABrokenHeaderStillShowsItsStations) {
  Decoding run;
  run.add(ethernet(kClient, kServer, typed(0x0800, hex("41"))));  // a header of four bytes
  ASSERT_EQ(run.segments.size(), 1U);
  EXPECT_EQ(run.segments[0].source_mac, kClient.mac);
  EXPECT_TRUE(run.segments[0].source.is_none());
  EXPECT_EQ(run.decoder.counters().malformed, 1U);
}

}  // namespace
}  // namespace osect::decode
