// What a person does with alerts: close, mute and learn are three things, and each can be undone.
#include <gtest/gtest.h>

#include "cloud/api/testing/api_test_base.h"

namespace osect::api {
namespace {

using testing::Client;

class AlertsTest : public testing::ApiTest {
 protected:
  AlertsTest() {
    sql("insert into device (organization_id, site_id, name, name_source, ips, first_seen, "
        "last_seen) values "
        "(1, 1, '保全PC-3', 'person', '{10.0.0.3}', now(), now()), (1, 1, 'ライン2 PLC', 'person', "
        "'{10.0.0.9}', now(), now());"
        "insert into alert (organization_id, site_id, rule, category, join_key, severity, points, "
        "client, server, detail, words, count, "
        "first_seen, last_seen) select 1, 1, r.rule, 'operation', '', r.severity, '[{\"reason\": "
        "\"rule\", \"points\": 70}]', 1, 2, "
        "'{\"function\": \"remote_stop\"}', lower(r.rule) || ' ライン2 plc', 3, now() - interval "
        "'1 hour', now() from (values "
        "('controller-stop', 'critical'), ('new-writer', 'high'), ('silent-sensor', 'medium')) r "
        "(rule, severity);"
        "insert into alert_evidence (organization_id, site_id, alert_id, record, client, server, "
        "count, first_seen, last_seen, detail) "
        "select 1, 1, id, 'operation', 1, 2, 1, now(), now(), '{\"protocol\": \"slmp\", "
        "\"function\": \"batch_write\", \"access\": \"write\", "
        "\"target\": \"D100\"}' from alert where rule = 'new-writer'");
  }
  void act(Client& client, const std::string& body, int status = 200) {
    const auto answer = client.send("POST", alpha("/alerts/actions"), body);
    EXPECT_EQ(answer.status, status) << answer.body;
  }
  std::string states() {
    std::string out;
    for (const auto& line :
         lines("select state || coalesce('/' || reason, '') from alert order by id"))
      out += (out.empty() ? "" : " ") + line;
    return out;
  }
};

TEST_F(AlertsTest, Are_listed_filtered_grouped_and_exported_with_their_title) {
  Client client = as("viewer");
  const auto page = json(client.get(alpha("/alerts?sort=-severity")));
  ASSERT_EQ(page["total"], 3);
  EXPECT_EQ(page["items"][0]["rule"], "controller-stop");
  EXPECT_EQ(page["items"][0]["client"]["name"], "保全PC-3");
  EXPECT_EQ(page["items"][0]["server"]["ip"], "10.0.0.9");
  EXPECT_NE(page["items"][0]["title"]["ja"].get<std::string>().find("{server}"), std::string::npos);
  EXPECT_EQ(json(client.get(alpha("/alerts?filter.severity=high")))["total"], 1);
  EXPECT_EQ(json(client.get(alpha("/alerts?q=PLC&filter.device=2")))["total"], 3);
  EXPECT_EQ(json(client.get(alpha("/alerts?filter.device=99")))["total"], 0);
  EXPECT_EQ(json(client.get(alpha("/alerts/groups?by=client")))["items"][0]["name"], "保全PC-3");
  const std::string file = client.get(alpha("/alerts/export?format=csv&locale=ja")).body;
  EXPECT_NE(file.find("「保全PC-3」が「ライン2 PLC」に停止命令を送りました(remote_stop)"),
            std::string::npos)
      << file;
  const auto home = json(client.get(alpha("/home")));
  EXPECT_EQ(home["alerts"]["critical"], 1);
  EXPECT_EQ(home["gravest_alerts"][0]["rule"], "controller-stop");
  EXPECT_EQ(json(client.get(alpha("/sites")))["items"][0]["severity"], "critical");
  EXPECT_EQ(json(client.get(alpha("/devices/2")))["severity"], "critical");
}

TEST_F(AlertsTest, Closing_muting_and_learning_differ_and_are_undone) {
  Client client = as("operator");
  act(client, R"({"alerts":["1"],"action":"close"})", 400);
  act(client,
      R"({"alerts":["1"],"action":"close","reason":"planned_work","comment":"ライン停止日"})");
  act(client, R"({"alerts":["2"],"action":"learn"})");
  act(client, R"({"alerts":["3"],"action":"mute","until":"2199-01-01T00:00:00Z"})");
  EXPECT_EQ(states(), "closed/planned_work closed/learned closed/muted");
  EXPECT_EQ(lines("select record, client, server, function, target, source from baseline"),
            (std::vector<std::string>{"operation|1|2|batch_write|D100|person"}));
  act(client, R"({"alerts":["1","2","3"],"action":"undo"})");
  EXPECT_EQ(states(), "new new new");
  EXPECT_EQ(sql("select count(*) from baseline"), "0");
  EXPECT_EQ(sql("select muted_until is null from alert where id = 3"), "t");
  act(client, R"({"alerts":["1"],"action":"undo"})", 409);
  EXPECT_EQ(sql("select count(*) from audit_entry where action like 'alert.%'"), "4");
}

TEST_F(AlertsTest, Undoing_a_learn_takes_back_what_it_added_and_nothing_else) {
  const auto normal = [&] {
    return lines(
        "select b.target, b.source, exists (select from baseline_grant g where g.baseline_id = "
        "b.id) from baseline b order by b.target");
  };
  sql("insert into baseline (organization_id, site_id, record, client, server, protocol, function, "
      "access, target, first_seen, last_seen) values (1, 1, 'operation', 1, 2, 'slmp', "
      "'batch_write', 'write', 'D100', now(), now());"
      "insert into alert_evidence (organization_id, site_id, alert_id, record, client, server, "
      "count, first_seen, last_seen, detail) select 1, 1, id, 'operation', 1, 2, 1, now(), now(), "
      "'{\"protocol\": \"slmp\", \"function\": \"batch_write\", \"access\": \"write\", \"target\": "
      "\"D200\"}' from alert where rule in ('new-writer', 'controller-stop')");
  Client client = as("operator");
  act(client, R"({"alerts":["2"],"action":"learn"})");
  EXPECT_EQ(normal(), (std::vector<std::string>{"D100|learned|t", "D200|person|t"}));
  act(client, R"({"alerts":["1"],"action":"learn"})");
  act(client, R"({"alerts":["2"],"action":"undo"})");
  EXPECT_EQ(normal(), (std::vector<std::string>{"D100|learned|f", "D200|person|t"}))
      << "D100 was known before, D200 stands by the other alert";
  act(client, R"({"alerts":["1"],"action":"undo"})");
  EXPECT_EQ(normal(), (std::vector<std::string>{"D100|learned|f"}));
}

TEST_F(AlertsTest, Undoing_something_else_leaves_what_was_learned) {
  Client client = as("operator");
  act(client, R"({"alerts":["2"],"action":"learn"})");
  act(client, R"({"alerts":["2"],"action":"reopen"})");
  act(client, R"({"alerts":["2"],"action":"undo"})");
  EXPECT_EQ(sql("select state || '/' || reason from alert where id = 2"), "closed/learned");
  EXPECT_EQ(sql("select count(*) from baseline"), "1");
}

TEST_F(AlertsTest, A_new_device_that_was_accepted_learns_for_some_days) {
  sql("insert into alert_evidence (organization_id, site_id, alert_id, record, client, server, "
      "count, first_seen, last_seen, detail) select 1, 1, id, 'device', 1, 0, 1, now(), now(), "
      "'{}' from alert where rule = 'controller-stop'");
  Client client = as("operator");
  act(client, R"({"alerts":["1"],"action":"learn","days":61})", 400);
  act(client, R"({"alerts":["1"],"action":"learn"})");
  const auto learning = json(client.get(alpha("/learning/devices")))["items"];
  ASSERT_EQ(learning.size(), 1U);
  EXPECT_EQ(learning[0]["device"]["name"], "保全PC-3");
  EXPECT_EQ(learning[0]["person"]["name"], "operator");
  EXPECT_EQ(sql("select learns_until - begun_at from device_learning"), "7 days");
  EXPECT_EQ(client.send("PATCH", alpha("/learning/devices/1"), R"({"days":3})").status, 200);
  EXPECT_EQ(sql("select learns_until::date - now()::date from device_learning"), "3");
  EXPECT_EQ(client.send("PATCH", alpha("/learning/devices/1"), R"({"days":0})").status, 200);
  EXPECT_EQ(json(client.get(alpha("/learning/devices")))["items"].size(), 0U);
  EXPECT_EQ(client.send("PATCH", alpha("/learning/devices/99"), R"({"days":3})").status, 404);
  act(client, R"({"alerts":["1"],"action":"undo"})");
  EXPECT_EQ(sql("select count(*) from device_learning"), "0");
}

TEST_F(AlertsTest, What_a_rule_covers_is_kept_ended_widened_and_forgotten) {
  sql("insert into baseline (organization_id, site_id, record, client, server, protocol, function, "
      "access, target, first_seen, last_seen) select 1, 1, 'operation', 1, 2, 'slmp', "
      "'batch_write', 'write', t, now() - interval '9 days', now() - interval '8 days' from "
      "unnest(array['D100', 'D101']) t;"
      "insert into endpoint (organization_id, site_id, sensor_id, device_id, vlan, mac, ip, "
      "has_sent, packets, bytes, first_seen, last_seen) select 1, 1, 1, id, 0, "
      "('02:00:00:00:00:0' || id)::macaddr, ips[1], true, 1, 1, now(), now() from device order by "
      "id;"
      "insert into operation (organization_id, site_id, sensor_id, protocol, client_endpoint_id, "
      "server_endpoint_id, function, code, access, target, count, errors, first_seen, last_seen) "
      "values (1, 1, 1, 'slmp', 1, 2, 'batch_write', '1', 'write', 'D100', 1, 0, now(), now())");
  Client client = as("analyst");
  const std::string question = "/baseline/entries?record=operation&protocol=slmp&access=write";
  const auto entries = [&] { return json(client.get(alpha(question)))["items"]; };
  const auto change = [&](const std::string& body, int status = 200) {
    EXPECT_EQ(client.send("POST", alpha("/baseline/actions"), body).status, status) << body;
  };
  ASSERT_EQ(entries().size(), 2U);
  EXPECT_GT(entries()[0]["last_seen"], entries()[1]["last_seen"]) << "only D100 is still in use";
  EXPECT_EQ(json(client.get(alpha("/baseline")))["items"][0]["last_seen"],
            entries()[0]["last_seen"]);
  change(R"({"entries":["1"],"action":"keep"})");
  EXPECT_EQ(entries()[0]["person"]["name"], "analyst");
  change(R"({"entries":["1"],"action":"expire"})", 400);
  change(R"({"entries":["1"],"action":"expire","until":"2199-01-01T00:00:00Z"})");
  EXPECT_FALSE(entries()[0]["expires_at"].is_null());
  change(R"({"entries":["1"],"action":"allow_targets","targets":"D1..W2"})", 400);
  change(R"({"entries":["1","2"],"action":"allow_targets","targets":"D100..D199"})");
  ASSERT_EQ(entries().size(), 3U);
  EXPECT_EQ(entries()[0]["targets"], "D100..D199");
  change(R"({"entries":["1","2"],"action":"forget"})");
  EXPECT_EQ(entries().size(), 1U);
  change(R"({"entries":["99"],"action":"forget"})", 400);
}

TEST_F(AlertsTest, What_cannot_be_learned_is_said_and_changes_nothing) {
  Client client = as("operator");
  act(client, R"({"alerts":["3"],"action":"learn"})", 409);
  EXPECT_EQ(states(), "new new new");
  act(client, R"({"alerts":["1","99"],"action":"investigate"})", 400);
  EXPECT_EQ(states(), "new new new");
  act(client, R"({"alerts":["1"],"action":"mute","until":"2001-01-01T00:00:00Z"})", 400);
}

TEST_F(AlertsTest, An_alert_tells_what_to_do_what_happened_and_what_learning_would_allow) {
  Client client = as("operator");
  act(client, R"({"alerts":["2"],"action":"investigate"})");
  act(client, R"({"alerts":["2"],"action":"comment","comment":"佐藤さんに確認中"})");
  act(client, R"({"alerts":["2"],"action":"assign","assignee":"2"})");
  const auto alert = json(client.get(alpha("/alerts/2")));
  EXPECT_EQ(alert["state"], "investigating");
  EXPECT_EQ(alert["assignee"]["name"], "operator");
  EXPECT_EQ(alert["comments"], 1);
  EXPECT_EQ(alert["history"].size(), 3U);
  EXPECT_EQ(alert["history"][1]["comment"], "佐藤さんに確認中");
  EXPECT_EQ(alert["allows"][0]["function"], "batch_write");
  EXPECT_EQ(alert["evidence"][0]["server"]["name"], "ライン2 PLC");
  EXPECT_FALSE(alert["guidance"]["do_not"]["ja"].get<std::string>().empty());
  act(client, R"({"alerts":["2"],"action":"assign","assignee":"99"})", 400);
}

TEST_F(AlertsTest, Learning_is_measured_and_a_person_ends_it) {
  sql("insert into site_learning (organization_id, site_id) values (1, 1);"
      "insert into traffic_protocol_hour (organization_id, site_id, sensor_id, hour, protocol, "
      "packets, bytes) "
      "select 1, 1, 1, date_trunc('day', now()) - d * interval '1 day', 'slmp', 1, 1 from "
      "generate_series(1, 9) d;"
      "insert into baseline (organization_id, site_id, record, client, server, protocol, access, "
      "first_seen, last_seen) "
      "select 1, 1, 'operation', 1, 2, 'slmp', 'read', now() - interval '9 days', now()");
  Client client = as("analyst");
  const auto site = json(client.get(alpha("/learning")))["items"][0];
  EXPECT_EQ(site["state"], "learning");
  EXPECT_EQ(site["days"], 9);
  EXPECT_EQ(site["missing_shifts"], (nlohmann::json{"evening", "night"}))
      << "hours at 9 o'clock in Tokyo";
  EXPECT_GE(site["days_left"], 1);
  EXPECT_EQ(json(client.send("PATCH", alpha("/learning/1"), R"({"state":"operating"})"))["state"],
            "operating");
  const auto rule = json(client.get(alpha("/baseline")))["items"][0];
  EXPECT_EQ(rule["protocol"], "slmp");
  EXPECT_EQ(rule["client_names"][0], "保全PC-3");
}

}  // namespace
}  // namespace osect::api
