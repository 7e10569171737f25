// A monitor port in a network namespace of its own: what is sent on the wire arrives, and nothing
// is ever sent back.
#include "sensor/capture/live_source.h"

#include <gtest/gtest.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace osect::capture {
namespace {

constexpr const char* kWire = "osectwire";
constexpr const char* kMonitor = "osectmon";

// Runs in a thread that has its own network: veth pair, IPv6 off so that the kernel itself stays
// silent.
void in_own_network(const std::function<void()>& test) {
  std::string why;
  std::jthread([&] {
    if (unshare(CLONE_NEWNET) != 0) {
      why = "needs root: no network namespace of its own";
      return;
    }
    const std::string make =
        std::string("ip link add ") + kWire + " type veth peer name " + kMonitor;
    const std::string quiet =
        "for i in all default " + std::string(kWire) + " " + kMonitor +
        "; do echo 1 > /proc/sys/net/ipv6/conf/$i/disable_ipv6; done 2>/dev/null; ";
    const std::string up =
        std::string("ip link set ") + kWire + " up && ip link set " + kMonitor + " up";
    // /proc/sys shows the network of the process that opens it: the shell's, which is this
    // thread's.
    if (std::system((make + " && " + quiet + up).c_str()) != 0) {
      why = "cannot make a veth pair";
      return;
    }
    test();
  }).join();
  if (!why.empty() && geteuid() != 0) GTEST_SKIP() << why;
  ASSERT_EQ(why, "");
}

class Wire {
 public:
  Wire() : socket_(socket(AF_PACKET, SOCK_RAW, 0)) {
    sockaddr_ll address{};
    address.sll_family = AF_PACKET;
    address.sll_ifindex = static_cast<int>(if_nametoindex(kWire));
    is_open_ = bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  ~Wire() { close(socket_); }
  [[nodiscard]] bool try_send(const std::vector<std::uint8_t>& frame) const {
    return is_open_ &&
           send(socket_, frame.data(), frame.size(), 0) == static_cast<ssize_t>(frame.size());
  }

 private:
  int socket_;
  bool is_open_ = false;
};

std::vector<std::uint8_t> numbered_frame(std::uint8_t number) {
  std::vector<std::uint8_t> frame(60 + number, number);
  frame[0] = 0x02;  // to nobody here: only a promiscuous port sees it
  frame[6] = 0x02;
  frame[12] = 0x88;
  frame[13] = 0xb5;  // local experimental ethertype (IEEE 802)
  return frame;
}

std::uint64_t sent_by_monitor() {
  std::ifstream file("/proc/thread-self/net/dev");
  for (std::string line; std::getline(file, line);) {
    const auto at = line.find(std::string(kMonitor) + ":");
    if (at == std::string::npos) continue;
    std::array<unsigned long long, 16> fields{};
    const char* text = line.c_str() + line.find(':') + 1;
    char* end = nullptr;
    for (auto& field : fields) {
      field = std::strtoull(text, &end, 10);
      text = end;
    }
    return fields[9];  // packets transmitted
  }
  return ~0ULL;
}

TEST(LiveSource, DeliversWhatIsOnTheWireAndSendsNothing) {
  in_own_network([] {
    auto source = LiveSource::open({.interface = kMonitor, .number = 3, .timeout_ms = 20});
    ASSERT_TRUE(source) << source.error().message;
    const Wire wire;
    constexpr std::uint8_t kFrames = 100;
    const TimeNs before = system_now();
    for (std::uint8_t i = 0; i < kFrames; ++i) ASSERT_TRUE(wire.try_send(numbered_frame(i)));
    std::uint8_t seen = 0;
    Frame frame;
    for (int idle = 0; seen < kFrames && idle < 200;) {
      const Next next = (*source)->next(frame);
      ASSERT_NE(next, Next::end) << (*source)->problem().error().message;
      if (next == Next::idle) {
        ++idle;
        continue;
      }
      const auto expected = numbered_frame(seen);
      EXPECT_TRUE(
          std::equal(frame.bytes.begin(), frame.bytes.end(), expected.begin(), expected.end()));
      EXPECT_EQ(frame.wire_length, expected.size());
      EXPECT_EQ(frame.port, 3);
      EXPECT_EQ(frame.link, LinkType::ethernet);
      EXPECT_LT(std::abs(frame.time - before), 30 * kSecondNs);
      ++seen;
    }
    EXPECT_EQ(seen, kFrames);
    const SourceCounters counters = (*source)->read_counters();
    EXPECT_EQ(counters.received, kFrames);
    EXPECT_EQ(counters.dropped_kernel, 0U);
    EXPECT_EQ(sent_by_monitor(), 0U);
  });
}

TEST(LiveSource, SaysThatAPortIsSilent) {
  in_own_network([] {
    auto source = LiveSource::open({.interface = kMonitor, .timeout_ms = 20});
    ASSERT_TRUE(source) << source.error().message;
    const Wire wire;
    // Ends a wait that would have no end.
    std::jthread late([&] {
      sleep(2);
      EXPECT_TRUE(wire.try_send(numbered_frame(1)));
    });
    Frame frame;
    EXPECT_EQ((*source)->next(frame), Next::idle);
  });
}

TEST(LiveSource, CountsWhatTheKernelDropsWhenNobodyReads) {
  in_own_network([] {
    auto source =
        LiveSource::open({.interface = kMonitor, .ring_bytes = 1U << 20, .timeout_ms = 20});
    ASSERT_TRUE(source) << source.error().message;
    const Wire wire;
    const std::vector<std::uint8_t> frame = numbered_frame(255);
    for (int i = 0; i < 20'000; ++i) ASSERT_TRUE(wire.try_send(frame));
    EXPECT_GT((*source)->read_counters().dropped_kernel, 0U);
  });
}

TEST(LiveSource, EndsWithAReasonWhenThePortGoesAway) {
  in_own_network([] {
    auto source = LiveSource::open({.interface = kMonitor, .timeout_ms = 20});
    ASSERT_TRUE(source) << source.error().message;
    ASSERT_EQ(std::system((std::string("ip link del ") + kWire).c_str()), 0);
    Frame frame;
    Next next = Next::idle;
    for (int i = 0; i < 200 && next == Next::idle; ++i) next = (*source)->next(frame);
    EXPECT_EQ(next, Next::end);
    EXPECT_NE((*source)->problem().error().message.find(kMonitor), std::string::npos);
  });
}

TEST(LiveSource, SaysWhichPortDoesNotExist) {
  const auto source = LiveSource::open({.interface = "nosuchport"});
  ASSERT_FALSE(source);
  EXPECT_NE(source.error().message.find("monitor port nosuchport: "), std::string::npos);
}

}  // namespace
}  // namespace osect::capture
