// Planned work as people register and end it.
#include <gtest/gtest.h>

#include "cloud/api/testing/api_test_base.h"

namespace osect::api {
namespace {

using testing::Client;

class PlannedWorkTest : public testing::ApiTest {
 protected:
  PlannedWorkTest() {
    sql("insert into device (organization_id, site_id, name, name_source, ips, first_seen, "
        "last_seen) values (1, 1, 'ライン2 PLC', 'person', '{10.0.0.9}', now(), now())");
  }
  static std::string body(const std::string& from, const std::string& to,
                          const std::string& more = R"(,"devices":["1"])") {
    return R"({"site":"1","title":"PLC 更新","people":"佐藤","expects":["program","control"],)"
           R"("starts_at":")" +
           from + R"(","ends_at":")" + to + "\"" + more + "}";
  }
  nlohmann::json add(Client& client, const std::string& body, int status = 201) {
    return json(client.send("POST", alpha("/planned-work"), body), status);
  }
};

TEST_F(PlannedWorkTest, Is_registered_listed_and_ended_early) {
  Client client = as("operator");
  const auto coming = add(client, body("2199-01-01T09:00:00+09:00", "2199-01-01T12:00:00+09:00"));
  EXPECT_EQ(coming["state"], "coming");
  EXPECT_EQ(coming["starts_at"], "2199-01-01T00:00:00.000000Z");
  EXPECT_EQ(coming["devices"][0]["name"], "ライン2 PLC");
  EXPECT_EQ(coming["made_by"]["name"], "operator");
  sql("insert into planned_work (organization_id, site_id, title, people, note, expects, "
      "starts_at, ends_at) values (1, 1, 'running', '', '', '{}', now() - interval '1 hour', now() "
      "+ interval '1 hour')");
  const auto works = json(client.get(alpha("/planned-work")))["items"];
  ASSERT_EQ(works.size(), 2U);
  EXPECT_EQ(works[0]["state"], "running");
  const auto ended = json(client.send("POST", alpha("/planned-work/2/end"), "{}"));
  EXPECT_EQ(ended["state"], "over");
  EXPECT_EQ(json(client.send("POST", alpha("/planned-work/1/end"), "{}"))["state"], "called_off");
  EXPECT_EQ(client.send("POST", alpha("/planned-work/1/end"), "{}").status, 409);
}

TEST_F(PlannedWorkTest, Refuses_what_makes_no_sense_by_field) {
  Client client = as("operator");
  const auto refused = [&](const std::string& what) {
    const auto problem = add(client, what, 400);
    return problem["errors"][0]["field"].get<std::string>();
  };
  EXPECT_EQ(refused(body("2199-01-01T09:00:00Z", "2199-01-01T08:00:00Z")), "ends_at");
  EXPECT_EQ(refused(body("2001-01-01T09:00:00Z", "2001-01-01T10:00:00Z")), "ends_at");
  EXPECT_EQ(refused(body("2199-01-01T09:00:00Z", "2199-03-01T09:00:00Z")), "ends_at");
  EXPECT_EQ(refused(body("tomorrow", "2199-01-01T08:00:00Z")), "starts_at");
  EXPECT_EQ(refused(body("2199-01-01T09:00:00Z", "2199-01-01T10:00:00Z", R"(,"devices":["99"])")),
            "devices");
  EXPECT_EQ(refused(R"({"site":"1","title":"x","expects":["magic"],"starts_at":)"
                    R"("2199-01-01T09:00:00Z","ends_at":"2199-01-01T10:00:00Z"})"),
            "expects");
  EXPECT_EQ(sql("select count(*) from planned_work"), "0");
}

TEST_F(PlannedWorkTest, Its_alerts_are_found_and_ask_nothing_on_Home) {
  sql("insert into planned_work (organization_id, site_id, title, people, note, expects, "
      "starts_at, ends_at) values (1, 1, 'PLC 更新', '', '', '{control}', now() - interval '1 "
      "hour', now() + interval '1 hour');"
      "insert into alert (organization_id, site_id, rule, category, join_key, severity, points, "
      "client, server, detail, words, count, first_seen, last_seen, planned_work_id) select 1, 1, "
      "'controller-stop', 'operation', '', 'high', '[]', 1, 1, '{}', '', 1, now(), now(), w from "
      "unnest(array[1, null]) w");
  Client client = as("viewer");
  EXPECT_EQ(json(client.get(alpha("/planned-work")))["items"][0]["alerts"], 1);
  const auto planned = json(client.get(alpha("/alerts?filter.planned_work=1")));
  ASSERT_EQ(planned["total"], 1);
  EXPECT_EQ(planned["items"][0]["planned_work"]["name"], "PLC 更新");
  EXPECT_EQ(json(client.get(alpha("/alerts")))["total"], 2) << "annotated, not hidden";
  EXPECT_EQ(json(client.get(alpha("/home")))["gravest_alerts"].size(), 1U);
}

}  // namespace
}  // namespace osect::api
