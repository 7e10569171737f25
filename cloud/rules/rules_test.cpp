// Every rule file's own cases through the engine, and what a mistake in a file is answered with.
#include "cloud/rules/rules.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "cloud/detect/engine.h"

namespace osect::rules {
namespace {

using detect::Record;
using detect::Rule;
using detect::Sighting;
using detect::Values;

const std::vector<Rule>& all() {
  static const std::vector<Rule> rules = detect::read_rules(files()).value();
  return rules;
}

Record record_of(const std::string& name) {
  for (int i = 0; i <= static_cast<int>(Record::event); ++i)
    if (detect::name_of(static_cast<Record>(i)) == name) return static_cast<Record>(i);
  ADD_FAILURE() << name << " is no record";
  return Record::event;
}

// Tells a case's days to the engine as the detector would.
class Play {
 public:
  explicit Play(const Rule& rule) : rules_{rule} {}

  std::size_t alerts(const detect::Case& one) {
    for (const Values& given : one.given) see(given, one.learned_until_day);
    return found_.size();
  }

 private:
  detect::Side side(const Values& given, const char* name) {
    const auto at = given.find(name);
    if (at == given.end()) return 0;
    return sides_.try_emplace(std::get<std::string>(at->second), sides_.size() + 1).first->second;
  }

  void see(Values given, std::int64_t learned_until) {
    Sighting one{.record = rules_[0].record,
                 .client = side(given, "client"),
                 .server = side(given, "server")};
    if (const auto at = given.find("record"); at != given.end())
      one.record = record_of(std::get<std::string>(at->second));
    const auto number = [&](const char* name) {
      const auto at = given.find(name);
      return at == given.end() ? 0 : std::get<std::int64_t>(at->second);
    };
    const std::int64_t day = number("day");
    one.first = (day * 24 * 60 + number("minute")) * kMinuteNs;
    one.last = one.first;
    const bool is_approved = given.contains("approved");
    for (const char* name : {"record", "client", "server", "day", "minute", "approved"})
      given.erase(name);
    one.values = std::move(given);
    const bool is_learning = day <= learned_until;
    const detect::Engine engine(rules_);
    for (const auto& finding : engine.judge({one}, {baseline_, is_learning, recent_}))
      found_.insert(finding.join.empty() ? finding.key : finding.join);
    recent_.push_back(one);
    if (!is_learning && !is_approved) return;
    for (const detect::Side known : {one.client, one.server})
      baseline_.add({.record = Record::device, .client = known}, false);
    if (one.record == Record::occurrence) one.record = Record::operation;
    baseline_.add(one, is_approved);
  }

  const std::vector<Rule> rules_;
  std::map<std::string, detect::Side> sides_;
  detect::Baseline baseline_;
  std::vector<Sighting> recent_;
  std::set<std::string> found_;
};

TEST(Rules, Are_read_without_a_mistake) {
  const auto rules = detect::read_rules(files());
  ASSERT_TRUE(rules) << rules.error().message;
  EXPECT_GE(rules->size(), 30U);
}

TEST(Rules, Pass_the_cases_of_their_own_files) {
  for (const Rule& rule : all())
    for (const auto& one : rule.cases)
      EXPECT_EQ(Play(rule).alerts(one), static_cast<std::size_t>(one.alerts))
          << rule.id << ", line " << one.line << ": " << one.name;
}

TEST(Rules, Have_a_case_that_alerts_and_one_that_does_not) {
  for (const Rule& rule : all()) {
    std::set<bool> kinds;
    for (const auto& one : rule.cases) kinds.insert(one.alerts > 0);
    EXPECT_EQ(kinds.size(), 2U) << rule.id;
  }
}

TEST(Rules, Name_their_file_and_speak_both_languages) {
  for (const auto& file : files()) {
    const auto rule = detect::read_rule(file).value();
    EXPECT_EQ(rule.id + ".toml", file.name);
    for (const auto* text : {&rule.title, &rule.explain, &rule.check, &rule.do_not}) {
      EXPECT_NE(text->ja, text->en) << rule.id;
      EXPECT_TRUE(std::any_of(text->ja.begin(), text->ja.end(), [](char c) { return c < 0; }))
          << rule.id << ": " << text->ja;
    }
  }
}

TEST(Rules, A_mistake_is_told_with_file_and_line) {
  const auto why = [](std::string_view text) {
    const auto rule = detect::read_rule({"wrong.toml", text});
    return rule ? std::string() : rule.error().message;
  };
  EXPECT_EQ(why("id = \"x\"\nkind = \"guess\"\n").substr(0, 35),
            "wrong.toml:2: \"kind\" is not one of ");
  EXPECT_EQ(why("id = \n").substr(0, 13), "wrong.toml:1:");
  std::string text(files()[0].text);
  EXPECT_NE(why("colour = \"red\"\n" + text).find("wrong.toml:1: \"colour\" is not known here"),
            std::string::npos);
}

}  // namespace
}  // namespace osect::rules
