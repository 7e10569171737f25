// What a user could notice of the observer: who is there, who talks to whom, exact counts, and
// bounded scans.
#include "sensor/observe/observer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <tuple>

namespace osect::observe {
namespace {

using decode::End;
using decode::Flow;
using decode::OpenerGround;
using decode::Segment;
using decode::Transport;

constexpr TimeNs kStart = 1'700'000'000 * kSecondNs;
constexpr std::uint8_t kByte = 0;

MacAddress mac(std::uint32_t n) {
  return {{0x00, 0x80, static_cast<std::uint8_t>(n >> 24), static_cast<std::uint8_t>(n >> 16),
           static_cast<std::uint8_t>(n >> 8), static_cast<std::uint8_t>(n)}};
}
IpAddress ip(std::uint32_t n) {
  return IpAddress::v4(0x0a000000U + n);
}

struct Party {
  MacAddress mac;
  IpAddress ip;
  std::uint16_t port = 0;
};
Party party(std::uint32_t n, std::uint16_t port) {
  return {mac(n), ip(n), port};
}

// Plays the part of decode: keeps the flows, counts in them and hands segments over.
class Wire {
 public:
  explicit Wire(const ObserveLimits& limits = {}) : observer(limits) {}

  Flow& flow(const Party& a, const Party& b, Transport transport = Transport::tcp) {
    const bool is_turned = std::tie(b.ip, b.mac, b.port) < std::tie(a.ip, a.mac, a.port);
    const Party& low = is_turned ? b : a;
    const Party& high = is_turned ? a : b;
    auto& flow = flows_[{low.mac, low.ip, low.port, high.mac, high.ip, high.port, transport}];
    if (flow == nullptr) {
      flow = std::make_unique<Flow>();
      flow->ends[0] = {MacAddress{}, low.ip, low.port};
      flow->ends[1] = {MacAddress{}, high.ip, high.port};
      flow->transport = transport;
      flow->first = now;
    }
    return *flow;
  }

  void send(const Party& from, const Party& to, std::uint32_t length = 100, bool has_payload = true,
            Transport transport = Transport::tcp, OpenerGround ground = OpenerGround::first_frame) {
    Flow& of = flow(from, to, transport);
    Segment segment;
    segment.time = now;
    segment.wire_length = length;
    segment.source_mac = from.mac;
    segment.destination_mac = to.mac;
    segment.source = from.ip;
    segment.destination = to.ip;
    if (has_payload) segment.payload = {&kByte, 1};
    segment.flow = &of;
    segment.from = of.ends[0].ip == from.ip && of.ends[0].port == from.port &&
                           (!from.ip.is_none() || of.packets[0] == 0 || of.ends[0].mac == from.mac)
                       ? End::a
                       : End::b;
    const std::size_t end = decode::index(segment.from);
    if (of.packets[end] == 0) of.ends[end].mac = from.mac;
    of.packets[end] += 1;
    of.bytes[end] += length;
    of.last = now;
    of.state_client(segment.from, ground);
    observer.on_segment(segment);
  }
  void syn(const Party& from, const Party& to) {
    send(from, to, 60, false, Transport::tcp, OpenerGround::syn);
  }
  void recognise(const Party& a, const Party& b, std::string_view protocol,
                 Transport transport = Transport::tcp) {
    dissect::Origin origin;
    origin.time = now;
    origin.flow = &flow(a, b, transport);
    origin.protocol = protocol;
    observer.on_protocol(origin, false);
  }
  void fold() {
    for (auto& [key, flow] : flows_) observer.fold(*flow);
  }
  void end_all() {
    for (auto& [key, flow] : flows_) observer.on_flow_end(*flow);
    flows_.clear();
  }
  Report drain() {
    fold();
    return observer.drain(now);
  }
  Report totals() {
    fold();
    return observer.totals();
  }

  Observer observer;
  TimeNs now = kStart;

 private:
  using Key = std::tuple<MacAddress, IpAddress, std::uint16_t, MacAddress, IpAddress, std::uint16_t,
                         Transport>;
  std::map<Key, std::unique_ptr<Flow>> flows_;
};

std::array<std::uint64_t, 2> total_packets(const Report& report) {
  std::array<std::uint64_t, 2> sum{};
  for (const auto& row : report.conversations) {
    sum[0] += row.packets[0];
    sum[1] += row.packets[1];
  }
  return sum;
}

TEST(Observer, counts_a_conversation_from_the_side_that_opened_it) {
  Wire wire;
  const Party client = party(1, 50000);
  const Party server = party(2, 502);
  wire.syn(client, server);
  wire.send(server, client, 60, false);
  wire.send(client, server, 66);
  wire.now += kSecondNs;
  wire.send(server, client, 75);
  const Report report = wire.drain();
  ASSERT_EQ(report.conversations.size(), 1U);
  const auto& row = report.conversations[0];
  EXPECT_EQ(row.client.ip, client.ip);
  EXPECT_EQ(row.client.mac, client.mac);
  EXPECT_EQ(row.server.ip, server.ip);
  EXPECT_EQ(row.port, 502);
  EXPECT_EQ(row.packets, (std::array<std::uint64_t, 2>{2, 2}));
  EXPECT_EQ(row.bytes, (std::array<std::uint64_t, 2>{126, 135}));
  EXPECT_EQ(row.flows, 1U);
  EXPECT_EQ(row.first, kStart);
  EXPECT_EQ(row.last, kStart + kSecondNs);
  EXPECT_TRUE(row.is_new);
  ASSERT_EQ(report.endpoints.size(), 2U);
  EXPECT_EQ(report.endpoints[0].packets, 2U);
  EXPECT_EQ(report.endpoints[0].bytes, 126U);
}

TEST(Observer, drains_each_packet_once) {
  Wire wire;
  const Party client = party(1, 50000);
  const Party server = party(2, 502);
  wire.syn(client, server);
  EXPECT_EQ(total_packets(wire.drain())[0], 1U);
  EXPECT_TRUE(wire.drain().is_empty());
  wire.now += kMinuteNs;
  wire.send(client, server);
  const Report second = wire.drain();
  ASSERT_EQ(second.conversations.size(), 1U);
  EXPECT_FALSE(second.conversations[0].is_new);
  EXPECT_EQ(second.conversations[0].packets[0], 1U);
  EXPECT_EQ(second.conversations[0].flows, 0U);
  ASSERT_EQ(second.endpoints.size(), 1U);
  EXPECT_EQ(second.endpoints[0].packets, 1U);
  EXPECT_EQ(second.endpoints[0].first, wire.now);
  wire.end_all();
  EXPECT_TRUE(wire.drain().is_empty());
  EXPECT_EQ(total_packets(wire.totals())[0], 2U);
}

TEST(Observer, tells_a_new_endpoint_at_once_and_once) {
  Wire wire;
  wire.syn(party(1, 50000), party(2, 502));
  const Report first = wire.observer.drain_new(wire.now);
  ASSERT_EQ(first.endpoints.size(), 1U);
  EXPECT_TRUE(first.endpoints[0].is_new);
  EXPECT_EQ(first.endpoints[0].host.ip, ip(1));
  EXPECT_TRUE(wire.observer.drain_new(wire.now).is_empty());
}

TEST(Observer, tells_a_conversation_as_soon_as_its_protocol_is_known) {
  Wire wire;
  const Party client = party(1, 50000);
  const Party server = party(2, 502);
  wire.syn(client, server);
  EXPECT_TRUE(wire.observer.drain_new(wire.now).conversations.empty());
  wire.recognise(client, server, "modbus");
  wire.send(server, client);
  const Report report = wire.observer.drain_new(wire.now);
  ASSERT_EQ(report.conversations.size(), 1U);
  EXPECT_EQ(report.conversations[0].protocol, "modbus");
  EXPECT_EQ(report.conversations[0].packets, (std::array<std::uint64_t, 2>{1, 1}));
}

TEST(Observer, a_connection_that_carried_nothing_joins_the_service_it_was_for) {
  Wire wire;
  wire.syn(party(1, 50000), party(2, 502));
  wire.end_all();
  wire.recognise(party(1, 50001), party(2, 502), "modbus");
  wire.syn(party(1, 50001), party(2, 502));
  wire.end_all();
  wire.syn(party(1, 50002), party(2, 502));
  const Report report = wire.totals();
  ASSERT_EQ(report.conversations.size(), 1U);
  EXPECT_EQ(report.conversations[0].protocol, "modbus");
  EXPECT_EQ(report.conversations[0].flows, 3U);
}

TEST(Observer, tells_two_protocols_on_one_service_apart) {
  Wire wire;
  wire.recognise(party(1, 50000), party(2, 443), "tls");
  wire.syn(party(1, 50000), party(2, 443));
  wire.recognise(party(1, 50001), party(2, 443), "http");
  wire.syn(party(1, 50001), party(2, 443));
  const Report report = wire.totals();
  ASSERT_EQ(report.conversations.size(), 2U);
  EXPECT_EQ(report.conversations[0].protocol, "http");
  EXPECT_EQ(report.conversations[1].protocol, "tls");
}

TEST(Observer, a_connection_met_in_the_middle_follows_the_direction_a_syn_showed) {
  Wire wire;
  const Party server = party(2, 9000);
  wire.syn(party(1, 50000), server);
  wire.end_all();
  wire.send(server, party(1, 50001));  // first frame seen is the server's
  const Report report = wire.drain();
  ASSERT_EQ(report.conversations.size(), 1U);
  EXPECT_EQ(report.conversations[0].client.ip, ip(1));
  EXPECT_EQ(report.conversations[0].packets, (std::array<std::uint64_t, 2>{1, 1}));
}

TEST(Observer, totals_turn_a_guessed_direction_round_when_a_syn_comes_later) {
  Wire wire;
  const Party server = party(2, 9000);
  wire.send(server, party(1, 50001), 500);
  wire.send(party(1, 50001), server, 40);
  static_cast<void>(wire.drain());
  wire.end_all();
  wire.syn(party(1, 50002), server);
  const Report report = wire.totals();
  ASSERT_EQ(report.conversations.size(), 1U);
  EXPECT_EQ(report.conversations[0].client.ip, ip(1));
  EXPECT_EQ(report.conversations[0].port, 9000);
  EXPECT_EQ(report.conversations[0].packets, (std::array<std::uint64_t, 2>{2, 1}));
  EXPECT_EQ(report.conversations[0].bytes, (std::array<std::uint64_t, 2>{100, 500}));
  EXPECT_EQ(report.conversations[0].flows, 2U);
}

TEST(Observer, groups_are_spoken_to_but_are_no_endpoints) {
  Wire wire;
  const Party group{MacAddress::parse("01:00:5e:7f:ff:fa").value(),
                    *IpAddress::parse("239.255.255.250"), 1900};
  const Party everybody{MacAddress::parse("ff:ff:ff:ff:ff:ff").value(),
                        *IpAddress::parse("10.0.0.255"), 137};
  const Party nobody{mac(1), *IpAddress::parse("0.0.0.0"), 68};
  wire.send(party(1, 1900), group, 100, true, Transport::udp);
  wire.send(party(1, 137), everybody, 100, true, Transport::udp);
  wire.send(nobody, everybody, 100, true, Transport::udp);
  const Report report = wire.totals();
  ASSERT_EQ(report.endpoints.size(), 2U);
  EXPECT_EQ(report.endpoints[0].host, (Host{0, mac(1), IpAddress{}}));
  EXPECT_EQ(report.endpoints[1].host, (Host{0, mac(1), ip(1)}));
  EXPECT_EQ(report.conversations.size(), 3U);
}

TEST(Observer, whoever_is_only_spoken_to_is_an_endpoint_that_has_not_sent) {
  Wire wire;
  wire.syn(party(1, 50000), party(2, 502));
  const Report report = wire.drain();
  ASSERT_EQ(report.endpoints.size(), 2U);
  EXPECT_TRUE(report.endpoints[0].has_sent);
  EXPECT_FALSE(report.endpoints[1].has_sent);
  EXPECT_EQ(report.endpoints[1].host.mac, mac(2));
  EXPECT_EQ(report.endpoints[1].packets, 0U);
}

TEST(Observer, a_scan_of_every_port_is_one_event_and_few_conversations) {
  Wire wire;
  for (std::uint32_t port = 1; port < 65536; ++port) {
    const Party target = party(2, static_cast<std::uint16_t>(port));
    wire.syn(party(1, 40000), target);
    wire.send(target, party(1, 40000), 54, false);
    wire.end_all();
    wire.now += 1'000'000;
  }
  const Report report = wire.drain();
  EXPECT_LE(report.conversations.size(), ScanLimits{}.collapse_ports + 1U);
  EXPECT_EQ(total_packets(report), (std::array<std::uint64_t, 2>{65535, 65535}));
  EXPECT_EQ(report.endpoints.size(), 2U);
  ASSERT_EQ(report.events.size(), 1U);
  EXPECT_EQ(report.events[0].kind, "port_scan");
  EXPECT_EQ(report.events[0].subject.ip, ip(1));
  EXPECT_EQ(report.events[0].count, 65535U);
  EXPECT_THAT(report.events[0].detail, testing::ElementsAre(testing::Pair("transport", "tcp"),
                                                            testing::Pair("server", "10.0.0.2"),
                                                            testing::Pair("ports", "65535")));
}

TEST(Observer, a_sweep_over_ten_thousand_addresses_is_one_event_and_few_conversations) {
  Wire wire;
  for (std::uint32_t n = 0; n < 10'000; ++n) {
    Party target = party(1000 + n, 502);
    target.mac = mac(2);  // the router's
    wire.syn(party(1, 40000), target);
    wire.end_all();
    wire.now += 10'000'000;
  }
  const Report report = wire.drain();
  EXPECT_LE(report.conversations.size(), ScanLimits{}.collapse_peers + 1U);
  EXPECT_LE(report.endpoints.size(), ScanLimits{}.collapse_peers + 1U);
  EXPECT_EQ(total_packets(report)[0], 10'000U);
  ASSERT_EQ(report.events.size(), 1U);
  EXPECT_EQ(report.events[0].kind, "address_scan");
  EXPECT_EQ(report.events[0].count, 10'000U);
}

TEST(Observer, a_client_of_a_thousand_machines_that_answer_is_no_scan) {
  Wire wire;
  for (std::uint32_t n = 0; n < 1'000; ++n) {
    const Party plc = party(1000 + n, 502);
    wire.syn(party(1, 40000), plc);
    wire.send(plc, party(1, 40000));
  }
  const Report report = wire.drain();
  EXPECT_EQ(report.conversations.size(), 1'000U);
  EXPECT_TRUE(report.events.empty());
}

TEST(Observer, a_flood_of_mac_addresses_is_one_event_and_few_endpoints) {
  Wire wire;
  const std::size_t before = wire.observer.memory_bytes();
  for (std::uint32_t n = 0; n < 100'000; ++n) {
    wire.send(party(0x100000 + n, 1), party(0x800000 + n, 2), 64, true, Transport::udp);
    wire.end_all();
    wire.now += 100'000;
  }
  const Report report = wire.drain();
  EXPECT_EQ(wire.observer.memory_bytes(), before);
  EXPECT_LE(report.endpoints.size(), 2U * ScanLimits{}.flood_macs);
  EXPECT_LE(report.conversations.size(), ScanLimits{}.flood_macs + 1U);
  const auto packets = total_packets(report);
  EXPECT_EQ(packets[0] + packets[1], 100'000U);
  ASSERT_EQ(report.events.size(), 1U);
  EXPECT_EQ(report.events[0].kind, "mac_flood");
}

TEST(Observer, a_full_table_counts_what_left) {
  ObserveLimits limits;
  limits.conversations_max = 16;
  limits.endpoints_max = 8;
  Wire wire(limits);
  for (std::uint32_t n = 0; n < 100; ++n) {
    wire.now += kSecondNs;
    wire.send(party(10 + n, 5000), party(1, 502));
    wire.end_all();
  }
  const Report report = wire.drain();
  EXPECT_EQ(report.conversations.size(), 16U);
  EXPECT_EQ(report.endpoints.size(), 8U);
  EXPECT_EQ(wire.observer.counters().conversations_evicted, 84U);
  EXPECT_EQ(wire.observer.counters().packets_evicted + total_packets(report)[0] +
                total_packets(report)[1],
            100U);
  EXPECT_GT(wire.observer.counters().endpoints_evicted, 0U);

  // Whoever speaks again is told, and nobody else is.
  wire.now += kMinuteNs;
  wire.send(party(10 + 99, 5000), party(1, 502));
  const Report next = wire.drain();
  ASSERT_EQ(next.conversations.size(), 1U);
  EXPECT_EQ(next.conversations[0].client.ip, ip(10 + 99));
}

class Statements : public testing::Test {
 protected:
  Statements() {
    origin.time = kStart;
    origin.sender_mac = mac(1);
    origin.receiver_mac = mac(2);
    origin.sender_ip = ip(1);
    origin.receiver_ip = ip(2);
    origin.protocol = "modbus";
  }
  void turn() {
    std::swap(origin.sender_mac, origin.receiver_mac);
    std::swap(origin.sender_ip, origin.receiver_ip);
  }

  Observer observer{ObserveLimits{}};
  dissect::Origin origin;
};

TEST_F(Statements, requests_are_counted_and_refusals_of_them) {
  dissect::Operation operation;
  operation.function = "read_holding_registers";
  operation.code = "3";
  operation.access = dissect::Access::read;
  operation.target = "unit 7";
  for (int i = 0; i < 3; ++i) {
    operation.role = dissect::Role::request;
    operation.is_error = false;
    const dissect::Memo memo = observer.on_operation(origin, operation, std::nullopt);
    turn();
    operation.role = dissect::Role::response;
    operation.is_error = i == 2;
    observer.on_operation(origin, operation, memo);
    turn();
  }
  const Report report = observer.drain(kStart);
  ASSERT_EQ(report.operations.size(), 1U);
  const auto& row = report.operations[0];
  EXPECT_EQ(row.client.ip, ip(1));
  EXPECT_EQ(row.server.ip, ip(2));
  EXPECT_EQ(row.function, "read_holding_registers");
  EXPECT_EQ(row.code, "3");
  EXPECT_EQ(row.access, dissect::Access::read);
  EXPECT_EQ(row.target, "unit 7");
  EXPECT_EQ(row.count, 3U);
  EXPECT_EQ(row.errors, 1U);
  EXPECT_TRUE(observer.drain(kStart).is_empty());
}

TEST_F(Statements, answers_whose_question_was_lost_do_not_count_as_questions) {
  dissect::Operation operation;
  operation.code = "4";
  operation.target = "unit 1";
  observer.on_operation(origin, operation, std::nullopt);
  turn();
  origin.sender_mac = mac(99);  // by way of another router
  operation.role = dissect::Role::response;
  operation.target = "";
  for (int i = 0; i < 3; ++i) observer.on_operation(origin, operation, std::nullopt);
  const Report report = observer.drain(kStart);
  ASSERT_EQ(report.operations.size(), 1U);
  EXPECT_EQ(report.operations[0].count, 1U);
  EXPECT_EQ(observer.totals().operations.size(), 1U);
}

TEST_F(Statements, answers_stand_for_questions_where_the_mirror_shows_one_way) {
  turn();
  dissect::Operation operation;
  operation.role = dissect::Role::response;
  operation.code = "4";
  for (int i = 0; i < 3; ++i) observer.on_operation(origin, operation, std::nullopt);
  operation.is_error = true;
  observer.on_operation(origin, operation, std::nullopt);
  const Report report = observer.drain(kStart);
  ASSERT_EQ(report.operations.size(), 1U);
  EXPECT_EQ(report.operations[0].count, 3U);
  EXPECT_EQ(report.operations[0].errors, 1U);
}

TEST_F(Statements, cyclic_traffic_has_a_cycle_and_its_jitter) {
  dissect::Operation operation;
  operation.role = dissect::Role::message;
  operation.code = "io";
  operation.access = dissect::Access::cyclic;
  for (int i = 0; i < 1000; ++i) {
    observer.on_operation(origin, operation, std::nullopt);
    origin.time += i % 2 == 0 ? 9'000'000 : 11'000'000;
  }
  const Report report = observer.drain(origin.time);
  ASSERT_EQ(report.operations.size(), 1U);
  EXPECT_NEAR(report.operations[0].cycle_us, 10'000, 50);
  EXPECT_NEAR(report.operations[0].jitter_us, 1'000, 50);
}

TEST_F(Statements, who_answers_a_question_to_everybody_has_a_cycle_too) {
  dissect::Operation operation;
  operation.role = dissect::Role::response;
  operation.code = "0x0e70";
  operation.access = dissect::Access::cyclic;
  for (int i = 0; i < 100; ++i) {
    observer.on_operation(origin, operation, std::nullopt);
    origin.time += 4'000'000;
  }
  const Report report = observer.drain(origin.time);
  ASSERT_EQ(report.operations.size(), 1U);
  EXPECT_EQ(report.operations[0].count, 100U);
  EXPECT_EQ(report.operations[0].cycle_us, 4'000U);
}

TEST_F(Statements, a_fact_is_told_once_and_again_after_a_day) {
  dissect::Fact fact;
  fact.attribute = "vendor";
  fact.value = "Schneider Electric";
  observer.on_fact(origin, fact);
  fact.confidence = 90;
  observer.on_fact(origin, fact);
  const Report first = observer.drain_new(kStart);
  ASSERT_EQ(first.facts.size(), 1U);
  EXPECT_EQ(first.facts[0].count, 2U);
  EXPECT_EQ(first.facts[0].confidence, 90);
  EXPECT_EQ(first.facts[0].source, "modbus");
  EXPECT_EQ(first.facts[0].subject.ip, ip(1));
  origin.time += 3600 * kSecondNs;
  observer.on_fact(origin, fact);
  EXPECT_TRUE(observer.drain(origin.time).facts.empty());
  origin.time += 24 * 3600 * kSecondNs;
  observer.on_fact(origin, fact);
  EXPECT_EQ(observer.drain(origin.time).facts.size(), 1U);
}

TEST_F(Statements, long_texts_are_cut_between_characters) {
  dissect::Fact fact;
  fact.attribute = "host_name";
  std::string value;
  for (int i = 0; i < 100; ++i) value += "\xe6\xa9\x9f";  // 機
  fact.value = value;
  observer.on_fact(origin, fact);
  const Report report = observer.drain(kStart);
  ASSERT_EQ(report.facts.size(), 1U);
  EXPECT_EQ(report.facts[0].value.size() % 3, 0U);
  EXPECT_EQ(report.facts[0].value, value.substr(0, report.facts[0].value.size()));
}

}  // namespace
}  // namespace osect::observe
