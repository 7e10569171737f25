// Mirrors that are set up wrongly, one fault each, and one that is right.
#include "sensor/watch/mirror.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sensor/decode/frame_maker_test.h"
#include "sensor/watch/mirror_watch.h"

namespace osect::watch {
namespace {

using decode::make::Bytes;
using decode::make::kClient;
using decode::make::kServer;

// What a switch would mirror: connections of a client with a server, one request and answer every
// 10 ms.
class MirrorTest : public ::testing::Test {
 protected:
  void add(const Bytes& frame, TimeNs after = 5'000'000, std::uint32_t wire = 0) {
    time_ += after;
    doctor_.take({.time = time_,
                  .bytes = frame,
                  .wire_length = std::max(wire, static_cast<std::uint32_t>(frame.size()))});
  }
  static Bytes tagged(const Bytes& frame) {
    Bytes out(frame.begin(), frame.begin() + 12);
    decode::make::put32(out, 0x8100000a);
    out.insert(out.end(), frame.begin() + 12, frame.end());
    return out;
  }
  static Bytes arp(const std::string& sender) {
    Bytes message = decode::make::hex("0001 0800 06 04 0001 020000000001");
    const IpAddress address = *IpAddress::parse(sender);
    decode::make::put(message, Bytes(address.bytes().begin(), address.bytes().end()));
    decode::make::put(message, Bytes(10, 0));
    const decode::make::Station everybody{*MacAddress::parse("ff:ff:ff:ff:ff:ff"), {}};
    return decode::make::ethernet(kClient, everybody, decode::make::typed(0x0806, message));
  }
  // Ten connections with twenty requests and answers each; each frame goes through `see`.
  template <typename See>
  void talk(const See& see) {
    for (std::uint16_t port = 1; port <= 10; ++port)
      for (std::uint32_t i = 0; i < 20; ++i) {
        see(decode::make::tcp({.from = kClient,
                               .to = kServer,
                               .sport = static_cast<std::uint16_t>(50'000 + port),
                               .dport = 502,
                               .seq = 1000 + 12 * i,
                               .ack = 5000 + 20 * i,
                               .data = "request-" + std::to_string(1000 + i)}),
            true);
        see(decode::make::tcp({.from = kServer,
                               .to = kClient,
                               .sport = 502,
                               .dport = static_cast<std::uint16_t>(50'000 + port),
                               .seq = 5000 + 20 * i,
                               .ack = 1012 + 12 * i,
                               .data = "answer-of-plc---" + std::to_string(1000 + i)}),
            false);
      }
  }
  std::vector<MirrorFault> faults(const capture::SourceCounters& lost = {}) {
    std::vector<MirrorFault> out;
    for (const auto& finding : doctor_.findings(lost)) out.push_back(finding.fault);
    return out;
  }

  MirrorDoctor doctor_;
  TimeNs time_ = 1'700'000'000 * kSecondNs;
};

TEST_F(MirrorTest, nothing_is_wrong_with_a_mirror_of_both_directions) {
  talk([&](const Bytes& frame, bool) { add(frame); });
  add(arp("10.0.0.1"));
  EXPECT_THAT(faults(), ::testing::IsEmpty());
}

TEST_F(MirrorTest, a_silent_port_and_one_with_broadcasts_only_are_told_apart) {
  EXPECT_THAT(faults(), ::testing::ElementsAre(MirrorFault::silent));
  MirrorDoctor quiet;
  for (int i = 0; i < 100; ++i) {
    time_ += kSecondNs;
    const Bytes frame = arp("10.0.0.1");
    quiet.take(
        {.time = time_, .bytes = frame, .wire_length = static_cast<std::uint32_t>(frame.size())});
  }
  const auto findings = quiet.findings();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].fault, MirrorFault::broadcast_only);
}

TEST_F(MirrorTest, one_direction_only) {
  talk([&](const Bytes& frame, bool is_request) {
    if (is_request) add(frame);
  });
  EXPECT_THAT(faults(), ::testing::ElementsAre(MirrorFault::one_way));
}

TEST_F(MirrorTest, frames_that_come_twice_even_with_another_tag) {
  talk([&](const Bytes& frame, bool) {
    add(frame);
    add(tagged(frame), 20'000);
  });
  EXPECT_THAT(faults(), ::testing::ElementsAre(MirrorFault::duplicated));
}

TEST_F(MirrorTest, stations_of_two_networks_without_a_tag) {
  talk([&](const Bytes& frame, bool) { add(frame); });
  add(arp("10.0.0.1"));
  add(arp("10.0.7.1"));
  EXPECT_THAT(faults(), ::testing::ElementsAre(MirrorFault::untagged));
}

TEST_F(MirrorTest, what_was_answered_and_never_came) {
  int n = 0;
  talk([&](const Bytes& frame, bool) {
    if (++n % 7 != 0) add(frame);
  });
  EXPECT_THAT(faults(), ::testing::ElementsAre(MirrorFault::oversubscribed));
}

TEST_F(MirrorTest, frames_cut_by_the_switch_or_on_the_way) {
  talk([&](const Bytes& frame, bool) {
    add(Bytes(frame.begin(), frame.begin() + 58), 5'000'000, 70);
  });
  EXPECT_THAT(faults(), ::testing::Contains(MirrorFault::truncated));
}

TEST_F(MirrorTest, every_finding_says_what_to_change_in_both_languages) {
  for (int fault = 0; fault <= static_cast<int>(MirrorFault::truncated); ++fault)
    for (const bool is_japanese : {false, true}) {
      const std::string text =
          describe({.fault = static_cast<MirrorFault>(fault), .count = 12, .of = 345}, is_japanese);
      EXPECT_NE(text.find("\n  -> "), std::string::npos);
      EXPECT_EQ(text.find('{'), std::string::npos);
      EXPECT_EQ(text.find("345") != std::string::npos, fault != 0) << text;
    }
}

// A port of a running sensor: what is told of it while its mirror is right, wrong and mended.
class MirrorWatchTest : public MirrorTest {
 protected:
  void hear(const Bytes& frame, TimeNs after = 5'000'000) {
    time_ += after;
    watch_.take(
        {.time = time_, .bytes = frame, .wire_length = static_cast<std::uint32_t>(frame.size())});
    pass(0);
  }
  void pass(TimeNs time) {
    time_ += time;
    if (!watch_.is_due(time_)) return;
    for (auto& event : watch_.turn(time_, {})) told_.push_back(std::move(event));
  }
  // Half a minute of the plant at work.
  void work(bool are_answers_seen) {
    for (int i = 0; i < 20; ++i)
      talk([&](const Bytes& frame, bool is_request) {
        if (is_request || are_answers_seen) hear(frame, are_answers_seen ? 5'000'000 : 10'000'000);
      });
  }
  // What was told since the last call: the kinds, and the keys of their details.
  std::vector<std::string> told() {
    std::vector<std::string> out;
    for (const auto& event : told_) {
      std::string& text = out.emplace_back(event.kind);
      for (const auto& [key, value] : event.detail) text += " " + key;
    }
    told_.clear();
    return out;
  }

  MirrorWatch watch_{"mirror0",
                     {.look = kSecondNs,
                      .pause = 4 * kSecondNs,
                      .pause_when_wrong = kSecondNs,
                      .again = 3600 * kSecondNs}};
  std::vector<observe::EventRow> told_;
};

TEST_F(MirrorWatchTest, a_right_mirror_is_told_once) {
  work(true);
  EXPECT_THAT(told(), ::testing::ElementsAre("mirror port"));
}

TEST_F(MirrorWatchTest, a_fault_is_told_when_it_comes_and_when_it_is_mended) {
  work(false);
  EXPECT_THAT(told(),
              ::testing::ElementsAre("mirror port one_way", "mirror_fault port fault figures"));
  work(false);
  EXPECT_THAT(told(), ::testing::IsEmpty());
  work(true);
  EXPECT_THAT(told(), ::testing::ElementsAre("mirror port"));
}

TEST_F(MirrorWatchTest, a_quiet_night_cures_nothing) {
  work(false);
  told();
  for (int i = 0; i < 30; ++i) hear(arp("10.0.0.1"), kSecondNs);
  EXPECT_THAT(told(), ::testing::IsEmpty());
}

TEST_F(MirrorWatchTest, a_silent_port_is_told_of_and_nobody_is_called) {
  for (int i = 0; i < 30; ++i) pass(kSecondNs);
  EXPECT_THAT(told(), ::testing::ElementsAre("mirror port silent"));
}

TEST_F(MirrorWatchTest, what_lasts_is_told_again_so_that_it_stays_fresh) {
  work(true);
  told();
  for (int i = 0; i < 120; ++i) {
    time_ += 60 * kSecondNs;
    talk([&](const Bytes& frame, bool) { hear(frame); });
  }
  EXPECT_THAT(told(), ::testing::SizeIs(2));
}

}  // namespace
}  // namespace osect::watch
