// A member of one site only: on every route the organization looks as if it had no other site.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "cloud/api/routes.h"
#include "cloud/api/testing/api_test_base.h"
#include "cloud/store/operation_counts.h"
#include "cloud/store/packed.h"
#include "cloud/store/volumes.h"

namespace osect::api {
namespace {

using testing::Answer;
using testing::ApiTest;
using testing::Client;

const std::string kOrganization = "/api/v1/organizations/{organization}";

// Everything of a request but the organization and the ids. What has to be named for the request to
// make sense stands here; whoever adds a route without it sees a 400 in the test below.
std::vector<std::string> questions_of(std::string_view path) {
  const std::string range = "from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z";
  if (path.ends_with("/devices/groups")) return {"?by=site", "?by=vendor"};
  if (path.ends_with("/conversations/groups")) return {"?by=server", "?by=protocol"};
  if (path.ends_with("/alerts/groups")) return {"?by=rule", "?by=site"};
  if (path.ends_with("/baseline/entries"))
    return {"?record=operation&access=read&protocol=protocol-100",
            "?record=operation&access=read&protocol=protocol-300"};
  if (path.ends_with("/alerts")) return {"", "?site=3", "?sensor=3", "?q=0"};
  if (path.ends_with("/operations/groups")) return {"?by=function", "?by=site"};
  if (path.ends_with("/weaknesses/groups")) return {"?by=device", "?by=site"};
  if (path.ends_with("/difference") || path.ends_with("/difference/export")) {
    const std::string periods =
        "before_from=2026-11-19T00:00:00Z&before_to=2026-11-20T00:00:00Z&"
        "after_from=2026-11-20T00:00:00Z&after_to=2026-11-21T00:00:00Z&kind=";
    std::vector<std::string> out;
    for (const char* kind : {"devices", "conversations", "services", "operations", "attributes"})
      out.push_back((path.ends_with("/export") ? "?format=csv&" : "?") + periods + kind);
    return out;
  }
  if (path.ends_with("/matrix")) return {"?by=device&" + range, "?by=vendor&" + range};
  if (path.ends_with("/matrix/cell")) return {"?by=vendor&client=&server=&" + range};
  if (path.ends_with("/export")) return {"?format=csv&locale=en"};
  if (path.ends_with("/network/edge")) return {"?client={device}&server={peer}&" + range};
  if (path.ends_with("/operations/series"))
    return {"?by=total&" + range, "?by=function&" + range, "?by=server&" + range};
  if (path.ends_with("/traffic/series"))
    return {"?by=total&step=hour&" + range, "?by=protocol&step=hour&" + range,
            "?by=device&step=hour&" + range, "?by=protocol&step=minute&" + range};
  if (path.ends_with("/traffic/rankings"))
    return {"?by=talker&" + range, "?by=pair&" + range, "?by=protocol&" + range,
            "?by=port&" + range, "?by=outside&" + range};
  if (path.ends_with("/network") || path.ends_with("/peers") || path.ends_with("/traffic") ||
      path.ends_with("/{sensor}"))
    return {"?" + range};
  if (path.ends_with("/sensors")) return {"", "?site=3"};
  if (path == kOrganization + "/devices" || path == kOrganization + "/operations" ||
      path.ends_with("/conversations"))
    return {"", "?site=3", "?sensor=3", "?q=0"};
  if (path.ends_with("/home")) return {"", "?site=3", "?sensor=3"};
  return {""};
}

class SiteMemberTest : public ApiTest {
 protected:
  SiteMemberTest() {
    sql("insert into site (organization_id, name) values (1, 'Kyoto');"
        "insert into sensor (organization_id, site_id, name, state) values (1, 3, 'Line 3', "
        "'active');");
    fill(1, 1, 100);
    fill(3, 3, 300);
    add_member("tokyo", 1, "viewer");
    add_member("keeper", 1, "admin");
  }

  void add_member(const std::string& login, int site, const std::string& role) {
    sql(fmt::format(
        "with u as (insert into app_user (login, display_name, password_hash, locale) select '{0}',"
        " '{0}', password_hash, 'en' from app_user where login = 'viewer' returning id) insert into"
        " membership (organization_id, user_id, site_id, role) select 1, id, {1}, '{2}' from u",
        login, site, role));
  }

  // Two devices, what they do with each other and outside, at fixed times.
  void fill(int site, int sensor, int id) {
    const std::string keys = fmt::format("1, {}, {}", site, sensor);
    const std::string seen = "'2026-11-20 10:00Z', '2026-11-20 12:00Z'";
    store::Packed packed;
    packed.conversations.push_back({.id = id,
                                    .packets_up = 7,
                                    .packets_down = 7,
                                    .bytes_up = id,
                                    .bytes_down = id,
                                    .flows = 1});
    store::Volumes volumes;
    volumes.services.push_back({"tcp", id, fmt::format("protocol-{}", id)});
    for (const int conversation : {id, id + 1})
      volumes.rows.push_back({.conversation = conversation,
                              .client = id + 1,
                              .server = conversation + 2,
                              .service = 0,
                              .packets_up = 7,
                              .packets_down = 7,
                              .bytes_up = id,
                              .bytes_down = id,
                              .flows = 1});
    sql(fmt::format(
        "insert into device (organization_id, id, site_id, name, name_source, vendor, ips, macs, "
        "is_outside, first_seen, last_seen) overriding system value select 1, {id} + i, {site}, "
        "'host-{id}-' || i, 'dhcp', 'Vendor {id}', array[('10.{site}.0.' || i)::inet], "
        "array[('02:00:00:0{site}:00:0' || i)::macaddr], i = 3, {seen} from generate_series(1, 3) "
        "i;"
        "insert into endpoint (organization_id, id, site_id, sensor_id, device_id, vlan, mac, ip, "
        "has_sent, packets, bytes, first_seen, last_seen) overriding system value select 1, d.id, "
        "{site}, {sensor}, d.id, 0, d.macs[1], d.ips[1], true, 5, 500, {seen} from device d where "
        "d.site_id = {site};"
        "insert into conversation (organization_id, site_id, sensor_id, id, client_endpoint_id, "
        "server_endpoint_id, transport, port, protocol, packets_up, packets_down, bytes_up, "
        "bytes_down, flows, first_seen, last_seen) overriding system value values ({keys}, {id}, "
        "{id} + 1, {id} + 2, 'tcp', {id}, 'protocol-{id}', 7, 7, {id}, {id}, 1, {seen}), ({keys}, "
        "{id} + 1, {id} + 1, {id} + 3, 'tcp', {id}, 'protocol-{id}', 7, 7, {id}, {id}, 1, {seen});"
        "insert into operation (organization_id, site_id, sensor_id, id, protocol, "
        "client_endpoint_id, server_endpoint_id, function, code, access, target, count, errors, "
        "first_seen, last_seen) overriding system value values ({keys}, {id}, 'protocol-{id}', "
        "{id} + 1, {id} + 2, 'function-{id}', '3', 'read', 'unit', {id}, 0, {seen});"
        "insert into fact (organization_id, site_id, endpoint_id, attribute, value, source, "
        "confidence, count, first_seen, last_seen) values (1, {site}, {id} + 1, 'model', "
        "'model-{id}', 'slmp', 90, 1, {seen});"
        "insert into event (organization_id, site_id, sensor_id, kind, severity, detail, count, "
        "first_seen, last_seen) values ({keys}, 'scan', 'low', '{{}}', 1, {seen});"
        "insert into traffic_hour (organization_id, site_id, sensor_id, hour, packed) values "
        "({keys}, "
        "'2026-11-20 10:00Z', '\\x{volumes}');"
        "insert into traffic_protocol_hour (organization_id, site_id, sensor_id, hour, protocol, "
        "packets, bytes) values ({keys}, '2026-11-20 10:00Z', 'protocol-{id}', 28, 4 * {id});"
        "insert into traffic_minute (organization_id, site_id, sensor_id, minute, sequence, "
        "packets_up, packets_down, bytes_up, bytes_down, packed) values ({keys}, "
        "'2026-11-20 10:00Z', 1, 7, 7, {id}, {id}, '\\x{packed}');"
        "insert into operation_hour (organization_id, site_id, sensor_id, hour, packed) values "
        "({keys}, '2026-11-20 10:00Z', '\\x{operations}');"
        "insert into sensor_stream (organization_id, sensor_id, last_batch_at) values (1, "
        "{sensor}, '2026-11-20 12:00Z');"
        "insert into sensor_health (organization_id, sensor_id, at, sequence, uptime_s, "
        "cpu_permille, memory_bytes, spool_bytes, disk_free_bytes, uplink_bytes) values (1, "
        "{sensor}, '2026-11-20 10:00Z', 1, {id}, 1, 1, 1, 1, 1);"
        "insert into port_counter (organization_id, sensor_id, at, sequence, name, packets, bytes, "
        "dropped_kernel, dropped_queue, malformed, unparsed, truncated, evicted) values (1, "
        "{sensor}, '2026-11-20 10:00Z', 1, 'port-{id}', 1, 1, 0, 0, 0, 0, 0, 0);"
        "insert into planned_work (organization_id, site_id, title, people, note, expects, "
        "starts_at, ends_at) values (1, {site}, 'host-{id}', '', '', '{{write}}', {seen});"
        "insert into incident (organization_id, id, site_id, actor) overriding system value values "
        "(1, {id} + 1, {site}, {id} + 1);"
        "insert into incident_history (organization_id, site_id, incident_id, action, comment) "
        "values (1, {site}, {id} + 1, 'commented', 'host-{id}');"
        "insert into alert (organization_id, id, site_id, rule, category, join_key, severity, "
        "points, client, server, detail, words, count, first_seen, last_seen, incident_id) "
        "overriding system "
        "value values (1, {id} + 1, {site}, 'new-device', 'device', '', 'high', '[]', {id} + 1, "
        "{id} "
        "+ 2, '{{\"client_name\": \"host-{id}\"}}', 'host-{id}', 1, {seen}, {id} + 1);"
        "insert into alert_evidence (organization_id, site_id, alert_id, record, client, server, "
        "count, first_seen, last_seen, detail) values (1, {site}, {id} + 1, 'device', {id} + 1, 0, "
        "1, {seen}, '{{}}');"
        "insert into alert_history (organization_id, site_id, alert_id, action, comment) values "
        "(1, "
        "{site}, {id} + 1, 'commented', 'host-{id}');"
        "insert into site_learning (organization_id, site_id, begun_at, changed_at) values (1, "
        "{site}, {seen});"
        "insert into baseline (organization_id, site_id, record, client, server, protocol, access, "
        "first_seen, last_seen) values (1, {site}, 'operation', {id} + 1, {id} + 2, "
        "'protocol-{id}', "
        "'read', {seen});"
        "insert into report (organization_id, id, site_id, language, begins_at, ends_at, state, "
        "deck, finished_at) overriding system value values (1, {id}, {site}, 'ja', {seen}, 'done', "
        "'host-{id}'::bytea, '2026-11-20 13:00Z');"
        "insert into ledger_upload (organization_id, id, site_id, file_name, sheet, header_row, "
        "headers, fields, content) overriding system value values (1, {id}, {site}, 'host-{id}', "
        "'', 1, '{{}}', '{{}}', '');"
        "insert into ledger_entry (organization_id, site_id, upload_id, key, row_number, name, "
        "macs, ips, texts, unknown) values (1, {site}, {id}, 'a', 1, 'host-{id}', '{{}}', '{{}}', "
        "'{{}}', '[]');"
        "insert into gap (organization_id, sensor_id, reason, begins_at, ends_at, packets, bytes) "
        "values (1, {sensor}, 'gap-{id}', '2026-11-20 10:00Z', '2026-11-20 10:01Z', 1, 1);",
        fmt::arg("keys", keys), fmt::arg("id", id), fmt::arg("site", site),
        fmt::arg("sensor", sensor), fmt::arg("seen", seen),
        fmt::arg("packed", hex(store::pack(packed))),
        fmt::arg("operations", hex(store::pack(store::OperationCounts{{{id, id, 0}}}))),
        fmt::arg("volumes", hex(store::pack(volumes)))));
  }

  static std::string hex(const std::string& bytes) {
    std::string out;
    for (const char c : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
    return out;
  }

  // The answer without what changes from one second to the next.
  static std::string lasting(const Answer& answer) {
    auto json = nlohmann::json::parse(answer.body, nullptr, false);
    if (json.is_discarded()) return fmt::format("{} {}", answer.status, answer.body);
    if (json.contains("now")) {
      json.erase("now");
      for (const char* key : {"from", "to"}) json["traffic"]["series"].erase(key);
    }
    return fmt::format("{} {}", answer.status, json.dump());
  }

  // What every GET route of the organization answers, asked for things of the site whose ids these
  // are.
  std::map<std::string, std::string> tour(Client& client, int sensor, int id) {
    std::map<std::string, std::string> out;
    for (const Route& route : routes()) {
      if (route.access <= Access::user || route.method != "GET" || route.path.ends_with("/events"))
        continue;
      for (const std::string& question : questions_of(route.path)) {
        std::string target = std::string(route.path) + question;
        replace(target, "{organization}", "1");
        replace(target, "{sensor}", std::to_string(sensor));
        replace(target, "{site}", std::to_string(sensor));  // the two have the same number here
        replace(target, "{device}", std::to_string(id + 1));
        replace(target, "{peer}", std::to_string(id + 2));
        replace(target, "{alert}", std::to_string(id + 1));
        replace(target, "{incident}", std::to_string(id + 1));
        replace(target, "{report}", std::to_string(id));
        out[target] = lasting(client.get(target));
      }
    }
    return out;
  }
  static void replace(std::string& text, const std::string& mark, const std::string& by) {
    if (const auto at = text.find(mark); at != std::string::npos) text.replace(at, mark.size(), by);
  }
};

TEST_F(SiteMemberTest, every_route_answers_as_if_there_were_no_other_site) {
  Client tokyo = as("tokyo");
  Client all = as("viewer");
  const auto seen = tour(tokyo, 1, 100);
  const auto everything = tour(all, 1, 100);
  int narrower = 0;
  for (const auto& [target, answer] : seen) {
    EXPECT_TRUE(answer.starts_with("200 ")) << target << " " << answer;
    for (const char* foreign : {"host-300", "protocol-300", "function-300", "Vendor 300", "Kyoto",
                                "Line 3", "model-300", "port-300", "gap-300"})
      EXPECT_EQ(answer.find(foreign), std::string::npos) << target << " " << answer;
    narrower += answer != everything.at(target) ? 1 : 0;
  }
  EXPECT_GT(narrower, 20) << "otherwise the other site had nothing to hide";
  sql("delete from traffic_minute where site_id = 3; delete from traffic_hour where site_id = 3;"
      "delete from traffic_protocol_hour where site_id = 3; delete from operation_hour where "
      "site_id = 3; delete from event where site_id = 3; delete from alert where site_id = 3; "
      "delete from incident where site_id = 3; delete from ledger_upload where site_id = 3; "
      "delete from report where site_id = 3; "
      "delete from conversation where site_id = "
      "3; delete from operation where site_id = 3; delete from fact where site_id = 3; delete from "
      "endpoint where site_id = 3; delete from device where site_id = 3; delete from site where id "
      "= 3;");
  EXPECT_EQ(seen, tour(tokyo, 1, 100)) << "the other site showed";
  EXPECT_EQ(seen, tour(all, 1, 100)) << "of the own site something did not show";
}

TEST_F(SiteMemberTest, a_thing_of_another_site_looks_like_an_absent_one) {
  Client keeper = as("keeper");
  for (const Route& route : routes()) {
    if (route.path.find('{', route.path.find('}')) == std::string_view::npos) continue;
    const std::string method(route.method);
    const bool is_site = route.path.find("{site}") != std::string_view::npos;
    const auto target = [&](const std::string& id) {
      std::string out(route.path);
      replace(out, "{organization}", "1");
      out.replace(out.find('{'), out.find('}') - out.find('{') + 1, id);
      return out;
    };
    const std::string id =
        is_site || route.path.find("{sensor}") != std::string_view::npos ? "3" : "301";
    const std::string body = method == "PATCH" ? R"({"name":"stolen"})" : "";
    const Answer foreign = keeper.send(method, target(id), body);
    EXPECT_EQ(foreign.status, 404) << method << " " << route.path << " " << foreign.body;
    EXPECT_EQ(foreign.body, keeper.send(method, target("999"), body).body) << route.path;
  }
  EXPECT_EQ(sql("select name from device where id = 301"), "host-300-1");
  EXPECT_EQ(sql("select state from sensor where id = 3"), "active");
  EXPECT_EQ(sql("select count(*) from enrolment_code where sensor_id = 3"), "0");
}

TEST_F(SiteMemberTest, an_admin_of_one_site_changes_that_site_and_nothing_above_it) {
  Client keeper = as("keeper");
  EXPECT_EQ(keeper.send("PATCH", alpha("/sites/1"), R"({"place":"Hall 2"})").status, 200);
  EXPECT_EQ(keeper.send("POST", alpha("/sensors"), R"({"site":"1","name":"Line 9"})").status, 201);
  EXPECT_EQ(keeper.send("PATCH", alpha("/devices/101"), R"({"name":"press"})").status, 200);
  EXPECT_EQ(keeper.send("POST", alpha("/sensors"), R"({"site":"3","name":"Line 9"})").status, 400);
  EXPECT_EQ(keeper.send("POST", alpha("/sites"), R"({"name":"Nara"})").status, 403);
  EXPECT_EQ(sql("select count(*) from site where organization_id = 1"), "2");
}

TEST_F(SiteMemberTest, roles_add_up_and_each_holds_where_it_was_given) {
  add_member("both", 1, "viewer");
  sql("insert into membership (organization_id, user_id, site_id, role) select 1, id, 3, 'operator'"
      " from app_user where login = 'both'");
  Client both = as("both");
  EXPECT_EQ(json(both.get(alpha("/devices")))["total"], 4);
  EXPECT_EQ(both.send("PATCH", alpha("/devices/301"), R"({"name":"x"})").status, 200);
  EXPECT_EQ(both.send("PATCH", alpha("/devices/101"), R"({"name":"x"})").status, 404);
  EXPECT_EQ(both.send("POST", alpha("/sensors/3/revoke")).status, 403);
  const auto mine = json(both.get("/api/v1/organizations"))["items"];
  ASSERT_EQ(mine.size(), 1U);
  EXPECT_EQ(mine[0]["role"], "operator");
  EXPECT_EQ(mine[0]["is_everywhere"], false);
  EXPECT_EQ(json(as("viewer").get("/api/v1/organizations"))["items"][0]["is_everywhere"], true);
}

TEST_F(SiteMemberTest, changes_of_other_sites_are_not_heard_of) {
  const Client tokyo = as("tokyo");
  testing::Socket listener(port());
  listener.send("GET " + alpha("/events") + " HTTP/1.1\r\nHost: h\r\nCookie: " + tokyo.cookie +
                "\r\n\r\n");
  ASSERT_EQ(listener.answer().status, 200);
  for (const char* site : {"3", "1"})
    sql(
        fmt::format("select pg_notify('osect_change', "
                    R"('{{"organization":"1","site":"{}","kind":"device"}}'))",
                    site));
  std::string heard;
  for (int i = 0; i < 20 && heard.find("\"site\":\"1\"") == std::string::npos; ++i)
    heard += listener.receive(std::chrono::milliseconds(500));
  EXPECT_NE(heard.find("\"site\":\"1\""), std::string::npos) << heard;
  EXPECT_EQ(heard.find("\"site\":\"3\""), std::string::npos) << heard;
}

}  // namespace
}  // namespace osect::api
