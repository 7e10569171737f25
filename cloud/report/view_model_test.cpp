// What a report says of a small plant, from a real database, against a golden view model that the
// renderer's tests draw too. OSECT_BLESS=1 writes it.
#include "cloud/report/view_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "cloud/store/queries/session.h"
#include "cloud/store/testing/cluster.h"

namespace osect::report {
namespace {

using json = nlohmann::json;

const char* const kGolden = "cloud/report/testing/plant.json";
const char* const kPlant = "cloud/report/testing/plant.sql";

constexpr TimeNs kDay = 24 * 60 * kMinuteNs;
constexpr TimeNs kEnd = 1'796'083'200 * kSecondNs;  // 2026-12-01

std::string read_file(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

class ViewModelTest : public store::testing::DatabaseTest {
 protected:
  json read(const Subject& subject, const char* sites = "all") {
    auto transaction = app().begin({.organization = subject.organization}).value();
    EXPECT_TRUE(transaction.run(store::query::kSessionSeeSites, {sites}));
    const auto model = read_view_model(transaction, subject, kEnd);
    if (!model) return {{"error", model.error().message}};
    return json::parse(model->json);
  }
  const Subject november{.organization = 1, .site = 1, .begin = kEnd - 30 * kDay, .end = kEnd};
};

TEST_F(ViewModelTest, Says_of_a_plant_what_the_golden_file_says) {
  sql(read_file(kPlant));
  const std::string model = read(november).dump(1) + "\n";
  if (std::getenv("OSECT_BLESS") != nullptr) std::ofstream(kGolden) << model;
  EXPECT_EQ(model, read_file(kGolden))
      << "run report_test with OSECT_BLESS=1 and review the difference";
}

TEST_F(ViewModelTest, A_period_without_anything_has_every_part_and_every_part_is_empty) {
  sql(read_file(kPlant));
  Subject before = november;
  before.begin -= 300 * kDay;
  before.end -= 300 * kDay;
  const json model = read(before);
  for (const char* part : {"types", "vendors", "traffic", "devices", "edges", "outside", "remote",
                           "writers", "alert_counts", "alerts", "cycles", "refusals"})
    EXPECT_EQ(model[part], json::array()) << part;
  EXPECT_EQ(model["counts"]["devices"], 0);
  EXPECT_EQ(model["previous"], nullptr);
  const bool asks_for_the_sensors = std::any_of(
      model["actions"].begin(), model["actions"].end(),
      [](const json& action) { return action["rule"] == "silent" && action["count"] == 2; });
  EXPECT_TRUE(asks_for_the_sensors) << "both sensors told nothing";
}

TEST_F(ViewModelTest, Is_compared_with_the_last_finished_report_of_the_site) {
  sql(read_file(kPlant));
  sql("insert into report (organization_id, site_id, language, begins_at, ends_at, state, "
      "view_model) values "
      "(1, 1, 'ja', '2026-08-01Z', '2026-09-01Z', 'done', '{\"figures\": {\"devices\": 3}}'), "
      "(1, 1, 'ja', '2026-10-02Z', '2026-11-01Z', 'done', '{\"figures\": {\"devices\": 4}}'), "
      "(1, 1, 'ja', '2026-10-15Z', '2026-11-15Z', 'failed', null)");
  EXPECT_EQ(read(november)["previous"]["figures"]["devices"], 4);
}

TEST_F(ViewModelTest,
       Another_organization_and_a_member_of_another_site_are_told_there_is_no_such_site) {
  sql(read_file(kPlant));
  Subject foreign = november;
  foreign.organization = 2;
  EXPECT_EQ(read(foreign)["error"], "the organization has no such site");
  EXPECT_EQ(read(november, "{7}")["error"], "the organization has no such site");
}

}  // namespace
}  // namespace osect::report
