// What planned work makes of findings: expected, beside it, too late.
#include "cloud/alert/plan.h"

#include <gtest/gtest.h>

#include "cloud/rules/rules.h"

namespace osect::alert {
namespace {

constexpr TimeNs kHour = 60 * kMinuteNs;
constexpr TimeNs kDay = 1000 * kHour;  // some midnight
constexpr detect::Side kPc = 1;
constexpr detect::Side kPlc = 2;
constexpr detect::Side kOther = 3;

const detect::Rule& rule(std::string_view id) {
  for (const auto& one : rules::all())
    if (one.id == id) return one;
  throw std::out_of_range(std::string(id));
}

detect::Finding finding(std::string_view id, TimeNs hour, detect::Side client = kPc,
                        detect::Side server = kPlc, const char* access = "") {
  const auto& made_by = rule(id);
  detect::Finding out;
  out.rule = &made_by;
  out.key = "k";
  out.join = "j";
  out.points = {{"rule", 70}};
  out.severity = detect::severity_of(70);
  out.sighting = {.record = made_by.record,
                  .client = client,
                  .server = server,
                  .first = kDay + hour * kHour,
                  .last = kDay + hour * kHour};
  if (*access != 0) out.sighting.values["access"] = std::string(access);
  return out;
}

Plan plan(std::int64_t id, TimeNs from, TimeNs to, std::vector<std::string> expects,
          std::vector<detect::Side> devices = {kPlc}) {
  return {id, kDay + from * kHour, kDay + to * kHour, std::move(expects), std::move(devices)};
}

// "expected by 1, medium", "not_planned, critical", "high"
std::string judged(const std::vector<Plan>& plans, detect::Finding one) {
  const std::int64_t by = weigh_by_plans(plans, one);
  std::string out = by != 0 ? "expected by " + std::to_string(by) + ", "
                            : (one.points.size() > 1 ? one.points.back().reason + ", " : "");
  return out + std::string(detect::name_of(one.severity));
}

TEST(plan, what_is_expected_is_quiet_in_its_window_and_loud_around_it) {
  const std::vector<Plan> plans{plan(7, 9, 12, {"program"})};
  EXPECT_EQ(judged(plans, finding("program-download", 10, kPc, kPlc, "program")),
            "expected by 7, medium");
  EXPECT_EQ(judged(plans, finding("program-download", 9, kPc, kPlc, "program")),
            "expected by 7, medium");
  EXPECT_EQ(judged(plans, finding("program-download", 13, kPc, kPlc, "program")),
            "outside_planned_work, critical");
  EXPECT_EQ(judged(plans, finding("program-download", 2, kPc, kPlc, "program")),
            "outside_planned_work, critical");
  EXPECT_EQ(judged(plans, finding("program-download", 60, kPc, kPlc, "program")), "high")
      << "days later it has nothing to do with it";
}

TEST(plan, everything_else_gets_louder_while_it_runs) {
  const std::vector<Plan> plans{plan(7, 9, 12, {"program"})};
  EXPECT_EQ(judged(plans, finding("controller-stop", 10, kPc, kPlc, "control")),
            "not_planned, critical")
      << "another operation";
  EXPECT_EQ(judged(plans, finding("program-download", 10, kPc, kOther, "program")),
            "not_planned, critical")
      << "another device";
  EXPECT_EQ(judged(plans, finding("port-scan", 10)), "not_planned, critical");
  EXPECT_EQ(judged(plans, finding("silent-device", 10, kOther, 0)), "high")
      << "a machine elsewhere that is off is no louder";
}

TEST(plan, nothing_excuses_a_scan) {
  EXPECT_EQ(judged({plan(7, 9, 12,
                         {"device", "connection", "write", "control", "program", "config", "time",
                          "silence"},
                         {})},
                   finding("port-scan", 10)),
            "not_planned, critical");
}

TEST(plan, a_machine_brought_along_is_expected_where_one_is) {
  EXPECT_EQ(judged({plan(7, 9, 12, {"device"})}, finding("new-device", 10, kOther, 0)),
            "expected by 7, medium");
}

TEST(plan, of_overlapping_windows_any_that_expects_it_counts) {
  const std::vector<Plan> plans{plan(8, 10, 12, {"write"}), plan(7, 9, 14, {"program"})};
  EXPECT_EQ(judged(plans, finding("program-download", 11, kPc, kPlc, "program")),
            "expected by 7, medium");
  EXPECT_EQ(judged(plans, finding("new-writer", 11, kPc, kPlc, "write")), "expected by 8, medium");
  EXPECT_EQ(judged(plans, finding("new-writer", 13, kPc, kPlc, "write")),
            "outside_planned_work, critical");
}

TEST(plan, without_devices_it_is_about_the_whole_site) {
  EXPECT_EQ(judged({plan(7, 9, 12, {"silence"}, {})}, finding("silent-device", 10, kOther, 0)),
            "expected by 7, medium");
}

TEST(plan, what_was_expected_does_not_take_what_comes_after_the_work) {
  auto during = finding("program-download", 10, kPc, kPlc, "program");
  auto after = finding("program-download", 13, kPc, kPlc, "program");
  const std::vector<Plan> plans{plan(7, 9, 12, {"program"})};
  weigh_by_plans(plans, during);
  weigh_by_plans(plans, after);
  EXPECT_NE(during.key, after.key);
  EXPECT_NE(during.join, after.join);
  EXPECT_EQ(after.key, "k");
}

}  // namespace
}  // namespace osect::alert
