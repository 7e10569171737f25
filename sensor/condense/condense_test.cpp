// What the cloud reads is what the sensor recorded, whatever is lost on the way;
// proto/osect/v1/record.proto.
#include <fmt/format.h>
#include <google/protobuf/stubs/logging.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "osect/v1/record.pb.h"
#include "osect/v1/uplink.pb.h"
#include "sensor/condense/compress.h"
#include "sensor/condense/condenser.h"
#include "sensor/condense/cost.h"
#include "sensor/condense/encoder.h"
#include "sensor/condense/pack.h"
#include "sensor/condense/plant/plant.h"

namespace osect::condense {
namespace {

// A decoder written from the comments of record.proto alone; it shares no code with the sensor's.
// Rows become lines of text, so that a difference can be read.
class ReferenceDecoder {
 public:
  std::multiset<std::string> decode(const v1::Batch& batch) {
    if (batch.epoch() != epoch_) *this = ReferenceDecoder(batch.epoch());
    v1::Records r;
    EXPECT_TRUE(decompress(batch, r));
    announce(r.announced());
    std::multiset<std::string> rows;
    const std::int64_t end = r.begin_ms() + static_cast<std::int64_t>(r.length_ms());
    const auto times = [&](std::uint64_t first, std::uint64_t tail) {
      const std::int64_t f = r.begin_ms() + static_cast<std::int64_t>(first * r.tick_ms());
      const std::int64_t l = std::max(f, end - static_cast<std::int64_t>(tail * r.tick_ms()));
      return std::pair{f, l};
    };
    struct Sent {
      std::uint64_t packets = 0, bytes = 0;
    };
    std::map<std::size_t, Sent> sent;
    std::size_t id = 0;
    for (int i = 0; i < r.conversation_size(); ++i) {
      id += static_cast<std::size_t>(r.conversation(i));
      auto& p = counters_[id];
      const auto scaled = [](std::uint64_t v, std::uint64_t n, std::uint64_t d) {
        return d == 0 ? v : (v * n + d / 2) / d;  // made-up plants stay far below 2^32
      };
      const auto add = [](std::int64_t d, std::uint64_t v) {
        return static_cast<std::uint64_t>(d) + v;
      };
      const auto up = add(r.conversation_packets_up(i), p[0]);
      const auto down = add(r.conversation_packets_down(i), scaled(p[1], up, p[0]));
      const auto bytes_up = add(r.conversation_bytes_up(i), scaled(p[2], up, p[0]));
      const auto bytes_down = add(r.conversation_bytes_down(i), scaled(p[3], down, p[1]));
      p = {up, down, bytes_up, bytes_down};
      const auto& key = conversations_.at(id);
      const auto [first, last] = times(r.conversation_first(i), r.conversation_tail(i));
      rows.insert(fmt::format("conversation {} flows {} {}/{} {}/{} {} {}", key.name,
                              r.conversation_flows(i), up, down, bytes_up, bytes_down, first,
                              last));
      if (up > 0) sent[key.client].packets += up, sent[key.client].bytes += bytes_up;
      if (down > 0) sent[key.server].packets += down, sent[key.server].bytes += bytes_down;
    }
    id = 0;
    for (int i = 0; i < r.endpoint_host_size(); ++i) {
      id += static_cast<std::size_t>(r.endpoint_host(i));
      sent[id] = {r.endpoint_packets(i), r.endpoint_bytes(i)};
    }
    for (const auto& [host, s] : sent)
      rows.insert(fmt::format("endpoint {} {} {}", hosts_.at(host), s.packets, s.bytes));
    id = 0;
    for (int i = 0; i < r.operation_size(); ++i) {
      id += static_cast<std::size_t>(r.operation(i));
      auto& p = operation_counters_[id];
      p = {p[0] + static_cast<std::uint64_t>(r.operation_count(i)),
           p[1] + static_cast<std::uint64_t>(r.operation_errors(i)),
           p[2] + static_cast<std::uint64_t>(r.operation_cycle_us(i)),
           p[3] + static_cast<std::uint64_t>(r.operation_jitter_us(i))};
      const auto [first, last] = times(r.operation_first(i), r.operation_tail(i));
      rows.insert(fmt::format("operation {} {} {} {} {} {} {}", operations_.at(id), p[0], p[1],
                              p[2], p[3], first, last));
    }
    id = 0;
    for (int i = 0; i < r.fact_host_size(); ++i) {
      id += static_cast<std::size_t>(r.fact_host(i));
      const auto [first, last] = times(r.fact_first(i), r.fact_tail(i));
      rows.insert(fmt::format("fact {} {}={} {} {} {} {} {}", hosts_.at(id),
                              texts_.at(r.fact_attribute(i)), texts_.at(r.fact_value(i)),
                              texts_.at(r.fact_source(i)), r.fact_confidence(i), r.fact_count(i),
                              first, last));
    }
    return rows;
  }

  // A stream begins.
  void forget_counters() {
    counters_.clear();
    operation_counters_.clear();
  }

  v1::DictionaryState state() const {
    v1::DictionaryState state;
    state.set_epoch(epoch_);
    state.set_texts(static_cast<std::uint32_t>(texts_.size() - 1));
    state.set_hosts(static_cast<std::uint32_t>(hosts_.size() - 1));
    state.set_conversations(static_cast<std::uint32_t>(conversations_.size() - 1));
    state.set_operations(static_cast<std::uint32_t>(operations_.size() - 1));
    return state;
  }

  explicit ReferenceDecoder(std::uint64_t epoch = 0) : epoch_(epoch) {}

 private:
  struct Conversation {
    std::string name;
    std::size_t client = 0, server = 0;
  };

  void announce(const v1::Announced& a) {
    for (const auto& text : a.text()) texts_.push_back(text);
    std::size_t ip = 0;
    for (int i = 0; i < a.host_vlan_size(); ++i) {
      std::string name = fmt::format("vlan{} ", a.host_vlan(i));
      for (std::size_t b = 0; b < 6; ++b)
        name += fmt::format("{:02x}", static_cast<unsigned char>(
                                          a.host_mac()[6 * static_cast<std::size_t>(i) + b]));
      name += ' ';
      const auto length = static_cast<std::size_t>(a.host_ip_length()[static_cast<std::size_t>(i)]);
      for (std::size_t b = 0; b < length; ++b)
        name += fmt::format("{:02x}", static_cast<unsigned char>(a.host_ip()[ip + b]));
      ip += length;
      hosts_.push_back(name);
    }
    for (int i = 0; i < a.conversation_client_size(); ++i) {
      const auto client = a.conversation_client(i), server = a.conversation_server(i);
      conversations_.push_back(
          {fmt::format("{} > {} {} {} {}", hosts_.at(client), hosts_.at(server),
                       int{a.conversation_transport()[static_cast<std::size_t>(i)]},
                       a.conversation_port(i), texts_.at(a.conversation_protocol(i))),
           client, server});
    }
    for (int i = 0; i < a.operation_client_size(); ++i) {
      operations_.push_back(
          fmt::format("{} {} > {} {} {} {} {}", texts_.at(a.operation_protocol(i)),
                      hosts_.at(a.operation_client(i)), hosts_.at(a.operation_server(i)),
                      texts_.at(a.operation_function(i)), texts_.at(a.operation_code(i)),
                      int{a.operation_access()[static_cast<std::size_t>(i)]},
                      texts_.at(a.operation_target(i))));
    }
  }

  std::uint64_t epoch_;
  std::vector<std::string> texts_{""};
  std::vector<std::string> hosts_{""};
  std::vector<Conversation> conversations_{{}};
  std::vector<std::string> operations_{""};
  std::map<std::size_t, std::array<std::uint64_t, 4>> counters_;
  std::map<std::size_t, std::array<std::uint64_t, 4>> operation_counters_;
};

// The rows a batch must give, from the rows themselves.
std::multiset<std::string> expected(const Content& content) {
  ReferenceDecoder decoder;
  Dictionary dictionary;
  References references;
  v1::Records records;
  pack(content, dictionary, references, records);
  v1::Batch batch;
  compress(records, Compression::alone, batch);
  return decoder.decode(batch);
}

observe::Host host(std::uint8_t number) {
  observe::Host host;
  host.mac.bytes = {0, 0x80, 0xf4, 0, 0, number};
  host.ip = IpAddress::v4(0x0a000000U + number);
  return host;
}

observe::ConversationRow conversation(std::uint8_t client, std::uint8_t server, TimeNs first) {
  observe::ConversationRow row;
  row.client = host(client);
  row.server = host(server);
  row.transport = decode::Transport::tcp;
  row.port = 502;
  row.protocol = "modbus";
  row.packets = {3, 2};
  row.bytes = {198, 170};
  row.first = first;
  row.last = first + kSecondNs;
  return row;
}

// The rows as they are, in one batch.
Content content_of(Kind kind, const observe::Report& report) {
  Merge merge;
  for (const auto& row : report.endpoints) merge.add(row, {});
  for (const auto& row : report.conversations) merge.add(row, {});
  for (const auto& row : report.events) merge.add(row);
  Content content;
  content.kind = kind;
  content.rows = merge.take();
  content.rows.begin = report.begin;
  content.rows.end = report.end;
  return content;
}

TEST(Pack, GivesBackWhatWasPacked) {
  observe::Report report;
  report.begin = 5 * kMinuteNs;
  report.end = 6 * kMinuteNs;
  report.conversations.push_back(conversation(1, 2, 5 * kMinuteNs));
  observe::EndpointRow asked;  // never sent: the conversations do not say it exists
  asked.host = host(9);
  asked.is_new = true;
  asked.first = asked.last = 5 * kMinuteNs;
  report.endpoints.push_back(asked);
  observe::EventRow event;
  event.kind = "port_scan";
  event.severity = observe::Severity::medium;
  event.subject = host(1);
  event.detail = {{"ports", "64"}};
  event.first = event.last = 5 * kMinuteNs;
  report.events.push_back(event);
  auto content = content_of(Kind::novelty, report);
  content.gaps.push_back({"restart", kMinuteNs, 2 * kMinuteNs, 7, 700});
  content.health = Health{"0.1.0", 1, 2, 3, 4, 5, -6, 7};

  const auto read = unpack_alone(pack_alone(content));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->kind, Kind::novelty);
  ASSERT_EQ(read->rows.conversations.size(), 1U);
  const auto& row = read->rows.conversations[0];
  const auto& key = read->rows.entries.conversation(row.conversation);
  EXPECT_EQ(read->rows.entries.host(key.client).host(), host(1));
  EXPECT_EQ(read->rows.entries.text(key.protocol), "modbus");
  EXPECT_EQ(row.bytes, (std::array<std::uint64_t, 2>{198, 170}));
  EXPECT_EQ(row.last, 5 * kMinuteNs + kSecondNs);
  ASSERT_EQ(read->rows.endpoints.size(),
            3U);  // the two that sent nothing beyond the conversation are zero rows
  ASSERT_EQ(read->rows.events.size(), 1U);
  EXPECT_EQ(read->rows.events[0].detail, event.detail);
  EXPECT_EQ(read->gaps, content.gaps);
  EXPECT_EQ(read->health, content.health);
}

TEST(Pack, EndpointsThatConversationsImplyCostNothing) {
  observe::Report report;
  report.end = kMinuteNs;
  report.conversations.push_back(conversation(1, 2, kSecondNs));
  for (const auto& [number, packets, bytes] : {std::tuple{1, 3, 198}, std::tuple{2, 2, 170}}) {
    observe::EndpointRow row;
    row.host = host(static_cast<std::uint8_t>(number));
    row.has_sent = true;
    row.packets = static_cast<std::uint64_t>(packets);
    row.bytes = static_cast<std::uint64_t>(bytes);
    report.endpoints.push_back(row);
  }
  const auto content = content_of(Kind::counters, report);
  Dictionary dictionary;
  References references;
  v1::Records records;
  pack(content, dictionary, references, records);
  EXPECT_EQ(records.endpoint_host_size(), 0);
  const auto read = unpack_alone(pack_alone(content));
  ASSERT_TRUE(read);
  ASSERT_EQ(read->rows.endpoints.size(), 2U);
  EXPECT_EQ(read->rows.endpoints[0].packets, 3U);
  EXPECT_EQ(read->rows.endpoints[1].bytes, 170U);
}

TEST(Pack, TextOfHostileBytesBecomesText) {
  EXPECT_EQ(as_utf8(std::string_view("a\0b\xff\xc0\xafz", 7)),
            "a\xef\xbf\xbd"
            "b\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz");
  EXPECT_EQ(as_utf8("温度計"), "温度計");
  EXPECT_EQ(as_utf8("\xed\xa0\x80").size(), 9U);  // a surrogate is no character
  EXPECT_LE(as_utf8(std::string(5000, '\xff')).size(), kTextBytes);
}

TEST(Pack, HugeCountersSurvive) {
  observe::Report report;
  report.end = kMinuteNs;
  report.conversations.push_back(conversation(1, 2, 0));
  auto content = content_of(Kind::counters, report);
  Dictionary dictionary;
  References references;
  Dictionary read_dictionary;
  References read_references;
  for (const std::uint64_t huge : {std::uint64_t{1}, ~std::uint64_t{0}, std::uint64_t{1} << 63,
                                   std::uint64_t{0}, std::uint64_t{7}}) {
    content.rows.conversations[0].packets = {huge, huge / 2};
    content.rows.conversations[0].bytes = {huge, ~huge};
    v1::Records records;
    pack(content, dictionary, references, records);
    const auto read = unpack(records, read_dictionary, read_references);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->rows.conversations[0].packets, content.rows.conversations[0].packets);
    EXPECT_EQ(read->rows.conversations[0].bytes, content.rows.conversations[0].bytes);
  }
}

// Every byte of a batch changed: refused or read, never a crash.
TEST(Pack, DamagedBatchIsRefusedOrRead) {
  google::protobuf::SetLogHandler(nullptr);  // it would print a line for each damaged text
  Plant plant(3, 1, 5);
  auto alone = pack_alone(plant.minute().front());
  v1::Batch batch;
  ASSERT_TRUE(batch.ParseFromString(alone));
  v1::Records records;
  ASSERT_TRUE(decompress(batch, records));
  const auto plain = records.SerializeAsString();
  int refused = 0;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    for (const int mask : {0x01, 0x80, 0xff}) {
      auto damaged = plain;
      damaged[i] = static_cast<char>(damaged[i] ^ mask);
      v1::Records read;
      if (!read.ParseFromString(damaged)) continue;
      Dictionary dictionary;
      References references;
      if (!unpack(read, dictionary, references)) ++refused;
    }
    alone[i % alone.size()] = static_cast<char>(alone[i % alone.size()] ^ 0x10);
    (void)unpack_alone(alone);
    alone[i % alone.size()] = static_cast<char>(alone[i % alone.size()] ^ 0x10);
  }
  EXPECT_GT(refused, 0);
}

// The session: batches in flight are lost, streams break, either side comes back with older state.
// What the cloud commits is what the sensor recorded, each batch once.
TEST(Session, CloudReadsWhatWasRecordedWhateverIsLost) {
  for (std::uint32_t seed = 1; seed <= 12; ++seed) {
    std::mt19937 random(seed);
    const auto pick = [&](std::uint32_t most) {
      return static_cast<std::uint32_t>(random() % (most + 1));
    };
    Plant plant(seed, 1 + seed % 3, 6);
    std::uint64_t next_epoch = 100 * seed;
    const auto draw = [&] { return ++next_epoch; };
    const std::uint32_t cap = seed % 4 == 0 ? 60 : 65'536;
    Encoder encoder(draw, cap);
    ReferenceDecoder committed;  // the cloud's state as of its last commit
    std::uint64_t committed_sequence = 0;
    std::vector<std::pair<ReferenceDecoder, std::uint64_t>> backups{{committed, 0}};
    std::vector<Encoder> snapshots{encoder};
    std::vector<std::pair<std::string, std::multiset<std::string>>> spooled;  // by sequence - 1
    std::size_t compared = 0;

    for (int stream = 0; stream < 30; ++stream) {
      for (std::uint32_t i = pick(2); i > 0; --i)
        for (const auto& content : plant.minute())
          spooled.emplace_back(pack_alone(content), expected(content));
      if (pick(9) == 0)
        std::tie(committed, committed_sequence) =
            backups[pick(static_cast<std::uint32_t>(backups.size() - 1))];
      if (pick(9) == 0) encoder = snapshots[pick(static_cast<std::uint32_t>(snapshots.size() - 1))];
      if (pick(9) == 0) encoder = Encoder(draw, cap);
      committed.forget_counters();
      ReferenceDecoder decoder = committed;
      encoder.resume(decoder.state());
      const std::uint64_t lost_from = committed_sequence + 1 + pick(6);
      for (std::uint64_t sequence = committed_sequence + 1; sequence <= spooled.size();
           ++sequence) {
        v1::Batch batch;
        const auto& [alone, rows] = spooled[sequence - 1];
        ASSERT_TRUE(encoder.encode(sequence, alone, batch));
        if (sequence >= lost_from) continue;  // sent, never arrives
        ASSERT_EQ(decoder.decode(batch), rows) << "seed " << seed << " sequence " << sequence;
        ++compared;
        committed = decoder;
        committed_sequence = sequence;
        if (pick(1) == 0) encoder.acknowledge(sequence);  // else the acknowledgement is lost
      }
      if (pick(3) == 0) backups.emplace_back(committed, committed_sequence);
      if (pick(3) == 0) snapshots.push_back(encoder);
    }
    EXPECT_GT(compared, 20U);
  }
}

TEST(Session, SteadyTrafficCostsLittle) {
  Plant plant(77, 4, 25);
  Encoder encoder([] { return 1; });
  std::uint64_t sequence = 0;
  std::size_t bytes = 0;
  std::size_t rows = 0;
  for (int minute = 0; minute < 30; ++minute) {
    for (const auto& content : plant.minute()) {
      v1::Batch batch;
      ASSERT_TRUE(encoder.encode(++sequence, pack_alone(content), batch));
      if (minute < 5) continue;
      bytes += batch.records().size();
      rows += content.rows.conversations.size();
    }
  }
  // Seed 77 is none of those that the dictionary was trained on.
  const double each = static_cast<double>(bytes) / static_cast<double>(rows);
  RecordProperty("bytes_per_conversation_minute", fmt::format("{:.2f}", each));
  EXPECT_LT(each, 5.0);
}

TEST(Condenser, NoveltyGoesAtOnceCountersAtTheEnd) {
  Condenser condenser(CondenseLimits{});
  observe::Report report;
  report.begin = 0;
  report.end = kSecondNs;
  report.conversations.push_back(conversation(1, 2, kSecondNs / 2));
  report.conversations[0].is_new = true;
  condenser.add_new(report);
  EXPECT_TRUE(condenser.take().empty()) << "waits for company";
  condenser.advance(kSecondNs + 200'000'000);
  auto ready = condenser.take();
  ASSERT_EQ(ready.size(), 1U);
  EXPECT_EQ(ready[0].kind, Kind::novelty);
  EXPECT_EQ(ready[0].rows.conversations.size(), 1U);

  report.begin = 0;
  report.end = kMinuteNs;
  report.conversations[0].is_new = false;
  report.ports.push_back({0, "eth1", 5, 368, 0, 0, 0, 0, 0, 0});
  condenser.add_interval(0, report);
  ready = condenser.take();
  ASSERT_EQ(ready.size(), 1U);
  EXPECT_EQ(ready[0].kind, Kind::counters);
  EXPECT_EQ(ready[0].packets(), 5U);
  EXPECT_EQ(ready[0].rows.end, kMinuteNs);
}

TEST(Condenser, PortsAreMergedByKey) {
  CondenseLimits limits;
  limits.ports = 2;
  Condenser condenser(limits);
  observe::Report report;
  report.end = kMinuteNs;
  report.conversations.push_back(conversation(1, 2, kSecondNs));
  report.ports.push_back({0, "eth1", 5, 368, 0, 0, 0, 0, 0, 0});
  condenser.add_interval(0, report);
  EXPECT_TRUE(condenser.take().empty()) << "the other port has not reported";
  report.ports[0].name = "eth2";
  condenser.add_interval(1, report);
  const auto ready = condenser.take();
  ASSERT_EQ(ready.size(), 1U);
  ASSERT_EQ(ready[0].rows.conversations.size(), 1U);
  EXPECT_EQ(ready[0].rows.conversations[0].packets, (std::array<std::uint64_t, 2>{6, 4}));
  EXPECT_EQ(ready[0].rows.ports.size(), 2U);
}

TEST(Condenser, AnIdlePortIsToldSeldomALossAtOnce) {
  Condenser condenser(CondenseLimits{});
  observe::Report report;
  report.ports.push_back({0, "eth1", 1, 60, 0, 0, 0, 0, 0, 0});
  std::size_t batches = 0;
  std::uint64_t packets = 0;
  for (int minute = 0; minute < 11; ++minute) {
    report.begin = minute * kMinuteNs;
    report.end = report.begin + kMinuteNs;
    condenser.add_interval(0, report);
    for (const auto& content : condenser.take()) {
      ++batches;
      packets += content.rows.ports[0].packets;
    }
  }
  EXPECT_EQ(batches, 3U);
  EXPECT_EQ(packets, 11U) << "nothing is lost by waiting";
  report.ports[0].dropped_kernel = 1;
  report.begin += kMinuteNs;
  report.end += kMinuteNs;
  condenser.add_interval(0, report);
  EXPECT_EQ(condenser.take().size(), 1U);
}

TEST(Condenser, AClockThatIsSetBackOrLeapsMakesNoBatchOfYears) {
  Condenser condenser(CondenseLimits{});
  observe::Report report;
  report.begin = 0;
  report.end = 10 * 365 * 24 * 60 * kMinuteNs;
  report.conversations.push_back(conversation(1, 2, kSecondNs));
  report.ports.push_back({0, "eth1", 5, 368, 0, 0, 0, 0, 0, 0});
  condenser.add_interval(0, report);
  report.begin = report.end;
  report.end = kMinuteNs;
  condenser.add_interval(0, report);
  const auto ready = condenser.take();
  ASSERT_EQ(ready.size(), 2U);
  for (const auto& content : ready) {
    EXPECT_LE(content.rows.end - content.rows.begin, 24 * 60 * kMinuteNs);
    const auto read = unpack_alone(pack_alone(content));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->packets(), 5U);
  }
}

TEST(Condenser, AFactIsToldOnceADay) {
  Condenser condenser(CondenseLimits{});
  observe::Report report;
  observe::FactRow fact;
  fact.subject = host(1);
  fact.attribute = "model";
  fact.value = "X";
  fact.source = "modbus";
  fact.is_new = true;
  fact.count = 1;
  report.facts.push_back(fact);
  std::size_t told = 0;
  std::uint64_t count = 0;
  for (int minute = 0; minute < 3 * 24 * 60; ++minute) {
    report.begin = minute * kMinuteNs;
    report.end = report.begin + kMinuteNs;
    report.facts[0].first = report.facts[0].last = report.begin;
    condenser.add_interval(0, report);
    report.facts[0].is_new = false;
    condenser.advance(report.end);
    for (const auto& content : condenser.take()) {
      for (const auto& row : content.rows.facts) {
        ++told;
        count += row.count;
      }
    }
  }
  EXPECT_EQ(told, 3U);
  EXPECT_GT(count, 2U * 24 * 60);
}

TEST(Cost, GrowsWithWhatIsSaid) {
  UplinkCost cost;
  observe::Report report;
  report.end = kMinuteNs;
  report.ports.push_back({0, "eth1", 5, 368, 0, 0, 0, 0, 0, 0});
  cost.add_interval(report);
  const auto idle = cost.bytes();
  report.conversations.push_back(conversation(1, 2, kSecondNs));
  report.begin = report.end;
  report.end += kMinuteNs;
  cost.add_interval(report);
  cost.finish();
  EXPECT_GT(cost.bytes(), idle);
  EXPECT_EQ(cost.conversations(), 1U);
  EXPECT_EQ(cost.batches(), 2U);
}

}  // namespace
}  // namespace osect::condense
