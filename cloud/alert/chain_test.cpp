// Which alerts make a chain; that the stages speak of detections there are.
#include "cloud/alert/chain.h"

#include <gtest/gtest.h>

#include <set>

#include "cloud/rules/rules.h"

namespace osect::alert {
namespace {

constexpr TimeNs kHour = 60 * kMinuteNs;

// An alert by its rule, at an hour.
Link at(std::int64_t alert, const char* rule, TimeNs hour, detect::Side actor,
        std::vector<detect::Side> targets, std::int64_t incident = 0) {
  return {.alert = alert,
          .incident = incident,
          .stage = stages().find(rule),
          .actor = actor,
          .targets = std::move(targets),
          .first = hour * kHour,
          .last = hour * kHour};
}

// "1+2 3": the alerts of each chain.
std::string told(const std::vector<Link>& links) {
  std::string out;
  for (const Chain& chain : chains_of(stages(), links)) {
    out += out.empty() ? "" : " ";
    if (chain.incident != 0) out += "#" + std::to_string(chain.incident) + ":";
    for (std::size_t i = 0; i < chain.links.size(); ++i)
      out += (i == 0 ? "" : "+") + std::to_string(links[chain.links[i]].alert);
  }
  return out;
}

TEST(chain, every_rule_of_a_stage_is_a_detection) {
  std::set<std::string> known;
  for (const detect::Rule& rule : rules::all()) known.insert(rule.id);
  for (const Stage& stage : stages().in_order)
    for (const std::string& rule : stage.rules) EXPECT_TRUE(known.contains(rule)) << rule;
}

TEST(chain, scan_identity_write_and_stop_by_one_actor_are_one) {
  EXPECT_EQ(told({at(4, "controller-stop", 9, 1, {8}), at(1, "address-scan", 1, 1, {}),
                  at(3, "new-writer", 5, 1, {8}), at(2, "identity-sweep", 2, 1, {7, 8})}),
            "1+2+3+4");
}

TEST(chain, one_stage_alone_is_none_however_often) {
  EXPECT_EQ(told({at(1, "new-writer", 1, 1, {7}), at(2, "forced-values", 2, 1, {8})}), "");
}

TEST(chain, what_comes_too_late_is_another_story) {
  EXPECT_EQ(told({at(1, "port-scan", 1, 1, {7}), at(2, "new-writer", 26, 1, {7})}), "");
  EXPECT_EQ(told({at(1, "port-scan", 1, 1, {7}), at(2, "new-writer", 25, 1, {7})}), "1+2");
}

TEST(chain, a_machine_that_was_reached_goes_on) {
  EXPECT_EQ(told({at(1, "remote-access", 1, 1, {5}), at(2, "program-download", 2, 5, {9})}), "1+2");
  EXPECT_EQ(told({at(1, "program-download", 1, 5, {9}), at(2, "remote-access", 2, 1, {5})}), "")
      << "it was reached only afterwards";
}

TEST(chain, another_actor_at_the_same_target_only_goes_on_with_the_story) {
  EXPECT_EQ(told({at(1, "port-scan", 1, 1, {9}), at(2, "controller-stop", 2, 2, {9})}), "1+2");
  EXPECT_EQ(told({at(1, "controller-stop", 1, 1, {9}), at(2, "port-scan", 2, 2, {9})}), "");
}

TEST(chain, a_machine_that_falls_silent_ends_a_chain_and_begins_none) {
  EXPECT_EQ(told({at(1, "controller-stop", 1, 1, {9}), at(2, "silent-device", 2, 9, {})}), "");
  EXPECT_EQ(told({at(1, "new-writer", 1, 1, {9}), at(2, "controller-stop", 2, 1, {9}),
                  at(3, "silent-device", 3, 9, {})}),
            "1+2+3");
}

TEST(chain, an_incident_takes_what_goes_on_and_two_stay_two) {
  EXPECT_EQ(told({at(1, "port-scan", 1, 1, {9}, 40), at(2, "new-writer", 2, 1, {9}, 40),
                  at(3, "controller-stop", 3, 1, {9})}),
            "#40:1+2+3");
  EXPECT_EQ(told({at(1, "port-scan", 1, 1, {9}, 40), at(2, "new-writer", 2, 1, {9}, 41),
                  at(3, "controller-stop", 3, 1, {9})}),
            "#40:1+3 #41:2");
}

TEST(chain, nobody_is_not_an_actor) {
  EXPECT_EQ(told({at(1, "port-scan", 1, 0, {}), at(2, "new-writer", 2, 0, {})}), "");
}

TEST(chain, mistakes_in_the_stages_are_told) {
  const std::string head = "within_hours = 1\nstages_least = 1\ngrave_from = 1\n";
  const std::string stage = "[[stage]]\nid='a'\nja='a'\nen='a'\nrules=['x']\n";
  EXPECT_TRUE(read_stages(head + stage));
  EXPECT_FALSE(read_stages(stage)) << "no numbers";
  EXPECT_FALSE(read_stages(head)) << "no stage";
  EXPECT_FALSE(read_stages(head + stage + stage)) << "a rule at two stages";
  EXPECT_FALSE(read_stages(head + "[[stage]]\nid='a'\nja='a'\nrules=['x']")) << "no English";
  EXPECT_FALSE(read_stages(head + "[[stage")) << "no TOML";
}

}  // namespace
}  // namespace osect::alert
