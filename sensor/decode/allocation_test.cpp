// No frame allocates: every allocation of the process is counted while a whole day's variety of
// frames goes through.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>
#include <string>
#include <vector>

#include "sensor/decode/frame_maker_test.h"

namespace {
std::size_t allocations = 0;  // the tests of this program run on one thread
}

// noinline: the compiler must not pair a malloc here with a delete elsewhere and complain.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* at = std::malloc(size != 0 ? size : 1)) return at;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* at) noexcept {
  std::free(at);
}
[[gnu::noinline]] void operator delete(void* at, std::size_t) noexcept {
  std::free(at);
}

namespace osect::decode {
namespace {

using namespace make;

struct Silent final : Sink {
  void on_segment(const Segment&) override { ++calls; }
  void on_stream(const StreamPiece&) override { ++calls; }
  void on_stream_end(Flow&) override { ++calls; }
  void on_flow_end(Flow&) override { ++calls; }
  std::uint64_t calls = 0;
};

TEST(Allocation, NoFrameAllocatesAfterTheStart) {
  std::vector<Bytes> frames;
  const auto add_tcp = [&](std::uint16_t port, std::uint32_t seq, std::uint8_t flags,
                           const std::string& data) {
    frames.push_back(tcp({.from = kClient,
                          .to = kServer,
                          .sport = port,
                          .dport = 502,
                          .seq = seq,
                          .flags = flags,
                          .data = data}));
  };
  for (std::uint16_t port = 1024; port < 1224; ++port) {  // more flows than the table below holds
    add_tcp(port, 0, tcp_flag::kSyn, "");
    add_tcp(port, 1001, tcp_flag::kAck, std::string(900, 'b'));  // beyond a gap
    add_tcp(port, 1, tcp_flag::kAck, std::string(500, 'a'));
    add_tcp(port, 2001, tcp_flag::kAck | tcp_flag::kFin, "c");
    frames.push_back(udp(kClient, kServer, port, 53, "question"));
    const Bytes whole = udp_datagram(port, 161, Bytes(64, 'x'));
    frames.push_back(
        ethernet(kClient, kServer,
                 typed(0x0800, ipv4(kClient, kServer, Bytes(whole.begin(), whole.begin() + 32),
                                    {.id = port, .has_more = true}))));
    if (port % 2 == 0)
      frames.push_back(
          ethernet(kClient, kServer,
                   typed(0x0800, ipv4(kClient, kServer, Bytes(whole.begin() + 32, whole.end()),
                                      {.id = port, .offset = 32}))));
    frames.push_back(
        ethernet(kClient, kServer,
                 typed(0x0800, ip(kClient, kServer, 47, hex("0000 6558") + frames.back()))));
    frames.push_back(
        ethernet(kClient, kServer, typed(0x88b8, Bytes(20, static_cast<std::uint8_t>(port)))));
  }
  DecodeLimits limits;
  limits.flows_max = 128;
  limits.stream_bytes_max = 64 << 10;
  limits.fragment_bytes_max = 32 << 10;
  Silent sink;
  Decoder decoder(limits, sink);
  const std::size_t before = allocations;
  TimeNs time = kSecondNs;
  for (int round = 0; round < 3; ++round)
    for (const Bytes& frame : frames)
      decoder.decode({.time = time += 200'000'000,
                      .bytes = frame,
                      .wire_length = static_cast<std::uint32_t>(frame.size())});
  decoder.finish();
  EXPECT_EQ(allocations, before);
  EXPECT_GT(sink.calls, frames.size());
  EXPECT_GT(decoder.counters().flows_evicted, 0U);
}

}  // namespace
}  // namespace osect::decode
