// Incidents as people see and settle them.
#include <gtest/gtest.h>

#include "cloud/api/testing/api_test_base.h"

namespace osect::api {
namespace {

using testing::Client;

class IncidentsTest : public testing::ApiTest {
 protected:
  IncidentsTest() {
    sql("insert into device (organization_id, site_id, name, name_source, ips, first_seen, "
        "last_seen) values (1, 1, '持ち込みPC', 'person', '{10.0.0.3}', now(), now()), "
        "(1, 1, 'ライン2 PLC', 'person', '{10.0.0.9}', now(), now());"
        "insert into incident (organization_id, site_id, actor, stages, severity) values "
        "(1, 1, 1, '{scan,stop}', 'critical');"
        "insert into alert (organization_id, site_id, rule, category, join_key, severity, points, "
        "client, server, detail, words, count, first_seen, last_seen, incident_id) select 1, 1, "
        "r.rule, 'operation', '', 'high', '[]', 1, 2, '{}', '', 1, now() - r.ago, now(), 1 from "
        "(values ('controller-stop', interval '1 hour'), ('port-scan', interval '2 hours')) r "
        "(rule, ago);"
        "insert into alert_evidence (organization_id, site_id, alert_id, record, client, server, "
        "count, first_seen, last_seen, detail) select 1, 1, id, 'event', 1, 2, 1, now(), now(), "
        "'{}' from alert");
  }
  void act(Client& client, const std::string& body, int status = 200) {
    const auto answer = client.send("POST", alpha("/incidents/1/actions"), body);
    EXPECT_EQ(answer.status, status) << answer.body;
  }
};

TEST_F(IncidentsTest, Tell_who_did_what_to_whom_in_its_order) {
  Client client = as("viewer");
  const auto home = json(client.get(alpha("/home")));
  ASSERT_EQ(home["incidents"].size(), 1U);
  EXPECT_EQ(home["incidents"][0]["actor"]["name"], "持ち込みPC");
  EXPECT_EQ(home["incidents"][0]["devices"], 2);
  const auto incident = json(client.get(alpha("/incidents/1")));
  ASSERT_EQ(incident["timeline"].size(), 2U);
  EXPECT_EQ(incident["timeline"][0]["stage"], "scan");
  EXPECT_EQ(incident["timeline"][1]["alert"]["rule"], "controller-stop");
  EXPECT_EQ(incident["timeline"][1]["alert"]["incident"], "1");
  EXPECT_EQ(incident["parties"][0]["device"]["name"], "持ち込みPC");
  EXPECT_TRUE(incident["parties"][1]["is_target"]);
  std::string reached;
  for (const auto& stage : incident["stages"])
    if (stage["is_reached"]) reached += stage["name"]["en"].get<std::string>() + ";";
  EXPECT_EQ(reached, "Scan;Stop or program;");
}

TEST_F(IncidentsTest, Closing_one_closes_its_alerts_for_the_same_reason) {
  Client client = as("operator");
  act(client, R"({"action":"close"})", 400);
  act(client, R"({"action":"assign","assignee":"99"})", 400);
  act(client, R"({"action":"assign","assignee":"2"})");
  act(client, R"({"action":"comment","comment":"現場に連絡済み"})");
  act(client, R"({"action":"close","reason":"planned_work"})");
  EXPECT_EQ(lines("select state || '/' || reason from alert"),
            (std::vector<std::string>{"closed/planned_work", "closed/planned_work"}));
  EXPECT_EQ(json(client.get(alpha("/incidents")))["items"].size(), 0U);
  const auto all = json(client.get(alpha("/incidents?state=all")))["items"];
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0]["reason"], "planned_work");
  EXPECT_EQ(all[0]["assignee"]["name"], "operator");
  const auto history = json(client.get(alpha("/incidents/1")))["history"];
  ASSERT_EQ(history.size(), 3U);
  EXPECT_EQ(history[1]["comment"], "現場に連絡済み");
  act(client, R"({"action":"reopen"})");
  EXPECT_EQ(sql("select state from incident"), "new");
}

}  // namespace
}  // namespace osect::api
