// Ranges of targets, and what a person allowed by one.
#include "cloud/detect/targets.h"

#include <gtest/gtest.h>

#include "cloud/detect/baseline.h"

namespace osect::detect {
namespace {

bool covers(std::string_view range, std::string_view target) {
  return Targets::parse(range).value().covers(target);
}

TEST(targets, a_range_covers_numbers_with_its_beginning) {
  EXPECT_TRUE(covers("D100..D199", "D100"));
  EXPECT_TRUE(covers("D100..D199", "D199"));
  EXPECT_FALSE(covers("D100..D199", "D200"));
  EXPECT_FALSE(covers("D100..D199", "W150"));
  EXPECT_FALSE(covers("D100..D199", "D1000000000000000000000000"));
  EXPECT_FALSE(covers("D100..D199", ""));
  EXPECT_TRUE(covers("unit 1 40001..unit 1 40010", "unit 1 40005"));
  EXPECT_TRUE(covers("*", "anything"));
}

TEST(targets, what_is_no_range_is_refused) {
  for (const char* text : {"", "D100", "D100..", "D100..W200", "D200..D100", "..", "a..b"})
    EXPECT_FALSE(Targets::parse(text)) << text;
}

Sighting write(const char* target) {
  Sighting out;
  out.record = Record::operation;
  out.client = 1;
  out.server = 2;
  out.values = {{"protocol", "slmp"}, {"access", "write"}, {"target", target}};
  return out;
}

TEST(targets, a_range_in_the_baseline_is_known_to_rules_that_look_at_targets) {
  Rule rule;
  rule.record = Record::operation;
  rule.key = {"client", "server", "protocol", "target"};
  Baseline baseline;
  Sighting allowed = write("");
  allowed.values.erase("target");
  allowed.values["targets"] = std::string("D100..D199");
  baseline.add(allowed, true);
  EXPECT_TRUE(baseline.knows(rule, write("D150")));
  EXPECT_FALSE(baseline.knows(rule, write("D200")));
  Sighting other = write("D150");
  other.client = 3;
  EXPECT_FALSE(baseline.knows(rule, other));
  EXPECT_FALSE(baseline.is_approved(write("D150"))) << "a range excuses no stop";
}

}  // namespace
}  // namespace osect::detect
