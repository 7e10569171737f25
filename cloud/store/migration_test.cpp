// Migrations that move data: what a database of an older program held is there afterwards, total by
// total.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "cloud/store/migrate.h"
#include "cloud/store/operation_counts.h"
#include "cloud/store/testing/cluster.h"
#include "cloud/store/testing/packed.h"

namespace osect::store {
namespace {

// Two tenants with two sites each; random traffic of 2,000 conversations in hours of two months,
// and days of which the oldest have lost their hours. As of migration 0003.
constexpr const char* kOldRows =
    "select setseed(0.42);"
    "insert into organization (id, name) values (1, 'one'), (2, 'two');"
    "insert into site (organization_id, name) select o, 'site ' || s from unnest('{1,2}'::int[]) "
    "o, "
    "generate_series(1, 2) s;"
    "insert into sensor (organization_id, site_id, name, state) select organization_id, id, "
    "'sensor ' "
    "|| n, 'active' from site, generate_series(1, 2) n;"
    "insert into endpoint (organization_id, site_id, sensor_id, vlan, ip, has_sent, first_seen, "
    "last_seen) select organization_id, site_id, id, 0, '10.0.0.0'::inet + n + 1000 * id, true, "
    "now(), now() from sensor, generate_series(1, 50) n;"
    "insert into conversation (organization_id, site_id, sensor_id, client_endpoint_id, "
    "server_endpoint_id, transport, port, protocol, first_seen, last_seen) select "
    "c.organization_id, "
    "c.site_id, c.sensor_id, c.id, s.id, (array['tcp','udp'])[1 + n % 2], 500 + n, "
    "(array['modbus','','日本'])[1 + n % 3], now(), now() from endpoint c join endpoint s on "
    "s.sensor_id = c.sensor_id and s.id % 10 = 3, generate_series(0, 2) n where (c.id + n) % 3 = 0;"
    "insert into traffic_hour (organization_id, site_id, conversation_id, hour, packets_up, "
    "packets_down, bytes_up, bytes_down, flows) select organization_id, site_id, id, "
    "'2026-10-31 20:00Z'::timestamptz + h * interval '1 hour', (random() * 1000)::bigint, "
    "(random() * "
    "100000)::bigint, (random() * 1e12)::bigint, (random() * 100)::bigint, 1 from conversation, "
    "generate_series(0, 7) h where random() < 0.5;"
    "insert into traffic_day (organization_id, site_id, conversation_id, day, packets_up, "
    "packets_down, bytes_up, bytes_down, flows) select organization_id, site_id, conversation_id, "
    "date_trunc('day', hour, 'UTC'), sum(packets_up), sum(packets_down), sum(bytes_up), "
    "sum(bytes_down), sum(flows) from traffic_hour group by 1, 2, 3, 4;"
    "insert into traffic_day (organization_id, site_id, conversation_id, day, packets_up, "
    "packets_down, bytes_up, bytes_down, flows) select organization_id, site_id, id, "
    "'2026-08-01Z', "
    "5, 6, 7, 8, 9 from conversation where random() < 0.5;";

class MigrationTest : public testing::DatabaseTest {
 protected:
  void SetUp() override { testing::Cluster::get().make_empty_database("older"); }
  void TearDown() override { testing::Cluster::get().drop_database("older"); }

  static std::string older() { return testing::Cluster::get().connection("older"); }
  static std::vector<std::string> old_lines(const std::string& query) {
    return testing::query_lines(older(), query);
  }
  // What a packed table holds, in the order of the keys, as the row table said it.
  static std::vector<std::string> unpacked(const char* table, const char* column) {
    std::map<std::tuple<std::string, std::int64_t>, std::string> out;
    for (const auto& line : old_lines(fmt::format(
             "select organization_id || '|' || site_id || '|' || {1} || '|' || sensor_id, "
             "packed from {0}",
             table, column))) {
      const std::size_t bar = line.rfind('|');
      for (const auto volumes = testing::volumes_of(line.substr(bar + 1));
           const auto& r : volumes.rows) {
        const auto& service = volumes.services[r.service];
        const std::string where = line.substr(0, bar);
        out[{where, r.conversation}] =
            fmt::format("{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}", where, r.conversation, r.client,
                        r.server, service.transport, service.port, service.protocol, r.packets_up,
                        r.packets_down, r.bytes_up, r.bytes_down, r.flows);
      }
    }
    std::vector<std::string> texts;
    for (auto& [key, text] : out) texts.push_back(std::move(text));
    std::sort(texts.begin(), texts.end());
    return texts;
  }
  static std::vector<std::string> rows(const char* table, const char* column) {
    auto out = old_lines(fmt::format(
        "select t.organization_id, t.site_id, t.{1}, c.sensor_id, c.id, c.client_endpoint_id, "
        "c.server_endpoint_id, c.transport, c.port, c.protocol, t.packets_up, t.packets_down, "
        "t.bytes_up, t.bytes_down, t.flows from {0} t join conversation c on c.organization_id = "
        "t.organization_id and c.id = t.conversation_id",
        table, column));
    std::sort(out.begin(), out.end());
    return out;
  }
};

TEST_F(MigrationTest, Traffic_of_an_older_database_is_the_same_afterwards) {
  ASSERT_TRUE(migrate(older(), 3));
  old_lines(kOldRows);
  const auto hours = rows("traffic_hour", "hour");
  const auto days = rows("traffic_day", "day");
  ASSERT_GT(hours.size(), 2'000U);
  const auto volume = [](const char* from) {
    return old_lines(fmt::format(
        "select sum(packets_up + packets_down), sum(bytes_up + bytes_down) from {}", from));
  };
  // A day stands in its hours, and where these are gone in itself.
  const auto total = volume(
      "(select packets_up, packets_down, bytes_up, bytes_down from traffic_hour union all select "
      "packets_up, packets_down, bytes_up, bytes_down from traffic_day where day = '2026-08-01Z') "
      "t");
  ASSERT_TRUE(migrate(older(), 4));
  EXPECT_EQ(old_lines("select sum(packets), sum(bytes) from traffic_protocol_hour"), total);
  EXPECT_EQ(old_lines("select count(*) from traffic_protocol_hour where hour = '2026-08-01Z' and "
                      "protocol = '日本'"),
            (std::vector<std::string>{"4"}))
      << "one for each sensor";
  EXPECT_EQ(rows("traffic_hour", "hour"), hours) << "nothing else moved";
  const auto done = migrate(older());
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(unpacked("traffic_hour", "hour"), hours);
  EXPECT_EQ(unpacked("traffic_day", "day"), days);
  EXPECT_EQ(old_lines("select distinct tableoid::regclass from traffic_hour order by 1"),
            (std::vector<std::string>{"traffic_hour_202610", "traffic_hour_202611"}));
  EXPECT_EQ(old_lines("begin; set local role osect_app; select set_config('app.organization', '1', "
                      "true), set_config('app.sites', 'all', true); select distinct "
                      "organization_id from traffic_hour"),
            std::vector<std::string>{"1"})
      << "and is still nobody else's";
}

// Two people add 0042 and 0060; a database that had 0060 first still gets 0042.
TEST_F(MigrationTest, A_migration_that_was_passed_over_is_made_up_for) {
  ASSERT_TRUE(migrate(older(), 3));
  old_lines("insert into schema_migration (number, name) values (90, '0090_ledger')");
  EXPECT_NE(check_migrated(older()).error().message.find("lacks migration 0004"),
            std::string::npos);
  old_lines("delete from schema_migration where number = 90");
  old_lines("insert into schema_migration (number, name) values (9999, '9999_later')");
  EXPECT_NE(check_migrated(older()).error().message.find("install the newer"), std::string::npos);
  EXPECT_NE(migrate(older()).error().message.find("9999"), std::string::npos);
  old_lines("delete from schema_migration where number = 9999");
  ASSERT_TRUE(migrate(older()));
  EXPECT_TRUE(check_migrated(older()));
  // The last but one again: it is the only one that is applied.
  old_lines("drop table report; delete from schema_migration where number = 80");
  const auto again = migrate(older());
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(*again, 1);
}

TEST_F(MigrationTest, Hours_of_operations_are_the_same_afterwards) {
  ASSERT_TRUE(migrate(older(), 12));
  old_lines(
      "select setseed(0.42);"
      "insert into organization (id, name) values (1, 'one'), (2, 'two');"
      "insert into site (organization_id, name) values (1, 'a'), (2, 'b');"
      "insert into sensor (organization_id, site_id, name, state) select organization_id, id, "
      "'sensor ' || n, 'active' from site, generate_series(1, 2) n;"
      "insert into endpoint (organization_id, site_id, sensor_id, vlan, ip, has_sent, first_seen, "
      "last_seen) select organization_id, site_id, id, 0, '10.0.0.0'::inet + id, true, now(), "
      "now() from sensor;"
      "insert into operation (organization_id, site_id, sensor_id, protocol, client_endpoint_id, "
      "server_endpoint_id, function, code, access, target, first_seen, last_seen) select "
      "organization_id, site_id, sensor_id, 'modbus', id, id, 'read', '3', 'read', 'unit ' || n, "
      "now(), now() from endpoint, generate_series(1, 200) n;"
      "insert into operation_hour (organization_id, site_id, operation_id, hour, count, errors) "
      "select organization_id, site_id, id, '2026-10-31 20:00Z'::timestamptz + h * interval '1 "
      "hour', (random() * 1e9)::bigint, (random() * 2)::bigint from operation, generate_series(0, "
      "7) h where random() < 0.5;");
  auto rows = old_lines(
      "select h.organization_id, h.site_id, h.hour, o.sensor_id, o.id, h.count, h.errors from "
      "operation_hour h join operation o on o.organization_id = h.organization_id and o.id = "
      "h.operation_id");
  ASSERT_GT(rows.size(), 2'000U);
  std::sort(rows.begin(), rows.end());
  const auto done = migrate(older());
  ASSERT_TRUE(done) << done.error().message;
  std::vector<std::string> unpacked;
  for (const auto& line : old_lines("select organization_id || '|' || site_id || '|' || hour || "
                                    "'|' || sensor_id, packed from operation_hour")) {
    const std::size_t bar = line.rfind('|');
    const auto counts = unpack_operation_counts(testing::bytes_of(line.substr(bar + 1)));
    ASSERT_TRUE(counts) << counts.error().message;
    for (const auto& row : counts->rows)
      unpacked.push_back(
          fmt::format("{}|{}|{}|{}", line.substr(0, bar), row.operation, row.count, row.errors));
  }
  std::sort(unpacked.begin(), unpacked.end());
  EXPECT_EQ(unpacked, rows);
  EXPECT_EQ(old_lines("begin; set local role osect_app; select set_config('app.organization', '1', "
                      "true), set_config('app.sites', 'all', true); select distinct "
                      "organization_id from operation_hour"),
            std::vector<std::string>{"1"});
}

}  // namespace
}  // namespace osect::store
