// Folding in whatever portions: hours, days and totals are the sums of the minutes.
#include "cloud/ingest/fold.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <set>
#include <tuple>

#include "cloud/store/operation_counts.h"
#include "cloud/store/packed.h"
#include "cloud/store/testing/cluster.h"
#include "cloud/store/testing/packed.h"

namespace osect::ingest {
namespace {

using store::Packed;
using store::testing::literal;

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kBeginMs = 1'795'472'400'000;  // 2026-11-23T22:20:00Z

class FoldTest : public store::testing::DatabaseTest {
 protected:
  using Counters = std::array<std::int64_t, 5>;
  using Key = std::tuple<std::int64_t, std::int64_t>;  // beginning of the hour or day, conversation

  // One sensor with 40 conversations of 10 hosts in three protocols.
  FoldTest() {
    sql("insert into organization (id, name) values (1, 'one');"
        "insert into site (organization_id, name) values (1, 'plant');"
        "insert into sensor (organization_id, site_id, name, state) values (1, 1, 'line', "
        "'active');"
        "insert into sensor_stream (organization_id, sensor_id) values (1, 1);"
        "insert into sensor_fold (organization_id, sensor_id) values (1, 1);"
        "insert into endpoint (organization_id, site_id, sensor_id, vlan, ip, has_sent, "
        "first_seen, "
        "last_seen) select 1, 1, 1, 0, '10.0.0.0'::inet + n, true, now(), now() from "
        "generate_series(1, 10) n;"
        "insert into conversation (organization_id, site_id, sensor_id, client_endpoint_id, "
        "server_endpoint_id, transport, port, protocol, first_seen, last_seen) select 1, 1, 1, 1 + "
        "n "
        "% 10, 1 + n * 3 % 10, 'tcp', 500 + n, (array['modbus','','s7comm'])[1 + n % 3], now(), "
        "now() from generate_series(1, 40) n");
  }

  void add_minute(std::int64_t sequence, const Packed& packed) {
    sql(fmt::format(
        "insert into traffic_minute (organization_id, site_id, sensor_id, minute, "
        "sequence, packets_up, packets_down, bytes_up, bytes_down, packed) values (1, 1, "
        "1, from_ms({}), {}, 0, 0, 0, 0, {});"
        "update sensor_stream set committed_sequence = {}",
        packed.begin_ms, sequence, literal(store::pack(packed)), sequence));
  }
  std::map<Key, Counters> rolled(const char* table, const char* column) {
    std::map<Key, Counters> out;
    for (const auto& line : lines(fmt::format(
             "select (extract(epoch from {1}) * 1000)::bigint, packed from {0}", table, column))) {
      const std::size_t bar = line.find('|');
      const auto volumes = store::testing::volumes_of(line.substr(bar + 1));
      for (const auto& row : volumes.rows) {
        const auto& service = volumes.services[row.service];
        subjects_.insert(fmt::format("{}|{}|{}|{}|{}|{}", row.conversation, row.client, row.server,
                                     service.transport, service.port, service.protocol));
        out[{std::stoll(line.substr(0, bar)), row.conversation}] = {
            row.packets_up, row.packets_down, row.bytes_up, row.bytes_down, row.flows};
      }
    }
    return out;
  }

  std::set<std::string> subjects_;  // sides and services that rolled() came across
};

TEST_F(FoldTest, Hours_days_and_totals_are_the_sums_of_the_minutes) {
  std::mt19937_64 random(20261123);
  const auto up_to = [&](std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(0, most)(random);
  };
  std::map<Key, Counters> hours;
  std::map<Key, Counters> days;
  std::map<std::int64_t, Counters> totals;
  std::int64_t sequence = 0;
  // Over midnight, and some minutes come late by up to a day, as after an outage.
  for (int i = 0; i < 150; ++i) {
    Packed packed;
    packed.begin_ms = kBeginMs + i * kMinuteMs - (i % 7 == 0 ? up_to(1440) * kMinuteMs : 0);
    packed.end_ms = packed.begin_ms + kMinuteMs;
    for (std::int64_t id = 1; id <= 40; ++id) {
      if (up_to(2) != 0) continue;
      const Counters c{up_to(1000), up_to(1000), up_to(1'000'000'000'000), up_to(99), up_to(3)};
      packed.conversations.push_back(
          {id, c[0], c[1], c[2], c[3], c[4], packed.begin_ms, packed.end_ms});
      for (std::size_t k = 0; k < c.size(); ++k) {
        hours[{packed.begin_ms / 3'600'000 * 3'600'000, id}][k] += c[k];
        days[{packed.begin_ms / 86'400'000 * 86'400'000, id}][k] += c[k];
        totals[id][k] += c[k];
      }
    }
    add_minute(++sequence, packed);
    if (up_to(5) != 0) continue;
    // A folder that takes few minutes at a time, as if another one took over.
    Folder folder({.minutes_max = 1 + up_to(4)}, ingest());
    while (folder.fold({1, 1, 1}).value()) {
    }
  }
  Folder folder({}, ingest());
  while (folder.fold({1, 1, 1}).value()) {
  }
  EXPECT_EQ(rolled("traffic_hour", "hour"), hours);
  EXPECT_EQ(rolled("traffic_day", "day"), days);
  const auto subjects = lines(
      "select id, client_endpoint_id, server_endpoint_id, transport, port, protocol from "
      "conversation");
  EXPECT_EQ(subjects_, std::set<std::string>(subjects.begin(), subjects.end()));
  std::vector<std::string> expected;
  std::map<std::string, std::array<std::int64_t, 2>> protocols;
  for (const auto& [id, c] : totals) {
    expected.push_back(fmt::format("{}|{}|{}|{}|{}|{}", id, c[0], c[1], c[2], c[3], c[4]));
    auto& sum = protocols[std::array{"modbus", "", "s7comm"}[static_cast<std::size_t>(id % 3)]];
    sum[0] += c[0] + c[1];
    sum[1] += c[2] + c[3];
  }
  EXPECT_EQ(lines("select id, packets_up, packets_down, bytes_up, bytes_down, flows from "
                  "conversation order by id"),
            expected);
  expected.clear();
  for (const auto& [protocol, sum] : protocols)
    expected.push_back(fmt::format("{}|{}|{}", protocol, sum[0], sum[1]));
  EXPECT_EQ(lines("select protocol, sum(packets), sum(bytes) from traffic_protocol_hour group by "
                  "protocol order by protocol collate \"C\""),
            expected);
}

TEST_F(FoldTest, Hours_of_operations_are_the_sums_of_the_minutes) {
  sql("insert into operation (organization_id, site_id, sensor_id, protocol, client_endpoint_id, "
      "server_endpoint_id, function, code, access, target, first_seen, last_seen) select 1, 1, 1, "
      "'modbus', 1, 2, 'read', '3', 'read', 'unit ' || n, now(), now() from generate_series(1, 5) "
      "n");
  std::map<std::int64_t, std::map<std::int64_t, std::array<std::int64_t, 2>>> expected;
  // Twice over an hour's end and once late; each operation in some of the minutes only.
  std::int64_t sequence = 0;
  for (const std::int64_t minute : {0, 39, 40, 41, 100, 5, 160}) {
    Packed packed;
    packed.begin_ms = kBeginMs + minute * kMinuteMs;
    packed.end_ms = packed.begin_ms + kMinuteMs;
    for (std::int64_t id = 1 + sequence % 2; id <= 5; id += 2) {
      packed.operations.push_back({.id = id,
                                   .count = 10 * id + minute,
                                   .errors = id,
                                   .first_ms = packed.begin_ms,
                                   .last_ms = packed.end_ms});
      auto& sum = expected[packed.begin_ms / 3'600'000 * 3'600'000][id];
      sum[0] += 10 * id + minute;
      sum[1] += id;
    }
    add_minute(++sequence, packed);
    Folder folder({}, ingest());
    while (folder.fold({1, 1, 1}).value()) {
    }
  }
  std::map<std::int64_t, std::map<std::int64_t, std::array<std::int64_t, 2>>> found;
  for (const auto& line :
       lines("select (extract(epoch from hour) * 1000)::bigint, packed from operation_hour")) {
    const std::size_t bar = line.find('|');
    const auto counts =
        store::unpack_operation_counts(store::testing::bytes_of(line.substr(bar + 1)));
    ASSERT_TRUE(counts);
    for (const auto& row : counts->rows)
      found[std::stoll(line.substr(0, bar))][row.operation] = {row.count, row.errors};
  }
  EXPECT_EQ(found, expected);
}

}  // namespace
}  // namespace osect::ingest
