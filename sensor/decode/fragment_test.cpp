// Fragments are counted apart; the datagram they make goes on once, without being counted again.
// RFC 791, RFC 8200, RFC 5722.
#include "sensor/decode/fragment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "sensor/decode/frame_maker_test.h"

namespace osect::decode {
namespace {

using namespace make;

Bytes part(const Bytes& whole, std::uint32_t from, std::uint32_t to) {
  return {whole.begin() + from, whole.begin() + std::min<std::ptrdiff_t>(to, std::ssize(whole))};
}

Bytes fragment4(const Bytes& whole, std::uint32_t from, std::uint32_t to, std::uint32_t id = 7) {
  return ethernet(kClient, kServer,
                  typed(0x0800, ipv4(kClient, kServer, part(whole, from, to),
                                     {.id = static_cast<std::uint16_t>(id),
                                      .has_more = to < whole.size(),
                                      .offset = from})));
}

Bytes fragment6(const Bytes& whole, std::uint32_t from, std::uint32_t to, std::uint32_t id = 7) {
  Bytes header = hex("1100");
  put16(header, from | (to < whole.size() ? 1U : 0U));
  put32(header, id);
  return ethernet(kClient6, kServer6,
                  typed(0x86dd, ipv6(kClient6, kServer6, 44, header + part(whole, from, to))));
}

const std::string kText = "a datagram that is longer than any of its fragments";
const Bytes kWhole = udp_datagram(40000, 161, text_bytes(kText));  // 59 bytes

std::string reassembled(const Decoding& run) {
  std::string text;
  for (std::size_t i = 0; i < run.segments.size(); ++i)
    if (run.segments[i].is_reassembled) text += run.payloads[i];
  return text;
}

TEST(Fragment, InEveryOrderTheDatagramComesOutOnce) {
  std::vector<Bytes> frames{fragment4(kWhole, 0, 16), fragment4(kWhole, 16, 32),
                            fragment4(kWhole, 32, 48), fragment4(kWhole, 48, 99)};
  std::vector<int> order{0, 1, 2, 3};
  do {
    Decoding run;
    for (const int i : order) run.add(frames[static_cast<std::size_t>(i)]);
    EXPECT_EQ(reassembled(run), kText);
    run.finish();
    ASSERT_EQ(run.ended.size(), 2U);
    for (const Flow& flow : run.ended) {
      EXPECT_EQ(flow.transport, Transport::udp);
      EXPECT_EQ(flow.packets[0], flow.is_fragments ? 4U : 0U);
      EXPECT_EQ(flow.ends[1].port, flow.is_fragments ? 0 : 161);
    }
    EXPECT_EQ(run.decoder.counters().fragments_dropped, 0U);
  } while (std::ranges::next_permutation(order).found);
}

TEST(Fragment, Ipv6Too) {
  Decoding run;
  run.add(fragment6(kWhole, 32, 99));
  run.add(fragment6(kWhole, 0, 32));
  EXPECT_EQ(reassembled(run), kText);
}

TEST(Fragment, AnAtomicFragmentIsAnOrdinaryPacket) {
  Decoding run;
  run.add(fragment6(kWhole, 0, 99));
  ASSERT_EQ(run.segments.size(), 1U);
  EXPECT_FALSE(run.segments[0].is_fragment);
  EXPECT_EQ(run.payloads[0], kText);
}

TEST(Fragment, RepetitionsAreIgnored) {
  for (const auto fragment : {&fragment4, &fragment6}) {
    Decoding run;
    run.add(fragment(kWhole, 0, 32, 7));
    run.add(fragment(kWhole, 0, 32, 7));
    run.add(fragment(kWhole, 32, 99, 7));
    EXPECT_EQ(reassembled(run), kText);
  }
}

TEST(Fragment, OverlapsKeepTheFirstBytesInIpv4AndSpoilTheDatagramInIpv6) {
  Bytes forged = kWhole;
  std::fill(forged.begin() + 16, forged.begin() + 32, std::uint8_t{'X'});
  Decoding four;
  four.add(fragment4(kWhole, 0, 24));
  four.add(fragment4(forged, 16, 40));
  four.add(fragment4(kWhole, 40, 99));
  std::string expected = kText;
  std::fill(expected.begin() + 16, expected.begin() + 24,
            'X');  // bytes 24 to 32 of the datagram came only forged
  EXPECT_EQ(reassembled(four), expected);
  Decoding six;
  six.add(fragment6(kWhole, 0, 24));
  six.add(fragment6(forged, 16, 40));
  six.add(fragment6(kWhole, 40, 99));
  EXPECT_EQ(reassembled(six), "");
}

TEST(Fragment, FragmentsOfDifferentDatagramsDoNotMix) {
  Decoding run;
  run.add(fragment4(kWhole, 0, 32, 1));
  run.add(fragment4(kWhole, 32, 99, 2));
  EXPECT_EQ(reassembled(run), "");
  run.add(fragment4(kWhole, 32, 99, 1));
  EXPECT_EQ(reassembled(run), kText);
}

TEST(Fragment, ADatagramThatNeverBecomesWholeIsDroppedAndCounted) {
  Decoding run;
  run.add(fragment4(kWhole, 0, 16));
  run.add(fragment4(kWhole, 16, 32));
  run.add(udp(kClient, kServer, 1, 2, "later"), 40 * kSecondNs);
  EXPECT_EQ(run.decoder.counters().fragments_dropped, 2U);
  run.add(fragment4(kWhole, 32, 99));
  EXPECT_EQ(reassembled(run), "");
}

TEST(Fragment, BeyondTheLargestDatagramNothingIsKept) {
  Decoding run;
  const Bytes large(70'000, 0);
  run.add(fragment4(large, 65'520, 65'600));
  run.add(fragment4(large, 0, 1480));
  run.finish();
  EXPECT_EQ(run.decoder.counters().fragments_dropped, 2U);
}

TEST(Fragment, AFloodOfBeginningsStaysWithinItsMemory) {
  DecodeLimits limits;
  limits.fragment_bytes_max = 64 << 10;
  Decoding run(limits);
  for (int i = 0; i < 5000; ++i)
    run.add(fragment4(kWhole, 0, 32, static_cast<std::uint32_t>(i)), 1000);
  run.add(fragment4(kWhole, 32, 99, 4999), 1000);
  EXPECT_EQ(reassembled(run), kText);  // the youngest survive
  EXPECT_GE(run.decoder.counters().fragments_dropped, 4700U);
}

TEST(Fragment, AFragmentedTcpSegmentJoinsItsStream) {
  const Bytes packet = tcp_packet({.from = kClient,
                                   .to = kServer,
                                   .sport = 40000,
                                   .dport = 502,
                                   .seq = 100,
                                   .data = std::string(100, 'z')});
  const Bytes segment(packet.begin() + 20, packet.end());
  Decoding run;
  for (const std::uint32_t at : {0U, 64U}) {
    run.add(
        ethernet(kClient, kServer,
                 typed(0x0800, ipv4(kClient, kServer, part(segment, at, at == 0 ? 64 : 999),
                                    {.protocol = 6, .id = 9, .has_more = at == 0, .offset = at}))));
  }
  EXPECT_EQ(run.text(End::a), std::string(100, 'z'));
}

}  // namespace
}  // namespace osect::decode
