// The libFuzzer driver of every dissector: OSECT_FUZZED names it; messages go through the real
// engine on its first port, or on any. The engine knows this protocol and those that others carry:
// with all of them, most of the time goes to counting what code ran. Without OSECT_FUZZED the
// engine knows them all, and the input's first byte chooses whose port is spoken on.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>

#include "sensor/dissect/dissector.h"
#include "sensor/dissect/engine.h"

namespace osect::dissect {

#ifdef OSECT_FUZZED
#define OSECT_PROTOCOL(name)         \
  namespace name {                   \
  extern const Dissector kDissector; \
  }
OSECT_PROTOCOL(OSECT_FUZZED)
OSECT_PROTOCOL(cip)
OSECT_PROTOCOL(pccc)
OSECT_PROTOCOL(umas)
OSECT_PROTOCOL(knx)
OSECT_PROTOCOL(mtconnect)
OSECT_PROTOCOL(sparkplug)
#undef OSECT_PROTOCOL

// In the place of registry.cpp's.
std::span<const Dissector* const> dissectors() {
  static constexpr auto kList = std::to_array<const Dissector*>(
      {&OSECT_FUZZED::kDissector, &cip::kDissector, &pccc::kDissector, &umas::kDissector,
       &knx::kDissector, &mtconnect::kDissector, &sparkplug::kDissector});
  return kList;
}
#endif

namespace {

#ifdef OSECT_FUZZED
const Dissector& fuzzed(Cursor&) {
  return OSECT_FUZZED::kDissector;
}
#else
const Dissector& fuzzed(Cursor& in) {
  const auto all = dissectors();
  return *all[in.u8() % all.size()];
}
#endif

// Reads every byte that is stated, so that a view beyond its message is found.
class Reader final : public StatementSink {
 public:
  Memo on_operation(const Origin& origin, const Operation& operation,
                    std::optional<Memo>) override {
    touch(origin.protocol);
    touch(operation.function);
    touch(operation.code);
    touch(operation.target);
    return 0;
  }
  void on_fact(const Origin&, const Fact& fact) override {
    touch(fact.attribute);
    touch(fact.value);
    if (fact.value.empty()) std::abort();
  }
  void on_protocol(const Origin& origin, bool) override { touch(origin.protocol); }
  void on_anomaly(const Origin& origin) override { touch(origin.protocol); }

 private:
  void touch(std::string_view text) {
    for (const char c : text) sum_ = sum_ + static_cast<unsigned char>(c);
  }
  volatile unsigned sum_ = 0;
};

// One of the transports.
std::uint8_t next_of(int overs) {
  return static_cast<std::uint8_t>(overs & -overs);
}

decode::Flow flow_of(const Dissector& dissector, std::uint8_t over) {
  decode::Flow flow;
  constexpr std::uint16_t kAnyPort = 4711;  // of protocols that have none of their own
  const std::uint16_t port = over == over::kEthernet   ? dissector.ethertypes.front()
                             : dissector.ports.empty() ? kAnyPort
                                                       : dissector.ports.front();
  flow.transport = over == over::kTcp   ? decode::Transport::tcp
                   : over == over::kUdp ? decode::Transport::udp
                   : over == over::kIp  ? decode::Transport::other
                                        : decode::Transport::ethernet;
  flow.ip_protocol = over == over::kTcp   ? 6
                     : over == over::kUdp ? 17
                     : over == over::kIp  ? static_cast<std::uint8_t>(port)
                                          : 0;
  flow.ethertype = over == over::kEthernet ? port : std::uint16_t{0x0800};
  if (over != over::kEthernet) {
    flow.ends[0].ip = IpAddress::v4(0x0a000001);
    flow.ends[1].ip = IpAddress::v4(0x0a000002);
    flow.ends[0].port = 49152;
    flow.ends[1].port = port;
  }
  return flow;
}

// The index asks a probe only about bytes with the protocol's leads: a yes to others would never be
// heard. Over Ethernet the ethertype alone decides who is asked.
void check_leads(const Dissector& dissector, std::uint8_t over,
                 std::span<const std::uint8_t> bytes) {
  if (dissector.off_port == OffPort::never || over == over::kEthernet) return;
  const Context context{.over = over};
  if (dissector.probe(Cursor(bytes), context) != Verdict::yes) return;
  for (const Lead& lead : dissector.leads)
    if (lead.offset < bytes.size() && !lead.bytes.has(bytes[lead.offset])) std::abort();
}

// For protocols that only others carry.
class Ear final : public Out {
 public:
  explicit Ear(Reader& reader) : reader_(reader) {}
  void say(const Operation& operation, const Cursor&) override {
    reader_.on_operation(origin_, operation, std::nullopt);
  }
  void say(const Fact& fact, const Cursor& proof) override {
    if (proof.is_good()) reader_.on_fact(origin_, fact);
  }
  void say_direction(Role, const Cursor&) override {}
  void check(const Cursor&) override {}
  void carry(std::uint16_t, std::uint64_t, const Cursor&) override {}
  // As if anything had been asked.
  std::optional<Asked> asked(std::uint64_t transaction) override {
    if (transaction % 2 == 0) return std::nullopt;
    return Asked{"service 0x01 class 0x01", "identity 1"};
  }

 private:
  Reader& reader_;
  Origin origin_;
};

void run_inside(const Dissector& dissector, Cursor message, std::uint8_t flags,
                std::uint32_t& memory, Reader& reader) {
  const Context context{.over = over::kInside,
                        .is_to_server = (flags & 1) == 0,
                        .is_direction_known = (flags & 2) != 0,
                        .is_whole = (flags & 4) == 0,
                        .inside = dissector.ports[flags / 64U % dissector.ports.size()],
                        .memory = &memory};
  Ear ear(reader);
  if (dissector.probe(message, context) == Verdict::yes) dissector.dissect(message, context, ear);
}

// The input is a list of messages: flags, length (two bytes), bytes. Flags: 1 from the server, 2
// bytes were lost before, 4 the capture cut it, 8 the connection was seen to open, 0x10 over the
// second transport, 0x20 off the usual port.
void run(Cursor in) {
  const Dissector& dissector = fuzzed(in);
  Reader reader;
  Engine engine(
      {.flows_max = 4, .buffers_max = 2, .requests_max = 64, .notes_max = 64, .trials_max = 2},
      reader);
  const std::uint8_t first = in.peek();
  std::uint8_t over = next_of(dissector.over);
  if ((first & 0x10) != 0 && over != dissector.over) over = next_of(dissector.over ^ over);
  decode::Flow flow = flow_of(dissector, over);
  if ((first & 0x20) != 0 && over == over::kTcp) flow.ends[1].port = 4711;
  if ((first & 0x08) != 0) flow.state_client(decode::End::a, decode::OpenerGround::syn);
  TimeNs now = 0;
  std::uint32_t memory = 0;
  while (in.left() > 0) {
    const std::uint8_t flags = in.u8();
    const std::size_t length = in.be16();
    const auto bytes = in.bytes(std::min(length, in.left()));
    if (!in.is_good() || bytes.empty()) break;
    const decode::End from = (flags & 1) != 0 ? decode::End::b : decode::End::a;
    now += 1'000'000;
    if (over == over::kInside) {
      run_inside(dissector, Cursor(bytes), flags, memory, reader);
      continue;
    }
    check_leads(dissector, over, bytes);
    if (over == over::kTcp) {
      engine.on_stream({.time = now,
                        .flow = &flow,
                        .from = from,
                        .lost_before = (flags & 2) != 0 ? 7U : 0U,
                        .is_start = (flags & 8) != 0,
                        .bytes = bytes});
      continue;
    }
    decode::Segment segment;
    segment.time = now;
    segment.ethertype = flow.ethertype;
    segment.source = flow.ends[decode::index(from)].ip;
    segment.destination = flow.ends[decode::index(decode::other(from))].ip;
    segment.ip_protocol = flow.ip_protocol;
    segment.is_truncated = (flags & 4) != 0;
    segment.payload = bytes;
    segment.flow = &flow;
    segment.from = from;
    engine.on_segment(segment);
  }
  engine.on_flow_end(flow);
}

}  // namespace
}  // namespace osect::dissect

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  osect::dissect::run(osect::dissect::Cursor({data, size}));
  return 0;
}
