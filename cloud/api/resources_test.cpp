// The resources over a small factory: 60 devices around one PLC, each with a conversation, one of
// them writing.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "cloud/api/export.h"
#include "cloud/api/testing/api_test_base.h"
#include "cloud/store/operation_counts.h"
#include "cloud/store/packed.h"
#include "cloud/store/testing/packed.h"

namespace osect::api {
namespace {

using testing::Answer;
using testing::ApiTest;
using testing::Client;

constexpr int kDevices = 60;

class ResourcesTest : public ApiTest {
 protected:
  ResourcesTest() {
    // Device 1 is the PLC; device i has the endpoint i, 10.0.0.i; conversation i goes from device i
    // to the PLC.
    sql(fmt::format(
        "insert into device (organization_id, site_id, name, name_source, type, vendor, ips, macs, "
        "first_seen, last_seen) "
        "select 1, 1, case i when 1 then 'PLC ライン2' else 'pc-' || i end, 'dhcp', case i when 1 "
        "then 'plc' else 'unknown' end, "
        "case when i % 4 = 0 then '' else 'Vendor ' || i % 4 end, array[('10.0.0.' || i)::inet], "
        "array[('02:00:00:00:00:' || lpad(to_hex(i), 2, '0'))::macaddr], now() - interval '30 "
        "days' + i * interval '1 hour', "
        "now() - i * interval '1 minute' from generate_series(1, {0}) i;"
        "insert into endpoint (organization_id, site_id, sensor_id, device_id, vlan, mac, ip, "
        "has_sent, packets, bytes, first_seen, "
        "last_seen) select 1, 1, 1, d.id, 0, d.macs[1], d.ips[1], true, 10, 1000, d.first_seen, "
        "d.last_seen from device d order by d.id;"
        "insert into conversation (organization_id, site_id, sensor_id, client_endpoint_id, "
        "server_endpoint_id, transport, port, "
        "protocol, packets_up, packets_down, bytes_up, bytes_down, flows, first_seen, last_seen) "
        "select 1, 1, 1, i, 1, 'tcp', 502, 'modbus', i, 2 * i, 100 * i, 200 * i, 1, now() - "
        "interval '2 days', now() "
        "from generate_series(2, {0}) i;"
        "insert into operation (organization_id, site_id, sensor_id, protocol, client_endpoint_id, "
        "server_endpoint_id, function, "
        "code, access, target, count, errors, cycle_us, jitter_us, first_seen, last_seen) values "
        "(1, 1, 1, 'modbus', 2, 1, 'write_single_register', '6', 'write', 'unit 1', 7, 1, 100500, "
        "2000, now(), now());"
        "insert into fact (organization_id, site_id, endpoint_id, attribute, value, source, "
        "confidence, count, first_seen, last_seen) "
        "values (1, 1, 1, 'model', 'FX5U', 'slmp', 90, 3, now(), now()), (1, 1, 1, 'model', 'FX', "
        "'oui', 20, 3, now(), now());",
        kDevices));
  }
  // An hour, so many ago, in which every conversation carried 100 bytes up and 200 down, and with
  // those before it its day: between 23 and 1 o'clock the last 24 hours hold one that is whole.
  void add_hour(int hours_ago) {
    const auto packed = [](std::int64_t hours) {
      store::Volumes volumes;
      volumes.services = {{"tcp", 502, "modbus"}};
      for (std::int64_t i = 2; i <= kDevices; ++i)
        volumes.rows.push_back({i - 1, i, 1, 0, hours, hours, 100 * hours, 200 * hours, hours});
      return store::testing::literal(store::pack(volumes));
    };
    sql(fmt::format(
        "insert into traffic_hour (organization_id, site_id, sensor_id, hour, packed) "
        "values (1, 1, 1, date_trunc('hour', now()) - {0} * interval '1 hour', {1});"
        "insert into traffic_day (organization_id, site_id, sensor_id, day, packed) "
        "values (1, 1, 1, date_trunc('day', date_trunc('hour', now()) - {0} * interval '1 hour', "
        "'UTC'), {2}) "
        "on conflict (organization_id, site_id, sensor_id, day) do update set packed = "
        "excluded.packed",
        hours_ago, packed(1), packed(++hours_)));
  }
  // Walks all pages and returns the ids in order.
  std::vector<std::string> walk(Client& client, const std::string& target) {
    std::vector<std::string> out;
    std::string cursor;
    do {
      const auto page = json(client.get(target + (cursor.empty() ? "" : "&cursor=" + cursor)));
      for (const auto& item : page["items"]) out.push_back(item["id"]);
      EXPECT_TRUE(page["total_is_exact"]);
      cursor = page["next"].is_string() ? page["next"].get<std::string>() : "";
    } while (!cursor.empty() && out.size() < 1000);
    return out;
  }

 private:
  std::int64_t hours_ = 0;
};

TEST_F(ResourcesTest, every_order_of_every_list_pages_through_each_row_once) {
  Client client = as("viewer");
  const std::vector<std::pair<std::string, std::vector<std::string>>> lists{
      {"/devices",
       {"name", "type", "vendor", "model", "os", "family", "firmware", "level", "first_seen",
        "last_seen"}},
      {"/conversations",
       {"bytes", "packets", "flows", "protocol", "port", "first_seen", "last_seen"}},
      {"/operations",
       {"count", "errors", "protocol", "function", "access", "first_seen", "last_seen"}}};
  for (const auto& [list, sorts] : lists) {
    for (const std::string& sort : sorts) {
      for (const std::string sign : {"", "-"}) {
        const std::string target = fmt::format("{}?sort={}{}&limit=", alpha(list), sign, sort);
        const auto paged = walk(client, target + "7");
        EXPECT_EQ(paged, walk(client, target + "500")) << target;
        EXPECT_EQ(std::set<std::string>(paged.begin(), paged.end()).size(), paged.size()) << target;
      }
    }
  }
  EXPECT_EQ(walk(client, alpha("/devices?sort=-last_seen&limit=3")).front(), "1");
  const auto by_bytes = json(client.get(alpha("/conversations?sort=-bytes&limit=1")));
  EXPECT_EQ(by_bytes["items"][0]["client"]["name"], "pc-60");
  EXPECT_EQ(by_bytes["total"], kDevices - 1);
  const auto by_vendor = json(client.get(alpha("/devices?sort=vendor&limit=500")));
  EXPECT_EQ(by_vendor["items"].front()["vendor"], "Vendor 1");
  EXPECT_TRUE(by_vendor["items"].back()["vendor"].is_null()) << "what is not known comes last";
}

TEST_F(ResourcesTest, search_and_filters_narrow_the_list) {
  Client client = as("viewer");
  const auto total = [&](const std::string& query) {
    return json(client.get(alpha("/devices?" + query)))["total"].get<int>();
  };
  EXPECT_EQ(total("q=%E3%83%A9%E3%82%A4%E3%83%B3"), 1);
  EXPECT_EQ(total("q=PC-1%20VENDOR"), 8) << "each word somewhere, upper and lower case alike";
  EXPECT_EQ(total("q=10.0.0.60"), 1);
  EXPECT_EQ(total("q=02:00:00:00:00:3c"), 1);
  EXPECT_EQ(total("q=%25"), 0) << "a percent sign means itself";
  EXPECT_EQ(total("filter.vendor=Vendor%201&filter.vendor=Vendor%202"), 30);
  EXPECT_EQ(total("filter.vendor=!Vendor%201"), 45);
  EXPECT_EQ(total("filter.vendor="), 15);
  EXPECT_EQ(total("filter.type=plc&filter.vendor=Vendor%201"), 1);
  EXPECT_EQ(total("filter.type=plc&filter.vendor=Vendor%202"), 0);
  EXPECT_EQ(total("filter.is_router=true"), 0);
  const auto groups = json(client.get(alpha("/devices/groups?by=vendor")));
  EXPECT_EQ(groups["items"].size(), 4U);
  EXPECT_EQ(groups["items"][0]["count"], 15);
  const auto problem = json(
      client.get(alpha("/conversations?filter.transport=pigeon&filter.port=99999&sort=size")), 400);
  EXPECT_EQ(problem["errors"].size(), 3U);
  EXPECT_EQ(json(client.get(alpha("/operations?filter.access=write&filter.device=1")))["total"], 1);
  EXPECT_EQ(json(client.get(alpha("/operations?filter.access=!write")))["total"], 0);
  const auto conversations = [&](const std::string& query) {
    return json(client.get(alpha("/conversations?" + query)))["total"].get<int>();
  };
  EXPECT_EQ(conversations("q=pc-33"), 1);
  EXPECT_EQ(conversations("q=PC-33%20plc"), 1) << "a word on either side";
  EXPECT_EQ(conversations("q=pc-33%20pc-34"), 0);
  EXPECT_EQ(conversations("q=odbu"), kDevices - 1) << "of the protocol";
  EXPECT_EQ(conversations("q=odbu%2010.0.0.60"), 1);
  EXPECT_EQ(conversations("q=nobody"), 0);
  EXPECT_EQ(conversations("filter.client=33"), 1);
  EXPECT_EQ(conversations("filter.server=33"), 0);
  EXPECT_EQ(conversations("filter.device=1"), kDevices - 1);
  EXPECT_EQ(conversations("filter.device=!33"), kDevices - 2);
  EXPECT_EQ(conversations("filter.device=999"), 0) << "of no such device";
  for (const char* found : {"pc-2", "SINGLE_reg", "unit%20plc", "modbus%20pc-2"})
    EXPECT_EQ(json(client.get(alpha(std::string("/operations?q=") + found)))["total"], 1) << found;
  EXPECT_EQ(json(client.get(alpha("/operations?q=pc-33")))["total"], 0);
  EXPECT_EQ(json(client.get(alpha("/conversations/groups?by=server")))["items"][0]["name"],
            "PLC ライン2");
}

TEST_F(ResourcesTest, a_cursor_of_another_list_or_made_by_hand_is_refused) {
  Client client = as("viewer");
  const std::string cursor = json(client.get(alpha("/devices?limit=5&sort=name")))["next"];
  EXPECT_EQ(client.get(alpha("/devices?sort=name&cursor=" + cursor)).status, 200);
  EXPECT_EQ(client.get(alpha("/devices?sort=-name&cursor=" + cursor)).status, 400);
  EXPECT_EQ(client.get(alpha("/devices?sort=name&q=x&cursor=" + cursor)).status, 400);
  EXPECT_EQ(client.get(alpha("/devices?cursor=W10")).status, 400);
  EXPECT_EQ(client.get(alpha("/devices?cursor=%00")).status, 400);
}

TEST_F(ResourcesTest, exports_open_in_a_spreadsheet_and_run_nothing) {
  sql("update device set name = '=cmd|''/c calc''!A1' where id = 2");
  Client client = as("viewer");
  const Answer csv = client.get(
      alpha("/devices/export?format=csv&locale=ja&columns=name,ips,last_seen&sort=-last_seen"));
  EXPECT_TRUE(csv.body.starts_with(
      "\xef\xbb\xbf名前,IP アドレス,最終検出 (拠点の時刻)\r\nPLC ライン2,10.0.0.1,20"))
      << csv.body.substr(0, 200);
  EXPECT_NE(csv.body.find("\r\n'=cmd|'/c calc'!A1,10.0.0.2,"), std::string::npos);
  EXPECT_EQ(std::count(csv.body.begin(), csv.body.end(), '\n'), kDevices + 1);
  EXPECT_NE(csv.header("content-disposition").find("attachment; filename=\"devices-"),
            std::string::npos);
  for (const char* list : {"/devices", "/conversations", "/operations"}) {
    const Answer xlsx = client.get(alpha(list) + "/export?format=xlsx");
    EXPECT_EQ(xlsx.status, 200) << xlsx.body.substr(0, 300);
    EXPECT_TRUE(xlsx.body.starts_with("PK")) << list;
  }
  EXPECT_EQ(
      json(client.get(alpha("/devices/export?format=pdf&columns=colour")), 400)["errors"].size(),
      2U);
  EXPECT_EQ(csv_field("say \"hi\", please"), "\"say \"\"hi\"\", please\"");
}

TEST_F(ResourcesTest, a_devices_page_shows_its_addresses_facts_peers_and_operations) {
  Client client = as("operator");
  const auto device = json(client.get(alpha("/devices/1")));
  EXPECT_EQ(device["endpoints"][0]["ip"], "10.0.0.1");
  EXPECT_EQ(device["conversations"], kDevices - 1);
  EXPECT_EQ(device["operations"], 1);
  EXPECT_EQ(device["sensors"][0]["name"], "Line 1");
  EXPECT_EQ(json(client.get(alpha("/devices/1/facts")))["items"][0]["value"], "FX5U");
  const auto peers = json(client.get(alpha("/devices/1/peers")))["items"];
  EXPECT_EQ(peers.size(), kDevices - 1U);
  EXPECT_EQ(peers[0]["device"]["name"], "pc-60");
  EXPECT_EQ(peers[0]["bytes_received"], 6000);
  EXPECT_FALSE(peers[0]["is_server"]);
  const auto operations = json(client.get(alpha("/devices/2/operations")))["items"];
  EXPECT_EQ(operations[0]["function"], "write_single_register");
  EXPECT_EQ(operations[0]["cycle_ms"], 100.5);
  EXPECT_EQ(
      json(client.send("PATCH", alpha("/devices/2"), R"({"name":"保全PC","type":"pc"})"))["name"],
      "保全PC");
  const auto changed = json(client.get(alpha("/devices/2")));
  EXPECT_EQ(changed["type_source"], "person");
  EXPECT_EQ(sql("select action || subject from audit_entry where action = 'device.change'"),
            "device.changedevice:2");
  EXPECT_EQ(client.send("PATCH", alpha("/devices/2"), R"({"name":null})").status, 200);
  EXPECT_EQ(sql("select count(*) from inventory_work where endpoint_id = 2"), "1")
      << "observation decides again";
  sql("update device set merged_into = 1 where id = 3");
  EXPECT_EQ(json(client.get(alpha("/devices/3")))["id"], "1");
  EXPECT_EQ(json(client.get(alpha("/devices")))["total"], kDevices - 1);
}

TEST_F(ResourcesTest, the_map_has_a_node_per_device_and_says_what_it_leaves_out) {
  add_hour(5);
  add_hour(4);
  Client client = as("viewer");
  // Half a day: whole UTC days are read from traffic_day.
  const std::string since = "from=" + rfc3339(system_now() - 12 * 60 * kMinuteNs);
  const auto whole = json(client.get(alpha("/network?" + since)));
  EXPECT_EQ(whole["nodes"].size(), static_cast<std::size_t>(kDevices));
  EXPECT_EQ(whole["edges"].size(), kDevices - 1U);
  EXPECT_TRUE(whole["truncated"].is_null());
  EXPECT_EQ(whole["nodes"][0]["subnet"], "10.0.0.0/24");
  EXPECT_EQ(whole["nodes"][0]["name"], "PLC ライン2") << "the most talkative comes first";
  EXPECT_EQ(whole["edges"][0]["bytes"], 600) << "what it carried in the range";
  EXPECT_EQ(whole["edges"][0]["conversations"], 1) << "in two hours the same one";
  EXPECT_EQ(whole["edges"][0]["ports"], nlohmann::json({"tcp/502"}));
  EXPECT_EQ(whole["edges"][0]["operations"], 1);
  const auto capped = json(client.get(alpha("/network?nodes=10&" + since)));
  EXPECT_EQ(capped["nodes"].size(), 10U);
  EXPECT_EQ(capped["edges"].size(), 9U);
  EXPECT_EQ(capped["truncated"]["nodes_total"], kDevices);
  EXPECT_EQ(
      json(client.get(alpha("/network?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z")))["edges"]
          .size(),
      0U);
  const auto edge = json(client.get(alpha("/network/edge?client=2&server=1")));
  EXPECT_EQ(edge["conversations"].size(), 1U);
  EXPECT_EQ(edge["operations"].size(), 1U);
  EXPECT_EQ(json(client.get(alpha("/network/edge?client=2")), 400)["errors"][0]["field"], "server");
  EXPECT_EQ(client.get(alpha("/network/edge?client=2&server=999")).status, 404);
}

TEST_F(ResourcesTest, traffic_adds_up_and_gaps_are_not_zeros) {
  add_hour(3);
  sql("insert into traffic_protocol_hour (organization_id, site_id, sensor_id, hour, protocol, "
      "packets, bytes) select 1, 1, 1, date_trunc('hour', now()) - interval '3 hours', protocol, "
      "sum(2), sum(300) from conversation group by protocol;"
      "insert into sensor_health (organization_id, sensor_id, at, sequence, uptime_s, "
      "cpu_permille, memory_bytes, spool_bytes, "
      "disk_free_bytes, uplink_bytes) values (1, 1, date_trunc('hour', now()) - interval '110 "
      "minutes', 1, 1, 1, 1, 1, 1, 1)");
  store::Packed packed;
  packed.conversations.push_back({.id = 1,
                                  .packets_up = 5,
                                  .packets_down = 6,
                                  .bytes_up = 500,
                                  .bytes_down = 600,
                                  .flows = 1});
  sql("insert into traffic_minute (organization_id, site_id, sensor_id, minute, sequence, "
      "packets_up, packets_down, bytes_up, "
      "bytes_down, packed) values (1, 1, 1, date_trunc('minute', now()) - interval '5 minutes', 1, "
      "5, 6, 500, 600, " +
      store::testing::literal(store::pack(packed)) + ")");
  Client client = as("viewer");
  for (const char* by : {"total", "protocol", "device"}) {
    const auto hours = json(client.get(alpha("/traffic/series?step=hour&by=") + by));
    const auto& bytes = hours["series"][0]["bytes"];
    const std::size_t last = bytes.size() - 1;
    EXPECT_TRUE(bytes[last - 5].is_null()) << by << hours.dump();
    EXPECT_FALSE(bytes[last - 3].is_null()) << by;
    EXPECT_EQ(bytes[last - 2], 0) << by << ": the sensor was there and saw nothing";
    std::int64_t sum = 0;
    for (const auto& line : hours["series"]) sum += line["total_bytes"].get<std::int64_t>();
    EXPECT_EQ(sum, 300 * (kDevices - 1)) << by;
    EXPECT_LE(hours["series"].size(), 7U);
    const auto minutes = json(client.get(alpha("/traffic/series?step=minute&by=") + by));
    sum = 0;
    for (const auto& line : minutes["series"]) sum += line["total_bytes"].get<std::int64_t>();
    EXPECT_EQ(sum, 1100) << by;
    // Little is known of the day: it is drawn finely enough to see that little.
    const auto day = json(client.get(alpha("/traffic/series?by=") + by));
    EXPECT_EQ(day["step"], "five_minutes") << by;
    EXPECT_NEAR(static_cast<double>(day["times"].size()), 288, 1);
    sum = 0;
    for (const auto& line : day["series"]) sum += line["total_bytes"].get<std::int64_t>();
    EXPECT_EQ(sum, 1100) << by;
  }
  const auto device = json(client.get(alpha("/devices/1/traffic?step=hour")));
  EXPECT_EQ(device["series"][0]["key"], "sent");
  EXPECT_EQ(device["series"][0]["total_bytes"], 200 * (kDevices - 1));
  EXPECT_EQ(device["series"][1]["total_bytes"], 100 * (kDevices - 1));
  EXPECT_EQ(json(client.get(alpha("/devices/1/traffic?step=minute")))["series"][0]["total_bytes"],
            600);
  // Half a day: whole UTC days are read from traffic_day.
  const std::string since = "&from=" + rfc3339(system_now() - 12 * 60 * kMinuteNs);
  const auto ranking = [&](const char* by) {
    return json(client.get(alpha("/traffic/rankings?by=" + std::string(by) + since)));
  };
  const auto talkers = ranking("talker&limit=3");
  EXPECT_EQ(talkers["items"][0]["name"], "PLC ライン2");
  EXPECT_EQ(talkers["items"][0]["bytes"], 300 * (kDevices - 1));
  EXPECT_EQ(talkers["total"]["conversations"], kDevices - 1);
  EXPECT_EQ(talkers["count"], kDevices);
  EXPECT_EQ(ranking("port")["items"][0]["name"], "tcp/502");
  EXPECT_EQ(ranking("pair")["count"], kDevices - 1);
  EXPECT_EQ(ranking("outside")["count"], 0);
  EXPECT_EQ(
      json(client.get(alpha(
               "/traffic/series?step=minute&from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z")),
           400)["errors"][0]["allowed"],
      nlohmann::json::parse(R"(["hour","day"])"));
}

TEST_F(ResourcesTest, operations_over_time_follow_the_lists_filters) {
  // Three hours ago the writing of register 6 from pc-2 and a reading from pc-3; an hour ago the
  // reading alone.
  sql("insert into operation (organization_id, site_id, sensor_id, protocol, client_endpoint_id, "
      "server_endpoint_id, function, code, access, target, count, errors, first_seen, last_seen) "
      "values (1, 1, 1, 'modbus', 3, 1, 'read_holding_registers', '3', 'read', 'unit 1', 150, 0, "
      "now(), now())");
  const auto add = [&](int hours_ago, const store::OperationCounts& counts) {
    sql(
        fmt::format("insert into operation_hour (organization_id, site_id, sensor_id, hour, "
                    "packed) values (1, 1, 1, date_trunc('hour', now()) - {} * interval '1 hour', "
                    "{})",
                    hours_ago, store::testing::literal(store::pack(counts))));
  };
  add(3, {.rows = {{1, 7, 1}, {2, 100, 0}}});
  add(1, {.rows = {{2, 50, 0}}});
  sql("insert into sensor_health (organization_id, sensor_id, at, sequence, uptime_s, "
      "cpu_permille, memory_bytes, spool_bytes, disk_free_bytes, uplink_bytes) values (1, 1, "
      "date_trunc('hour', now()) - interval '110 minutes', 1, 1, 1, 1, 1, 1, 1)");
  Client client = as("viewer");
  const auto series = [&](const std::string& query) {
    return json(client.get(alpha("/operations/series?" + query)))["series"];
  };
  const auto total = series("");
  ASSERT_EQ(total.size(), 1U);
  EXPECT_EQ(total[0]["total_count"], 157);
  EXPECT_EQ(total[0]["total_errors"], 1);
  const auto& counts = total[0]["count"];
  const std::size_t last = counts.size() - 1;
  EXPECT_EQ(counts[last - 3], 107);
  EXPECT_EQ(counts[last - 2], 0) << "the sensor was there and nothing was done";
  EXPECT_EQ(counts[last - 1], 50);
  EXPECT_TRUE(counts[last - 4].is_null());
  const auto access = series("by=access");
  ASSERT_EQ(access.size(), 2U);
  EXPECT_EQ(access[0]["key"], "read");
  EXPECT_EQ(access[1]["name"], "write");
  EXPECT_EQ(access[1]["total_errors"], 1);
  const auto clients = series("by=client");
  EXPECT_EQ(clients[0]["name"], "pc-3");
  EXPECT_EQ(clients[0]["device"], "3");
  EXPECT_EQ(series("by=server")[0]["name"], "PLC ライン2");
  EXPECT_EQ(series("operation=1")[0]["total_count"], 7);
  EXPECT_EQ(series("filter.access=write")[0]["total_count"], 7);
  EXPECT_EQ(series("q=pc-3")[0]["total_count"], 150);
  EXPECT_EQ(series("filter.access=control")[0]["total_count"], 0);
  EXPECT_EQ(json(client.get(alpha("/operations/series?step=minute")), 400)["errors"][0]["allowed"],
            nlohmann::json::parse(R"(["hour","day"])"));
}

TEST_F(ResourcesTest, operations_are_added_up_by_up_to_three_fields) {
  // pc-3 reads from and starts the PLC; an address that is no device writes to it twice over.
  sql("insert into endpoint (organization_id, site_id, sensor_id, vlan, ip, has_sent, first_seen, "
      "last_seen) values (1, 1, 1, 0, '10.9.9.9', true, now(), now());"
      "insert into operation (organization_id, site_id, sensor_id, protocol, client_endpoint_id, "
      "server_endpoint_id, function, code, access, target, count, errors, first_seen, last_seen) "
      "select 1, 1, 1, protocol, e.id, 1, function, code, access, '', count, 0, now() - "
      "interval '1 day', now() from (values "
      "('modbus', '10.0.0.3', 'read_holding_registers', '3', 'read', 150), "
      "('slmp', '10.0.0.3', 'remote_run', '0x1001', 'control', 1), "
      "('modbus', '10.9.9.9', 'write_single_register', '6', 'write', 3), "
      "('modbus', '10.9.9.9', 'write_single_register', '16', 'write', 4)) "
      "v (protocol, ip, function, code, access, count) join endpoint e on e.ip = v.ip::inet");
  Client client = as("viewer");
  const auto sums = [&](const std::string& query) {
    return json(client.get(alpha("/operations/sums?" + query)))["items"];
  };
  const auto all = sums("");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0]["operations"], 5);
  EXPECT_EQ(all[0]["count"], 165);
  EXPECT_EQ(all[0]["errors"], 1);
  EXPECT_EQ(all[0]["changes"], 15);
  EXPECT_EQ(all[0]["clients"], 3);
  EXPECT_EQ(all[0]["changers"], 3);
  EXPECT_TRUE(all[0]["protocol"].is_null());
  const auto protocols = sums("by=protocol");
  ASSERT_EQ(protocols.size(), 2U);
  EXPECT_EQ(protocols[0]["protocol"], "modbus");
  EXPECT_EQ(protocols[0]["changers"], 2);
  EXPECT_EQ(protocols[1]["count"], 1);
  const auto pairs = sums("by=client&by=server&by=access&filter.access=!read");
  ASSERT_EQ(pairs.size(), 3U);
  EXPECT_EQ(pairs[0]["access"], "write");
  EXPECT_EQ(pairs[2]["client"]["name"], "pc-3");
  EXPECT_EQ(pairs[2]["server"]["id"], "1");
  EXPECT_EQ(pairs[2]["access"], "control");
  const auto unknown = sums("by=client&q=10.9.9.9");
  ASSERT_EQ(unknown.size(), 1U);
  EXPECT_TRUE(unknown[0]["client"]["id"].is_null());
  EXPECT_EQ(unknown[0]["client"]["ip"], "10.9.9.9");
  EXPECT_EQ(unknown[0]["count"], 7);
  const auto functions = sums("by=function");
  EXPECT_EQ(functions[0]["code"], "3");
  EXPECT_TRUE(functions[1]["code"].is_null()) << "one name for two codes";
  EXPECT_TRUE(sums("filter.protocol=nothing").empty());
  EXPECT_EQ(json(client.get(alpha("/operations/sums?by=site")), 400)["errors"][0]["field"], "by");
  EXPECT_EQ(
      json(client.get(alpha("/operations/sums?by=client&by=client")), 400)["errors"][0]["field"],
      "by");
}

TEST_F(ResourcesTest, home_and_sites_count_what_is_there) {
  Client admin = as("admin");
  const auto home = json(admin.get(alpha("/home")));
  EXPECT_EQ(home["devices"], kDevices);
  EXPECT_EQ(home["devices_new_24h"], 0);
  EXPECT_EQ(home["newest_devices"].size(), 10U);
  EXPECT_EQ(home["newest_devices"][0]["name"], "pc-60");
  EXPECT_TRUE(home["traffic"]["bytes_24h"].is_null());
  EXPECT_EQ(home["traffic"]["series"]["times"].size(), 192U);
  const auto added = json(
      admin.send("POST", alpha("/sites"), R"({"name":"Kyoto","time_zone":"Asia/Tokyo"})"), 201);
  EXPECT_EQ(added["devices"], 0);
  EXPECT_EQ(
      json(admin.send("POST", alpha("/sites"), R"({"name":"Kyoto"})"), 409)["errors"][0]["field"],
      "name");
  EXPECT_EQ(
      json(admin.send("POST", alpha("/sites"), R"({"name":"Mars","time_zone":"Mars/Olympus"})"),
           400)["errors"][0]["field"],
      "time_zone");
  const std::string kyoto = alpha("/sites/") + added["id"].get<std::string>();
  EXPECT_EQ(json(admin.send("PATCH", kyoto, R"({"place":"南区"})"))["place"], "南区");
  EXPECT_EQ(json(admin.get(alpha("/sites")))["items"].size(), 2U);
}

TEST_F(ResourcesTest, a_sensor_waits_enrols_falls_silent_and_is_revoked) {
  Client admin = as("admin");
  const auto made =
      json(admin.send("POST", alpha("/sensors"), R"({"site":"1","name":"Line 9"})"), 201);
  EXPECT_EQ(made["sensor"]["health"], "waiting");
  EXPECT_FALSE(made["code"].get<std::string>().empty());
  // The test reaches the cloud by a name the certificate does not carry: the first one counts.
  EXPECT_EQ(made["enrol_at"], "cloud.example:9444");
  EXPECT_EQ(json(admin.send("POST", alpha("/sensors"), R"({"site":"1","name":"Line 9"})"),
                 409)["errors"][0]["field"],
            "name");
  EXPECT_EQ(json(admin.send("POST", alpha("/sensors"), R"({"site":"2","name":"Theirs"})"),
                 400)["errors"][0]["field"],
            "site");
  const std::string path = alpha("/sensors/") + made["sensor"]["id"].get<std::string>();
  EXPECT_NE(json(admin.send("POST", path + "/code"), 201)["code"], made["code"]);
  const auto health = [&] { return json(admin.get(path))["health"]; };
  sql("update sensor set state = 'active', enrolled_at = now(), last_seen_at = now() where name = "
      "'Line 9'");
  EXPECT_EQ(health(), "ok");
  sql("update sensor set last_seen_at = now() - interval '4 minutes' where name = 'Line 9'");
  EXPECT_EQ(health(), "silent");
  EXPECT_TRUE(json(admin.get(path))["silent_since"].is_string());
  EXPECT_EQ(json(admin.get(alpha("/home")))["silent_sensors"].size(), 1U);
  EXPECT_EQ(json(admin.send("POST", path + "/revoke"))["state"], "revoked");
  EXPECT_EQ(admin.send("POST", path + "/revoke").status, 200);
  EXPECT_EQ(admin.send("POST", path + "/code").status, 409);
}

TEST_F(ResourcesTest, a_port_shows_what_its_mirror_doctor_said_last) {
  Client viewer = as("viewer");
  sql("update sensor set state = 'active', enrolled_at = now(), last_seen_at = now() where id = 1;"
      "insert into port_counter (organization_id, sensor_id, sequence, at, name, packets, "
      "bytes, dropped_kernel, dropped_queue, malformed, unparsed, truncated, evicted) values "
      "(1, 1, 1, now(), 'eth1', 9, 900, 0, 0, 0, 0, 0, 0), "
      "(1, 1, 1, now(), 'eth2', 9, 900, 0, 0, 0, 0, 0, 0)");
  const auto say = [&](const std::string& ago, const std::string& detail) {
    sql(fmt::format(
        "insert into event (organization_id, site_id, sensor_id, kind, severity, detail, count, "
        "first_seen, last_seen) values (1, 1, 1, 'mirror', 'info', '{}', 1, now() - interval "
        "'{}', now() - interval '{}')",
        detail, ago, ago));
  };
  const auto ports = [&] { return json(viewer.get(alpha("/sensors/1")))["ports"]; };
  EXPECT_TRUE(ports()[0]["mirror"].is_null());

  say("2 hours", R"({"port": "eth1", "one_way": "12/20", "duplicated": "5/90"})");
  const auto faults = ports()[0]["mirror"]["faults"];
  ASSERT_EQ(faults.size(), 2U);
  EXPECT_EQ(faults[0], nlohmann::json::parse(R"({"fault": "one_way", "count": 12, "of": 20})"));
  EXPECT_EQ(faults[1]["fault"], "duplicated");
  EXPECT_TRUE(ports()[1]["mirror"].is_null());
  const auto problems = [&] { return json(viewer.get(alpha("/sensors/1")))["problems"].dump(); };
  EXPECT_NE(problems().find("mirror"), std::string::npos) << problems();

  say("1 hour", R"({"port": "eth1"})");
  EXPECT_TRUE(ports()[0]["mirror"]["faults"].empty());
  EXPECT_TRUE(ports()[0]["mirror"]["at"].is_string());
  EXPECT_EQ(problems().find("mirror"), std::string::npos) << problems();
}

TEST_F(ResourcesTest, changes_reach_the_streams_of_their_organization_until_the_session_ends) {
  Client alpha_client = as("viewer");
  Client beta_client = as("beta");
  const auto listen = [&](testing::Socket& socket, const Client& client, const char* organization) {
    socket.send(
        fmt::format("GET /api/v1/organizations/{}/events HTTP/1.1\r\nHost: h\r\nCookie: {}\r\n\r\n",
                    organization, client.cookie));
    return socket.answer().header("content-type");
  };
  testing::Socket here(port());
  testing::Socket there(port());
  EXPECT_EQ(listen(here, alpha_client, "1"), "text/event-stream");
  EXPECT_EQ(listen(there, beta_client, "2"), "text/event-stream");
  sql(R"(select pg_notify('osect_change', '{"organization":"1","site":"1","kind":"device"}'))");
  std::string heard;
  for (int i = 0; i < 20 && heard.find("\"device\"") == std::string::npos; ++i)
    heard += here.receive(std::chrono::milliseconds(500));
  EXPECT_NE(heard.find("event: change\ndata: {\"kind\":\"device\",\"site\":\"1\""),
            std::string::npos)
      << heard;
  EXPECT_EQ(there.receive(std::chrono::milliseconds(300)).find("device"), std::string::npos);
  sql("delete from session");
  application().events().end_streams_without_session();
  EXPECT_TRUE(here.is_closed_within(std::chrono::seconds(5)));
}

TEST_F(ResourcesTest, a_person_merges_splits_and_undoes_and_inventory_hears_of_it) {
  Client person = as("operator");
  const auto device = [&](const std::string& id) {
    return json(person.get(alpha("/devices/" + id)));
  };
  const auto merged = json(person.send("POST", alpha("/devices/2/merge"), R"({"device": "3"})"));
  EXPECT_EQ(merged["kind"], "merge");
  EXPECT_EQ(merged["other"]["name"], "pc-3");
  EXPECT_EQ(merged["keys"], nlohmann::json::parse(R"(["02:00:00:00:00:03"])"));
  EXPECT_EQ(merged["made_by"], "operator");
  EXPECT_EQ(sql("select count(*) from inventory_work where endpoint_id in (2, 3)"), "2");
  EXPECT_EQ(device("2")["decisions"].size(), 1U);
  const std::string undo = "/devices/2/decisions/" + merged["id"].get<std::string>() + "/undo";
  EXPECT_EQ(json(person.send("POST", alpha(undo), "{}"))["undone_by"], "operator");
  EXPECT_EQ(person.send("POST", alpha(undo), "{}").status, 404) << "once";
  EXPECT_EQ(sql("select string_agg(action, ' ' order by id) from audit_entry where action like "
                "'device%'"),
            "device.merge device.undo_merge");

  sql("insert into endpoint (organization_id, site_id, sensor_id, device_id, vlan, mac, ip, "
      "has_sent, first_seen, last_seen) values (1, 1, 1, 4, 7, '02:00:00:00:00:04', '10.9.9.9', "
      "true, now(), now())");
  const std::string added = sql("select max(id) from endpoint");
  const auto split = json(
      person.send("POST", alpha("/devices/4/split"), R"({"endpoints": [")" + added + R"("]})"));
  EXPECT_EQ(split["keys"], nlohmann::json::parse(R"(["02:00:00:00:00:04 10.9.9.9"])"))
      << "only this address of the MAC";
  for (const char* wrong : {R"({"endpoints": []})", R"({"endpoints": ["1"]})"})
    EXPECT_EQ(
        json(person.send("POST", alpha("/devices/4/split"), wrong), 400)["errors"][0]["field"],
        "endpoints");
  for (const char* wrong : {R"({"device": "2"})", R"({"device": "9999"})"})
    EXPECT_EQ(
        json(person.send("POST", alpha("/devices/2/merge"), wrong), 400)["errors"][0]["field"],
        "device");
  EXPECT_EQ(as("viewer").send("POST", alpha("/devices/2/merge"), R"({"device": "3"})").status, 403);
  EXPECT_EQ(as("beta")
                .send("POST", "/api/v1/organizations/1/devices/2/merge", R"({"device": "3"})")
                .status,
            404);
}

TEST_F(ResourcesTest, a_device_says_why_and_what_it_offers) {
  sql(R"(update device set level = '1', role = 'server', conflicts = '{model}', attributes =
      '{"model": {"value": "FX5U", "source": "slmp", "rule": "", "confidence": 90, "evidence": [],
        "others": [], "is_in_conflict": true}}',
      links = '[{"code": "same_mac", "values": {"mac": "02:00:00:00:00:01"}}]' where id = 1)");
  Client client = as("viewer");
  const auto plc = json(client.get(alpha("/devices/1")));
  EXPECT_EQ(plc["level"], "1");
  EXPECT_EQ(plc["attributes"]["model"]["source"], "slmp");
  EXPECT_EQ(plc["links"][0]["code"], "same_mac");
  EXPECT_EQ(plc["services"][0]["role"], "server");
  EXPECT_EQ(plc["services"][0]["peers"], kDevices - 1);
  EXPECT_EQ(json(client.get(alpha("/devices?filter.has_conflict=true")))["total"], 1);
  EXPECT_EQ(json(client.get(alpha("/devices?filter.level=1&filter.role=server")))["total"], 1);
  EXPECT_EQ(json(client.get(alpha("/devices?filter.level=")))["total"], kDevices - 1);
  EXPECT_EQ(json(client.get(alpha("/devices?filter.level=9")), 400)["errors"].size(), 1U);
  EXPECT_EQ(json(client.get(alpha("/devices/groups?by=level")))["items"].size(), 2U);
  const Answer csv =
      client.get(alpha("/devices/export?format=csv&locale=ja&columns=name,level,role&q=plc"));
  EXPECT_NE(csv.body.find("階層 (Purdue)"), std::string::npos);
  EXPECT_NE(csv.body.find("PLC ライン2,1,応答する側"), std::string::npos) << csv.body;
}

TEST_F(ResourcesTest, who_was_only_asked_for_is_listed_apart) {
  sql("insert into endpoint (organization_id, site_id, sensor_id, vlan, mac, ip, has_sent, "
      "first_seen, last_seen) values (1, 1, 1, 0, null, '10.0.0.200', false, now(), now()), "
      "(1, 1, 1, 0, null, '10.0.0.2', false, now(), now())");
  const std::string sought = sql("select id from endpoint where host(ip) = '10.0.0.200'");
  sql("insert into conversation (organization_id, site_id, sensor_id, client_endpoint_id, "
      "server_endpoint_id, transport, port, protocol, first_seen, last_seen) values (1, 1, 1, 5, " +
      sought + ", 'ethernet', 2054, 'arp', now(), now())");
  const auto unheard = json(as("viewer").get(alpha("/devices/unheard")));
  ASSERT_EQ(unheard["items"].size(), 1U) << "10.0.0.2 speaks";
  EXPECT_EQ(unheard["items"][0]["ip"], "10.0.0.200");
  EXPECT_EQ(unheard["items"][0]["askers"][0]["name"], "pc-5");
}

}  // namespace
}  // namespace osect::api
