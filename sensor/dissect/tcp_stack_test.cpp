// Stacks by the handshakes that they are known to send.
#include "sensor/dissect/tcp_stack.h"

#include <gtest/gtest.h>

#include "sensor/dissect/testing.h"

namespace osect::dissect::testing {
namespace {

std::string stack_of(std::string_view options, std::uint16_t window, std::uint8_t ttl,
                     bool is_answer = false) {
  const auto raw = bytes(options);
  const auto stack =
      tcp_stack::identify({.options = raw, .window = window, .ttl = ttl, .is_answer = is_answer});
  if (!stack) return "";
  return std::string(stack->os) + ", " + std::to_string(stack->hops) + " hops";
}

constexpr std::string_view kLinux =
    "02 04 05 b4 | 04 02 | 08 0a 00 00 00 01 00 00 00 00 | 01 | 03 03 07";
constexpr std::string_view kWindows = "02 04 05 b4 | 01 | 03 03 08 | 01 01 | 04 02";

TEST(TcpStack, IsToldByOptionsWindowAndTimeToLive) {
  EXPECT_EQ(stack_of(kLinux, 29200, 64), "Linux 3.11 or later, 0 hops");
  EXPECT_EQ(stack_of(kLinux, 64240, 61), "Linux 4.20 or later, 3 hops");
  EXPECT_EQ(stack_of(kLinux, 1000, 64), "Linux, 0 hops");
  EXPECT_EQ(stack_of(kWindows, 64240, 127), "Windows 10 or later, 1 hops");
  EXPECT_EQ(stack_of(kWindows, 8192, 128), "Windows 7 or 8, 0 hops");
  EXPECT_EQ(stack_of("02 04 05 b4 | 01 01 | 04 02", 65535, 128), "Windows XP, 0 hops");
}

TEST(TcpStack, AnswersLeaveOutWhatWasNotAskedFor) {
  EXPECT_EQ(stack_of(kLinux, 28960, 64, true), "Linux 3.11 or later, 0 hops");
  EXPECT_EQ(stack_of("02 04 05 b4 | 01 01 | 04 02", 8192, 128, true), "Windows 7 or 8, 0 hops");
}

TEST(TcpStack, OfOthersNothingIsSaid) {
  EXPECT_EQ(stack_of("", 8192, 64), "");
  EXPECT_EQ(stack_of("02 04 05 b4", 8192, 64), "");
  EXPECT_EQ(stack_of(kWindows, 8192, 64), "");   // Windows counts from 128
  EXPECT_EQ(stack_of(kWindows, 8192, 255), "");  // nobody counts up
  EXPECT_EQ(stack_of("02 04 05", 8192, 128), "");
  EXPECT_EQ(stack_of("02 00 05 b4", 8192, 128), "");
  EXPECT_EQ(stack_of("02 04 05 b4 | 13 12", 8192, 128), "");
}

TEST(TcpStack, IsAFactOfTheSender) {
  Journal journal;
  Engine engine({}, journal);
  decode::Flow flow;
  flow.transport = decode::Transport::tcp;
  flow.packets = {1, 0};
  const auto options = bytes(kLinux);
  decode::Segment segment;
  segment.source = *IpAddress::parse("192.0.2.1");
  segment.destination = *IpAddress::parse("192.0.2.2");
  segment.ip_protocol = 6;
  segment.ttl = 62;
  segment.tcp_flags = decode::tcp_flag::kSyn;
  segment.tcp_window = 29200;
  segment.tcp_options = options;
  segment.flow = &flow;
  engine.on_segment(segment);
  flow.packets = {2, 0};
  engine.on_segment(segment);  // sent again
  EXPECT_EQ(journal.lines,
            (std::vector<std::string>{"a: fact os=Linux 3.11 or later", "a: fact hops=2"}));
}

}  // namespace
}  // namespace osect::dissect::testing
