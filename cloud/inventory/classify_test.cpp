// The rules file against its own cases, and what holds whatever the rules are.
#include "cloud/inventory/classify.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "cloud/inventory/rules_text.h"

namespace osect::inventory {
namespace {

const Vendors& vendors() {
  static const Vendors vendors = Vendors::read("/usr/share/ieee-data").value();
  return vendors;
}

Seen seen_of(const Case& one) {
  Seen seen;
  for (const std::string& mac : one.macs) seen.macs.insert(MacAddress::parse(mac).value());
  seen.serves = {one.serves.begin(), one.serves.end()};
  seen.uses = {one.uses.begin(), one.uses.end()};
  seen.answers = {one.answers.begin(), one.answers.end()};
  seen.does = {one.does.begin(), one.does.end()};
  seen.is_router = one.is_router;
  for (const GivenFact& fact : one.facts)
    seen.facts.push_back({fact.attribute, fact.value, fact.source, fact.confidence, 1, 2});
  return seen;
}

TEST(Rules, are_well_formed_and_say_what_their_cases_say) {
  const auto parsed = Rules::parse(kRulesText);
  ASSERT_TRUE(parsed) << parsed.error().message;
  ASSERT_GT(parsed->cases.size(), 20U);
  for (const Case& one : parsed->cases) {
    const Description got = describe(seen_of(one), *parsed, vendors());
    for (const auto& [attribute, value] : one.expect) {
      if (attribute == "name")
        EXPECT_EQ(got.name, value) << one.name;
      else if (attribute == "conflicts")
        EXPECT_EQ(fmt::format("{}", fmt::join(got.conflicts(), " ")), value) << one.name;
      else
        EXPECT_EQ(got.value_of(attribute), value) << one.name << ": " << attribute;
    }
  }
}

TEST(Rules, have_each_an_identifier_of_their_own) {
  std::set<std::string> ids;
  for (const Rule& rule : Rules::built_in().rules)
    EXPECT_TRUE(ids.insert(rule.id).second) << rule.id;
}

TEST(Rules, with_a_slip_of_the_pen_are_refused) {
  const std::string good =
      "exclusive = []\nattribute = []\nvendor = []\nidentity = []\ncase = []\n";
  const auto wrong = [&](const std::string& rest) {
    const auto parsed = Rules::parse(good + rest);
    return parsed ? std::string() : parsed.error().message;
  };
  EXPECT_EQ(wrong("rule = []"), "");
  EXPECT_EQ(wrong("[[rule]]\nid = \"x\"\nconfidence = 50\nsay = { type = \"plc\" }\n"
                  "where = { serve = [\"modbus\"] }"),
            "rule x: where: serve is no field");
  EXPECT_EQ(wrong("[[rule]]\nid = \"x\"\nconfidnce = 50\nsay = { type = \"plc\" }\n"
                  "where = { serves = [\"modbus\"] }"),
            "rule 1: confidence has to be within 1 and 100");
  EXPECT_NE(wrong("rules = []"), "");
  EXPECT_NE(wrong("rule = ["), "");
}

TEST(Describe, keeps_what_an_attribute_rests_on_and_what_contradicts_it) {
  Seen seen;
  seen.facts = {{"model", "TM221", "modbus", 95, 10, 90},
                {"model", "Quantum", "http", 80, 20, 95},
                {"model", "guess", "http", 30, 20, 95}};
  const Description got = describe(seen, Rules::built_in(), vendors());
  const Attribute& model = got.attributes.find("model")->second;
  EXPECT_EQ(model.best.value, "TM221");
  EXPECT_EQ(model.best.evidence.at(0).source, "modbus");
  ASSERT_EQ(model.others.size(), 2U);
  EXPECT_EQ(model.others[0].value, "Quantum");
  EXPECT_EQ(got.conflicts(), (std::vector<std::string>{"model"}));
}

TEST(Describe, takes_an_update_for_what_it_is) {
  Seen seen;
  seen.facts = {{"firmware", "1.0", "cip", 95, 10, 50}, {"firmware", "2.0", "cip", 95, 60, 90}};
  const Description got = describe(seen, Rules::built_in(), vendors());
  EXPECT_EQ(got.value_of("firmware"), "2.0") << "the later one";
  EXPECT_TRUE(got.conflicts().empty());
}

TEST(Describe, does_not_call_a_longer_word_for_the_same_a_contradiction) {
  Seen seen;
  seen.facts = {{"os", "Windows 10", "smb", 90, 10, 50}, {"os", "Windows", "dhcp", 90, 10, 50}};
  EXPECT_TRUE(describe(seen, Rules::built_in(), vendors()).conflicts().empty());
}

TEST(Patterns, stand_for_anything_and_for_one_character) {
  EXPECT_TRUE(matches("*_ipp._tcp*", "printer01._ipp._tcp.local"));
  EXPECT_TRUE(matches("6es7 3*", "6es7 315-2eh14-0ab0"));
  EXPECT_FALSE(matches("6es7 3*", "6es7 415"));
  EXPECT_TRUE(matches("nj?01*", "nj501-1300"));
  EXPECT_FALSE(matches("plc", "plcx"));
  EXPECT_TRUE(matches("*", ""));
}

}  // namespace
}  // namespace osect::inventory
