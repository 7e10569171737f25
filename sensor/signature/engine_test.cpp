// Which packets a rule is held against, what it remembers, how often it speaks; Suricata's user
// guide, "Rules Format", "Flow Keywords", "Thresholding Keywords".
#include <gtest/gtest.h>

#include <string>

#include "sensor/signature/testing.h"

namespace osect::signature {
namespace {

using decode::End;
using decode::Transport;
using testing::Bench;

TEST(Header, AddressesPortsAndDirection) {
  Bench bench(
      "alert udp 10.0.0.1 any -> 10.0.0.2 502 (content:\"x\"; sid:1;)\n"
      "alert udp !10.0.0.1 any -> any any (content:\"x\"; sid:2;)\n"
      "alert udp [10.0.0.0/24,!10.0.0.1] any -> any any (content:\"x\"; sid:3;)\n"
      "alert udp $HOME_NET any -> $EXTERNAL_NET any (content:\"x\"; sid:4;)\n"
      "alert udp any any -> any [1:100,501:503,!502] (content:\"x\"; sid:5;)\n"
      "alert udp any 502 <> any any (content:\"x\"; sid:6;)\n"
      "alert udp any any -> any :501 (content:\"x\"; sid:7;)\n"
      "alert udp 10.0.0.1-10.0.0.3 1024: -> any any (content:\"x\"; sid:8;)\n"
      "alert tcp-pkt any any -> any any (content:\"x\"; sid:9;)\n"
      "alert icmp any any -> any any (content:\"x\"; sid:10;)\n");
  ASSERT_TRUE(bench.file.refusals.empty()) << bench.file.refusals.front().reason;
  bench.send("x");
  EXPECT_EQ(bench.hits, (std::map<std::uint32_t, int>{{1, 1}, {6, 1}, {8, 1}}));
}

TEST(Header, RulesByAddressesAloneSpeakOncePerDirection) {
  Bench bench("alert udp any any -> any any (sid:1;)");
  ASSERT_TRUE(bench.file.refusals.empty()) << bench.file.refusals.front().reason;
  for (int i = 0; i < 3; ++i) bench.send("x");
  bench.send("x", End::b);
  EXPECT_EQ(bench.hits[1], 2);
}

TEST(Header, IcmpTypeAndPayload) {
  Bench bench(
      "alert icmp any any -> any any (itype:8; icode:0; content:\"ping\"; depth:4; sid:1;)\n"
      "alert icmpv6 any any -> any any (itype:8; sid:2;)",
      0, Transport::icmp);
  bench.send(std::string("\x08\0\0\0\0\0\0\0ping", 12));
  bench.send(std::string("\x00\0\0\0\0\0\0\0ping", 12));
  EXPECT_EQ(bench.hits, (std::map<std::uint32_t, int>{{1, 1}}));
}

TEST(Header, TcpFlags) {
  Bench bench(
      "alert tcp any any -> any any (flags:S; sid:1;)\n"
      "alert tcp any any -> any any (flags:+S; sid:2;)\n"
      "alert tcp any any -> any any (flags:*SF; sid:3;)\n"
      "alert tcp any any -> any any (flags:!A; sid:4;)\n"
      "alert tcp any any -> any any (flags:S,CE; sid:5;)\n"
      "alert tcp any any -> any any (flags:0; sid:6;)\n",
      502, Transport::tcp);
  ASSERT_TRUE(bench.file.refusals.empty()) << bench.file.refusals.front().reason;
  bench.send("", End::a, 0, 0x02);
  bench.send("", End::a, 0, 0x12);
  bench.send("", End::a, 0, 0xc2);
  bench.send("", End::a, 0, 0x00);
  EXPECT_EQ(bench.hits,
            (std::map<std::uint32_t, int>{{1, 1}, {2, 3}, {3, 3}, {4, 3}, {5, 2}, {6, 1}}));
}

TEST(Flow, IsEstablishedAfterTheHandshake) {
  Bench bench(
      "alert tcp-pkt any any -> any any (flow:established,to_server; content:\"x\"; sid:1;)\n"
      "alert tcp-pkt any any -> any any (flow:established,to_client; content:\"x\"; sid:2;)\n"
      "alert tcp-pkt any any -> any any (flow:not_established; content:\"x\"; sid:3;)\n",
      502, Transport::tcp);
  bench.send("x", End::a, 0, 0x02);
  bench.send("", End::b, 0, 0x12);
  bench.send("", End::a, 0, 0x10);
  EXPECT_EQ(bench.hits, (std::map<std::uint32_t, int>{{3, 1}}));
  bench.send("x", End::a);
  bench.send("x", End::b);
  EXPECT_EQ(bench.hits, (std::map<std::uint32_t, int>{{1, 1}, {2, 1}, {3, 1}}));
}

TEST(Flow, WithoutAHandshakeIsNeverEstablished) {
  Bench bench("alert tcp-pkt any any -> any any (flow:established; content:\"x\"; sid:1;)", 502,
              Transport::tcp);
  bench.send("x", End::a);
  bench.send("x", End::b);
  bench.send("x", End::a);
  EXPECT_EQ(bench.hits[1], 0);
}

TEST(Flow, OfDatagramsIsEstablishedWhenBothSpoke) {
  Bench bench("alert udp any any -> any any (flow:established,to_client; content:\"x\"; sid:1;)");
  bench.send("x", End::b);  // the first to speak is the client
  bench.send("x", End::b);
  EXPECT_EQ(bench.hits[1], 0);
  bench.send("x", End::a);
  EXPECT_EQ(bench.hits[1], 1);
}

TEST(FlowBits, AreSetBeforeTheyAreAskedFor) {
  Bench bench(
      "alert udp any any -> any any (content:\"b\"; flowbits:isset,seen; sid:2;)\n"
      "alert udp any any -> any any (content:\"a\"; flowbits:set,seen; flowbits:noalert; sid:1;)\n"
      "alert udp any any -> any any (content:\"b\"; flowbits:isnotset,seen; sid:3;)\n"
      "alert udp any any -> any any (content:\"u\"; flowbits:unset,seen; noalert; sid:4;)\n");
  ASSERT_TRUE(bench.file.refusals.empty()) << bench.file.refusals.front().reason;
  bench.send("b");
  EXPECT_EQ(bench.hits, (std::map<std::uint32_t, int>{{3, 1}}));
  bench.send("ab");
  bench.send("b", End::b);
  EXPECT_EQ(bench.hits, (std::map<std::uint32_t, int>{{2, 2}, {3, 1}}));
  bench.send("u");
  bench.send("b");
  EXPECT_EQ(bench.hits, (std::map<std::uint32_t, int>{{2, 2}, {3, 2}}));
}

int told(const std::string& limit, int packets, int seconds_between = 0) {
  Bench bench("alert udp any any -> any any (content:\"x\"; " + limit + " sid:1;)");
  EXPECT_TRUE(bench.file.refusals.empty()) << bench.file.refusals.front().reason;
  for (int i = 0; i < packets; ++i) bench.send("x", End::a, i * seconds_between);
  return bench.hits[1];
}

TEST(Threshold, CountsAsItsTypeSays) {
  EXPECT_EQ(told("threshold:type limit, track by_src, count 2, seconds 60;", 10), 2);
  EXPECT_EQ(told("threshold:type limit, track by_src, count 1, seconds 10;", 4, 11), 4);
  EXPECT_EQ(told("threshold:type limit, track by_rule, count 1, seconds 10;", 4, 10), 2);
  EXPECT_EQ(told("threshold:type threshold, track by_dst, count 3, seconds 60;", 10), 3);
  EXPECT_EQ(told("threshold:type both, track by_both, count 3, seconds 60;", 10), 1);
  EXPECT_EQ(told("threshold:type both, track by_src, count 3, seconds 60;", 2), 0);
  EXPECT_EQ(told("detection_filter:track by_src, count 3, seconds 60;", 10), 7);
}

TEST(Threshold, CountsHostsApart) {
  Bench bench(
      "alert udp any any -> any any (content:\"x\"; threshold:type limit, track by_src, count 1, "
      "seconds 60; sid:1;)");
  bench.send("x");
  bench.send("x", End::b);
  bench.send("x");
  EXPECT_EQ(bench.hits[1], 2);
}

}  // namespace
}  // namespace osect::signature
