// What a page costs does not grow with other tenants: the lists and figures as they open read no
// large table from end to end.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "cloud/store/queries/conversation_list.h"
#include "cloud/store/queries/device_list.h"
#include "cloud/store/queries/difference.h"
#include "cloud/store/queries/list.h"
#include "cloud/store/queries/matrix.h"
#include "cloud/store/queries/network.h"
#include "cloud/store/queries/operation_list.h"
#include "cloud/store/queries/operation_series.h"
#include "cloud/store/queries/session.h"
#include "cloud/store/queries/site_read.h"
#include "cloud/store/queries/traffic_read.h"
#include "cloud/store/testing/cluster.h"

namespace osect::store {
namespace {

class PlanTest : public testing::DatabaseTest {
 protected:
  // 20 organizations with 200 devices and 600 conversations each.
  void seed() {
    sql("insert into organization (id, name) select o, 'Plant ' || o from generate_series(1, 20) o;"
        "insert into site (organization_id, name, time_zone) select o.id, 'Site', 'UTC' from "
        "organization o;"
        "insert into sensor (organization_id, site_id, name, state) select s.organization_id, "
        "s.id, 'Line', 'active' from site s;"
        "insert into device (organization_id, site_id, name, name_source, first_seen, last_seen) "
        "select s.organization_id, s.id, 'device-' || i, 'dhcp', now() - i * interval '1 hour', "
        "now() - i * interval '1 minute' from generate_series(1, 200) i, site s;"
        "insert into endpoint (organization_id, site_id, sensor_id, device_id, vlan, mac, ip, "
        "has_sent, first_seen, last_seen) "
        "select d.organization_id, d.site_id, n.id, d.id, 0, null, '10.0.0.0'::inet + d.id, true, "
        "d.first_seen, d.last_seen from device d "
        "join sensor n on n.organization_id = d.organization_id;"
        "insert into conversation (organization_id, site_id, sensor_id, client_endpoint_id, "
        "server_endpoint_id, transport, port, protocol, first_seen, last_seen) "
        "select e.organization_id, e.site_id, e.sensor_id, e.id, e.id, 'tcp', 500 + p, 'modbus', "
        "e.first_seen, e.last_seen from endpoint e, generate_series(1, 3) p;"
        "insert into operation (organization_id, site_id, sensor_id, protocol, client_endpoint_id, "
        "server_endpoint_id, function, code, access, target, first_seen, last_seen) "
        "select c.organization_id, c.site_id, c.sensor_id, c.protocol, c.client_endpoint_id, "
        "c.server_endpoint_id, 'read', '3', 'read', c.port::text, c.first_seen, c.last_seen "
        "from conversation c;"
        "insert into traffic_hour (organization_id, site_id, sensor_id, hour, packed) select "
        "n.organization_id, n.site_id, n.id, date_trunc('hour', now()) - h * interval '1 hour', "
        "repeat('x', 2000)::bytea from sensor n, generate_series(0, 99) h;"
        "insert into operation_hour (organization_id, site_id, sensor_id, hour, packed) select "
        "n.organization_id, n.site_id, n.id, date_trunc('hour', now()) - h * interval '1 hour', "
        "repeat('x', 2000)::bytea from sensor n, generate_series(0, 99) h;"
        "insert into traffic_day (organization_id, site_id, sensor_id, day, packed) select "
        "n.organization_id, n.site_id, n.id, date_trunc('day', now()) - h * interval '1 day', "
        "repeat('x', 2000)::bytea from sensor n, generate_series(0, 99) h;"
        "insert into traffic_protocol_hour (organization_id, site_id, sensor_id, hour, protocol, "
        "packets, bytes) select n.organization_id, n.site_id, n.id, date_trunc('hour', now()) - h "
        "* interval '1 hour', 'modbus', 1, 1 from sensor n, generate_series(0, 499) h;"
        "insert into traffic_minute (organization_id, site_id, sensor_id, minute, sequence, "
        "packets_up, packets_down, bytes_up, bytes_down, packed) select n.organization_id, "
        "n.site_id, n.id, date_trunc('minute', now()) - m * interval '1 minute', 500 - m, 1, 1, 1, "
        "1, '' from sensor n, generate_series(0, 499) m;");
    sql("analyze");
  }

  // The plan of a query as the API runs it for organization 7.
  std::string plan(const Query& query, const std::string& params) {
    std::string out;
    for (const auto& line : lines(fmt::format(
             "begin; set local role osect_app; select set_config('app.organization', '7', true), "
             "set_config('app.sites', 'all', true);"
             "{}; prepare asked as {}; explain execute asked ({})",
             query::kSessionPlanForParameters.sql, query.sql, params)))
      out += line + "\n";
    return out;
  }
};

std::string nulls(int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += "null, ";
  return out;
}

TEST_F(PlanTest, No_list_or_figure_scans_a_large_table) {
  seed();
  const std::string page = "true, 51, '1970-01-01Z', 0, '', null, 'time'";
  const std::string text_page = "true, 51, '1970-01-01Z', 0, '', null, 'text'";
  const std::string number_page = "true, 51, '1970-01-01Z', 0, '', null, 'number'";
  const std::string day = "now() - interval '24 hours', now()";
  struct Asked {
    const Query& query;
    std::string params;
  };
  const Asked all[] = {
      {query::kDeviceList, "7, " + nulls(38) + "'last_seen', " + page},
      {query::kDeviceList, "7, " + nulls(38) + "'name', " + text_page},
      {query::kDeviceGroups, "7, " + nulls(38) + "'', 100001, 1"},
      {query::kConversationList, "7, " + nulls(25) + "'last_seen', " + page},
      {query::kConversationList, "7, " + nulls(25) + "'bytes', " + number_page},
      {query::kDeviceList,
       "7, " + nulls(5) + "'%device-77%', " + nulls(32) + "'last_seen', " + page},
      {query::kListEndpoints, "7, '{7}'"},
      {query::kListWordEndpoints, "7, '{%device-77%}'"},
      {query::kListWordProtocols, "7, '{%mod%}'"},
      {query::kConversationList,
       "7, " + nulls(5) + "'{1,2,3}', " + nulls(19) + "'last_seen', " + page},
      {query::kOperationList, "7, " + nulls(5) + "'{1,2,3}', " + nulls(3) + "'%device-77%', " +
                                  nulls(15) + "'last_seen', " + page},
      {query::kConversationGroups, "7, " + nulls(25) + "'', 100001, 1"},
      {query::kOperationList, "7, " + nulls(25) + "'last_seen', " + page},
      {query::kOperationGroups, "7, " + nulls(25) + "'', 100001, 1"},
      {query::kOperationSums, "7, " + nulls(25) + "'protocol', 'server', 'function', 1001"},
      {query::kHomeFigures, "7, null, null"},
      {query::kSiteList, "7, null"},
      {query::kNetworkNodes, "7, '{1,2,3}'"},
      {query::kNetworkOperations, "7, null, null, " + day},
      {query::kOperationHours, "7, null, null, " + day},
      {query::kOperationKeys, "7, " + nulls(25) + "'access', null"},
      {query::kTrafficHours, "7, null, null, " + day},
      {query::kTrafficDays, "7, null, null, " + day},
      {query::kTrafficMinutePacked, "7, null, null, " + day},
      {query::kTrafficDevices, "7, null, null, " + day},
      {query::kMatrixDevices, "7, null, 'vendor'"},
      {query::kDifferenceDevices, "7, '{1,2,3}'"},
      {query::kDifferenceOperations, "7, '{1,2,3}'"},
      {query::kDifferenceFacts, "7, null, null, " + day + ", " + day},
      {query::kTrafficOwnEndpoints, "7, 7"},
      {query::kTrafficSubjects, "7, '{1,2,3}'"},
      {query::kTrafficOutside, "7, null"},
      {query::kTrafficSides, "7, '{1,2,3}'"},
      {query::kTrafficTotals, "7, null, null, " + day + ", 'hour'"},
      {query::kTrafficByProtocol, "7, null, null, " + day + ", 'hour', 6"},
  };
  for (const Asked& asked : all) {
    const std::string text = plan(asked.query, asked.params);
    EXPECT_NE(text.find("Index"), std::string::npos) << asked.query.name << "\n" << text;
    for (const char* table : {"device", "endpoint", "conversation", "operation", "traffic"})
      EXPECT_EQ(text.find(fmt::format("Seq Scan on {}", table)), std::string::npos)
          << asked.query.name << "\n"
          << text;
  }
}

}  // namespace
}  // namespace osect::store
