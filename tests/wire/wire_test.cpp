// From frames to the cloud's decoder: what the sensor counted is what the cloud reads;
// proto/osect/v1/record.proto.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "cloud/ingest/decoder.h"
#include "osect/v1/uplink.pb.h"
#include "sensor/capture/file_source.h"
#include "sensor/condense/condenser.h"
#include "sensor/condense/encoder.h"
#include "sensor/condense/plant/plant.h"
#include "sensor/pipeline.h"
#include "sensor/reporter.h"

namespace osect {
namespace {

using Counts = std::map<std::string, std::array<std::uint64_t, 2>>;  // packets, bytes

std::string name_of(std::uint16_t vlan, const MacAddress& mac, const IpAddress& ip) {
  return fmt::format("{}/{}/{}", vlan, mac.text(), ip.text());
}

struct Totals {
  Counts endpoints;
  Counts conversations;
  std::map<std::string, std::uint64_t> operations;
  std::map<std::string, std::uint64_t> facts;
};

void add(Totals& totals, const observe::Report& report) {
  const auto host = [](const observe::Host& h) { return name_of(h.vlan, h.mac, h.ip); };
  for (const auto& row : report.endpoints) {
    auto& sum = totals.endpoints[host(row.host)];
    sum[0] += row.packets;
    sum[1] += row.bytes;
  }
  for (const auto& row : report.conversations) {
    for (std::size_t way = 0; way < 2; ++way) {
      auto& sum = totals.conversations[fmt::format(
          "{} {} {} {} {} {}", host(row.client), host(row.server),
          decode::transport_name(row.transport), row.port, row.protocol, way)];
      sum[0] += row.packets[way];
      sum[1] += row.bytes[way];
    }
  }
  for (const auto& row : report.operations)
    totals.operations[fmt::format("{} {} {} {} {} {} {}", row.protocol.view(), host(row.client),
                                  host(row.server), row.function.view(), row.code.view(),
                                  dissect::access_name(row.access), row.target.view())] +=
        row.count;
  for (const auto& row : report.facts)
    if (row.is_new && row.subject != observe::Host{})
      totals.facts[fmt::format("{} {} {}", host(row.subject), row.attribute, row.value)] += 1;
}

void add(Totals& totals, const condense::Rows& rows) {
  const auto& entries = rows.entries;
  const auto host = [&](std::uint32_t id) {
    const auto h = entries.host(id).host();
    return name_of(h.vlan, h.mac, h.ip);
  };
  for (const auto& row : rows.conversations) {
    const auto& key = entries.conversation(row.conversation);
    for (std::size_t way = 0; way < 2; ++way) {
      auto& sum = totals.conversations[fmt::format(
          "{} {} {} {} {} {}", host(key.client), host(key.server),
          decode::transport_name(key.transport), key.port, entries.text(key.protocol), way)];
      sum[0] += row.packets[way];
      sum[1] += row.bytes[way];
    }
  }
  for (const auto& row : rows.operations) {
    const auto& key = entries.operation(row.operation);
    totals.operations[fmt::format("{} {} {} {} {} {} {}", entries.text(key.protocol),
                                  host(key.client), host(key.server), entries.text(key.function),
                                  entries.text(key.code), dissect::access_name(key.access),
                                  entries.text(key.target))] += row.count;
  }
}

// The sensor's half up to the wire, the cloud's half from the wire.
class Wire {
 public:
  void send(const condense::Content& content) {
    v1::Batch batch;
    ASSERT_TRUE(encoder_.encode(++sequence_, condense::pack_alone(content), batch));
    encoder_.acknowledge(sequence_);
    const auto read = decoder_.decode(batch);
    ASSERT_TRUE(read) << "batch " << sequence_ << ": " << read.error().message;
    const auto& known = decoder_.dictionary();
    const auto host = [&](std::uint32_t id) {
      const auto& h = known.host(id);
      return name_of(h.vlan, h.mac, h.ip);
    };
    for (const auto& row : read->endpoints) {
      auto& sum = totals.endpoints[host(row.host)];
      sum[0] += static_cast<std::uint64_t>(row.packets);
      sum[1] += static_cast<std::uint64_t>(row.bytes);
      EXPECT_LE(row.seen.first_ms, row.seen.last_ms);
    }
    for (const auto& row : read->conversations) {
      const auto& key = known.conversation(row.conversation);
      const auto name = fmt::format("{} {} {} {} {}", host(key.client), host(key.server),
                                    key.transport, key.port, known.text(key.protocol));
      auto& up = totals.conversations[name + " 0"];
      up[0] += static_cast<std::uint64_t>(row.packets_up);
      up[1] += static_cast<std::uint64_t>(row.bytes_up);
      auto& down = totals.conversations[name + " 1"];
      down[0] += static_cast<std::uint64_t>(row.packets_down);
      down[1] += static_cast<std::uint64_t>(row.bytes_down);
      EXPECT_GE(row.seen.first_ms, read->begin_ms);
      EXPECT_LE(row.seen.last_ms, read->end_ms);
    }
    for (const auto& row : read->operations) {
      const auto& key = known.operation(row.operation);
      totals.operations[fmt::format("{} {} {} {} {} {} {}", known.text(key.protocol),
                                    host(key.client), host(key.server), known.text(key.function),
                                    known.text(key.code), key.access, known.text(key.target))] +=
          static_cast<std::uint64_t>(row.count);
    }
    for (const auto& row : read->facts)
      totals.facts[fmt::format("{} {} {}", host(row.host), known.text(row.attribute),
                               known.text(row.value))] += 1;
  }

  Totals totals;

 private:
  condense::Encoder encoder_{[] { return 7; }};
  ingest::Decoder decoder_{ingest::Dictionary()};
  std::uint64_t sequence_ = 0;
};

// Rows that counted nothing need not travel.
void drop_zeros(Counts& counts) {
  std::erase_if(counts, [](const auto& entry) { return entry.second[0] == 0; });
}

void expect_equal(Totals& sent, Totals& read) {
  for (auto* totals : {&sent, &read}) {
    drop_zeros(totals->endpoints);
    drop_zeros(totals->conversations);
  }
  EXPECT_EQ(sent.endpoints, read.endpoints);
  EXPECT_EQ(sent.conversations, read.conversations);
  EXPECT_EQ(sent.operations, read.operations);
}

TEST(Wire, ADayOfAMadeUpPlant) {
  condense::Plant plant(5, 3, 15);
  Wire wire;
  Totals sent;
  for (int minute = 0; minute < 60; ++minute) {
    for (const auto& content : plant.minute()) {
      add(sent, content.rows);
      wire.send(content);
    }
  }
  // The plant tells no endpoints: then none must be invented from its conversations.
  drop_zeros(wire.totals.endpoints);
  EXPECT_TRUE(wire.totals.endpoints.empty());
  wire.totals.endpoints.clear();
  expect_equal(sent, wire.totals);
}

// Every capture of the golden tests, through pipeline, condenser, encoder and the cloud's decoder.
TEST(Wire, EveryGoldenCapture) {
  std::size_t captures = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator("tests/golden")) {
    if (file.path().extension() != ".pcap") continue;
    SCOPED_TRACE(file.path().string());
    ++captures;
    sensor::PipelineLimits limits;
    sensor::Pipeline pipeline(limits, 0, "file");
    condense::Condenser condenser(condense::CondenseLimits{});
    Wire wire;
    Totals sent;
    sensor::Reporter reporter(
        pipeline, kMinuteNs, [] { return true; },
        [&](sensor::ReportKind kind, observe::Report&& report) {
          add(sent, report);
          if (kind == sensor::ReportKind::news)
            condenser.add_new(report);
          else
            condenser.add_interval(0, report);
          for (const auto& content : condenser.take()) wire.send(content);
        });
    auto source = capture::FileSource::open(file.path());
    ASSERT_TRUE(source);
    capture::Frame frame;
    while ((*source)->next(frame) == capture::Next::frame) {
      reporter.advance(frame.time);
      pipeline.take(frame);
    }
    reporter.finish();
    condenser.finish();
    for (const auto& content : condenser.take()) wire.send(content);
    expect_equal(sent, wire.totals);
    for (const auto& [fact, count] : sent.facts)
      EXPECT_EQ(wire.totals.facts.count(fact), 1U) << fact;
  }
  EXPECT_GT(captures, 5U);
}

}  // namespace
}  // namespace osect
