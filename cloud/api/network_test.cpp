// The map, the matrix and the difference over one line: four devices, of which two belong to a
// maker each.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "cloud/api/testing/api_test_base.h"
#include "cloud/store/operation_counts.h"
#include "cloud/store/testing/packed.h"

namespace osect::api {
namespace {

using testing::ApiTest;
using testing::Client;

class NetworkTest : public ApiTest {
 protected:
  // Devices 1 (PLC), 2 and 3 (PCs), 4 (printer) with endpoints of the same numbers. Conversations
  // 1: 2 to 1, 2: 3 to 1, 3: 3 to 4. Operations 1: 2 reads 1, 2: 3 writes 1.
  NetworkTest() {
    sql("insert into device (organization_id, site_id, name, name_source, type, vendor, ips, "
        "first_seen, last_seen) values "
        "(1, 1, 'PLC 1', 'dhcp', 'plc', 'Omron', '{10.0.0.1}', now() - interval '9 days', now()),"
        "(1, 1, 'PC 2', 'dhcp', 'pc', 'Fujitsu', '{10.0.0.2}', now() - interval '9 days', now()),"
        "(1, 1, 'PC 3', 'dhcp', 'pc', 'Fujitsu', '{10.0.0.3}', now() - interval '1 hour', now()),"
        "(1, 1, 'Printer 4', 'dhcp', 'printer', '', '{10.0.1.4}', now() - interval '9 days', now() "
        "- interval '29 hours');"
        "insert into endpoint (organization_id, site_id, sensor_id, device_id, vlan, ip, has_sent, "
        "first_seen, last_seen) "
        "select 1, 1, 1, d.id, 0, d.ips[1], true, d.first_seen, d.last_seen from device d order by "
        "d.id;"
        "insert into operation (organization_id, site_id, sensor_id, protocol, client_endpoint_id, "
        "server_endpoint_id, "
        "function, code, access, target, first_seen, last_seen) values "
        "(1, 1, 1, 'fins', 2, 1, 'memory_area_read', '0101', 'read', 'unit 1', now() - interval '9 "
        "days', now()),"
        "(1, 1, 1, 'fins', 3, 1, 'memory_area_write', '0102', 'write', 'unit 1', now() - interval "
        "'1 hour', now());"
        "insert into fact (organization_id, site_id, endpoint_id, attribute, value, source, "
        "confidence, count, first_seen, "
        "last_seen) values "
        "(1, 1, 1, 'firmware', '1.0', 'fins', 90, 3, now() - interval '9 days', now() - interval "
        "'30 hours'),"
        "(1, 1, 1, 'firmware', '1.1', 'fins', 90, 3, now() - interval '3 hours', now()),"
        "(1, 1, 1, 'model', 'NX102', 'fins', 90, 3, now() - interval '9 days', now())");
    add_hour(30, {{1, 2, 1, 0, 9, 9, 200'000, 200'000, 1}, {3, 3, 4, 1, 1, 1, 100, 0, 1}});
    add_hour(2, {{1, 2, 1, 0, 1, 1, 1000, 1000, 1}, {2, 3, 1, 0, 1, 1, 300, 300, 1}});
    add_operations(30, {{1, 100, 0}});
    add_operations(2, {{1, 90, 0}, {2, 1, 0}});
  }
  void add_hour(int hours_ago, std::vector<store::Volumes::Row> rows) {
    store::Volumes volumes;
    volumes.services = {{"tcp", 9600, "fins"}, {"tcp", 9100, ""}};
    volumes.rows = std::move(rows);
    sql(
        fmt::format("insert into traffic_hour (organization_id, site_id, sensor_id, hour, packed) "
                    "values (1, 1, 1, "
                    "date_trunc('hour', now()) - {} * interval '1 hour', {})",
                    hours_ago, store::testing::literal(store::pack(volumes))));
  }
  void add_operations(int hours_ago, std::vector<store::OperationCounts::Row> rows) {
    store::OperationCounts counts;
    counts.rows = std::move(rows);
    sql(
        fmt::format("insert into operation_hour (organization_id, site_id, sensor_id, hour, "
                    "packed) values (1, 1, 1, "
                    "date_trunc('hour', now()) - {} * interval '1 hour', {})",
                    hours_ago, store::testing::literal(store::pack(counts))));
  }
  // Half days, which hold no whole UTC day: those are read from traffic_day.
  static std::string since() { return "from=" + rfc3339(system_now() - 12 * 60 * kMinuteNs); }
  // Yesterday against today, in whole hours.
  static std::string difference(const std::string& kind) {
    const TimeNs hour = 60 * kMinuteNs;
    const TimeNs now = system_now() / hour * hour + hour;
    return fmt::format("/difference?kind={}&before_from={}&before_to={}&after_from={}&after_to={}",
                       kind, rfc3339(now - 36 * hour), rfc3339(now - 24 * hour),
                       rfc3339(now - 24 * hour), rfc3339(now));
  }
};

TEST_F(NetworkTest, an_edge_counts_its_operations_by_access_class) {
  const auto network = json(as("viewer").get(alpha("/network?" + since())));
  ASSERT_EQ(network["edges"].size(), 2U);
  EXPECT_EQ(network["edges"][0]["access"], nlohmann::json({{"read", 1}}));
  EXPECT_EQ(network["edges"][1]["access"], nlohmann::json({{"write", 1}}));
  EXPECT_EQ(network["edges"][1]["protocols"], nlohmann::json({"fins"}));
  EXPECT_EQ(network["nodes"].size(), 3U) << "the printer was seen two days ago";
}

TEST_F(NetworkTest, the_matrix_adds_pairs_up_by_group) {
  Client client = as("viewer");
  const auto matrix = json(client.get(alpha("/matrix?by=vendor&" + since())));
  ASSERT_EQ(matrix["lines"].size(), 2U);
  EXPECT_EQ(matrix["lines"][0]["key"], "Fujitsu");
  EXPECT_EQ(matrix["lines"][0]["devices"], 2);
  ASSERT_EQ(matrix["cells"].size(), 1U);
  EXPECT_EQ(matrix["cells"][0]["client"], 0);
  EXPECT_EQ(matrix["cells"][0]["server"], 1);
  EXPECT_EQ(matrix["cells"][0]["pairs"], 2);
  EXPECT_EQ(matrix["cells"][0]["bytes"], 2600);
  EXPECT_EQ(matrix["cells"][0]["access"], nlohmann::json({{"read", 1}, {"write", 1}}));
  const auto pairs =
      json(client.get(alpha("/matrix/cell?by=vendor&client=Fujitsu&server=Omron&" + since())));
  ASSERT_EQ(pairs["items"].size(), 2U);
  EXPECT_EQ(pairs["items"][0]["client"]["name"], "PC 2");
  const auto by_device = json(client.get(alpha("/matrix?by=device&lines=2&" + since())));
  EXPECT_EQ(by_device["lines"].size(), 2U);
  EXPECT_EQ(by_device["lines_total"], 3);
  EXPECT_EQ(by_device["cells"].size(), 1U) << "only between lines that are shown";
  EXPECT_EQ(json(client.get(alpha("/matrix/cell?by=vendor&client=Omron&" + since())),
                 400)["errors"][0]["field"],
            "server");
}

TEST_F(NetworkTest, the_matrix_goes_into_a_spreadsheet_as_it_stands) {
  const auto answer = as("viewer").get(
      alpha("/matrix/export?by=type&value=operations&format=csv&locale=en&" + since()));
  EXPECT_EQ(answer.body,
            "\xef\xbb\xbf"
            "Client \\ Server,pc,plc\r\npc,,2\r\nplc,,\r\n");
}

TEST_F(NetworkTest, two_periods_differ_in_what_was_new_gone_and_changed) {
  Client client = as("viewer");
  const auto devices = json(client.get(alpha(difference("devices"))));
  EXPECT_EQ(devices["counts"], nlohmann::json({{"new", 0}, {"gone", 1}, {"changed", 2}}));
  const auto conversations = json(client.get(alpha(difference("conversations"))));
  EXPECT_EQ(conversations["counts"], nlohmann::json({{"new", 1}, {"gone", 1}, {"changed", 1}}));
  EXPECT_TRUE(conversations["before"]["has_data"]);
  const auto services = json(client.get(alpha(difference("services"))));
  EXPECT_EQ(services["counts"], nlohmann::json({{"new", 0}, {"gone", 1}, {"changed", 1}}));
  const auto operations = json(client.get(alpha(difference("operations"))));
  ASSERT_EQ(operations["items"].size(), 1U) << "90 times for 100 is no change";
  EXPECT_EQ(operations["items"][0]["change"], "new");
  EXPECT_EQ(operations["items"][0]["client"]["name"], "PC 3");
  EXPECT_EQ(operations["items"][0]["access"], "write");
  EXPECT_TRUE(operations["items"][0]["is_first"]);
  const auto attributes = json(client.get(alpha(difference("attributes"))));
  ASSERT_EQ(attributes["items"].size(), 1U);
  EXPECT_EQ(attributes["items"][0]["change"], "changed");
  EXPECT_EQ(attributes["items"][0]["value_before"], "1.0");
  EXPECT_EQ(attributes["items"][0]["value_after"], "1.1");
  const auto file = client.get(alpha(difference("attributes") + "&format=csv&locale=ja"));
  EXPECT_EQ(file.status, 400) << "the page takes no format";
}

TEST_F(NetworkTest, a_period_without_data_says_so_and_a_wrong_one_is_named) {
  Client client = as("viewer");
  const auto empty =
      json(client.get(alpha("/difference?kind=conversations&before_from=2020-01-01T00:00:00Z&"
                            "before_to=2020-01-02T00:00:00Z"
                            "&after_from=2020-01-02T00:00:00Z&after_to=2020-01-03T00:00:00Z")));
  EXPECT_FALSE(empty["before"]["has_data"]);
  EXPECT_EQ(empty["items"].size(), 0U);
  const auto wrong = json(
      client.get(alpha(
          "/difference?kind=devices&before_from=2020-01-02T00:00:00Z&before_to=2020-01-01T00:00:00Z"
          "&after_from=2020-01-02T00:00:00Z&after_to=2020-01-03T00:00:00Z")),
      400);
  EXPECT_EQ(wrong["errors"][0]["field"], "before_to");
}

}  // namespace
}  // namespace osect::api
