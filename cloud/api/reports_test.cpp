// Reports: asking for one, what is refused, how far it is, its file, and who sees it.
#include <gtest/gtest.h>

#include "cloud/api/testing/api_test_base.h"

namespace osect::api {
namespace {

using testing::ApiTest;
using testing::Client;

class ReportsTest : public ApiTest {};

constexpr const char* kNovember =
    R"({"site":"1","language":"en","from":"2026-11-01T00:00:00Z","to":"2026-12-01T00:00:00Z"})";

TEST_F(ReportsTest, who_asks_for_a_report_sees_it_wait_and_then_gets_its_file) {
  Client client = as("operator");
  const auto added = json(client.send("POST", alpha("/reports"), kNovember), 201);
  EXPECT_EQ(added["state"], "waiting");
  EXPECT_EQ(added["site"]["id"], "1");
  EXPECT_EQ(client.get(alpha("/reports/1/deck")).status, 404) << "not made yet";
  sql("update report set state = 'done', deck = 'PK bytes', view_model = '{\"score\": {\"value\": "
      "81, \"grade\": \"B\"}}', finished_at = now()");
  const auto listed = json(client.get(alpha("/reports?site=1")))["items"];
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0]["state"], "done");
  EXPECT_EQ(listed[0]["score"], 81);
  EXPECT_EQ(listed[0]["bytes"], 8);
  const auto file = client.get(alpha("/reports/1/deck"));
  EXPECT_EQ(file.status, 200);
  EXPECT_EQ(file.body, "PK bytes");
  EXPECT_EQ(file.header("content-disposition"),
            "attachment; filename=\"osect-report-1-2026-12-01-en.pptx\"");
}

TEST_F(ReportsTest, a_wrong_period_a_foreign_site_and_an_unknown_language_are_refused_by_name) {
  Client client = as("operator");
  const auto field = [&](const char* body) {
    return json(client.send("POST", alpha("/reports"), body), 400)["errors"][0]["field"];
  };
  EXPECT_EQ(field(R"({"site":"1","from":"2026-12-01T00:00:00Z","to":"2026-11-01T00:00:00Z"})"),
            "from");
  EXPECT_EQ(field(R"({"site":"1","from":"yesterday","to":"2026-11-01T00:00:00Z"})"), "from");
  EXPECT_EQ(field(R"({"site":"2","from":"2026-11-01T00:00:00Z","to":"2026-12-01T00:00:00Z"})"),
            "site");
  EXPECT_EQ(
      field(
          R"({"site":"1","language":"fr","from":"2026-11-01T00:00:00Z","to":"2026-12-01T00:00:00Z"})"),
      "language");
}

TEST_F(ReportsTest, nobody_fills_the_queue) {
  Client client = as("operator");
  sql("insert into report (organization_id, site_id, language, begins_at, ends_at) select 1, 1, "
      "'ja', '2026-11-01Z', '2026-12-01Z' from generate_series(1, 10)");
  EXPECT_EQ(client.send("POST", alpha("/reports"), kNovember).status, 409);
}

}  // namespace
}  // namespace osect::api
