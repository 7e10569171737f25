// Which rules are refused, and why; docs/signatures.md.
#include "sensor/signature/rule_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace osect::signature {
namespace {

using ::testing::HasSubstr;

RuleFile parse(const std::string& text) {
  return parse_rules(text, default_variables());
}

std::string reason_of(const std::string& rule) {
  const RuleFile file = parse(rule);
  return file.refusals.empty() ? "" : file.refusals.front().reason;
}

std::string with(const std::string& options) {
  return reason_of("alert udp any any -> any 1 (" + options + " sid:1;)");
}

TEST(RuleFile, SaysWhichLineAndNumber) {
  const RuleFile file = parse(
      "# a comment\n\n"
      "alert udp any any -> any 53 (msg:\"good\"; \\\n  content:\"x\"; sid:1; rev:3;)\n"
      "alert udp any any -> any 53 (msg:\"bad\"; frobnicate; sid:2;)\r\n"
      "nonsense\n");
  ASSERT_EQ(file.rules.size(), 1U);
  EXPECT_EQ(file.rules[0].line, 3U);
  EXPECT_EQ(file.rules[0].rev, 3U);
  EXPECT_EQ(file.rules[0].message, "good");
  ASSERT_EQ(file.refusals.size(), 2U);
  EXPECT_EQ(file.refusals[0].line, 5U);
  EXPECT_EQ(file.refusals[0].sid, 2U);
  EXPECT_THAT(file.refusals[0].reason, HasSubstr("frobnicate"));
  EXPECT_EQ(file.refusals[1].line, 6U);
}

TEST(RuleFile, RefusesWhatItCannotHonour) {
  EXPECT_THAT(with("http.uri; content:\"x\";"), HasSubstr("http.uri"));
  EXPECT_THAT(with("pcre:\"/x/U\";"), HasSubstr("'U'"));
  EXPECT_THAT(with("pcre:\"/(/\";"), HasSubstr("pcre"));
  EXPECT_THAT(with("byte_test:4,>,1,0,string,dec;"), HasSubstr("string"));
  EXPECT_THAT(with("content:\"abc\"; depth:2;"), HasSubstr("depth"));
  EXPECT_THAT(with("content:\"abc\"; depth:5; distance:1;"), HasSubstr("distance"));
  EXPECT_THAT(with("content:\"|4|\";"), HasSubstr("content"));
  EXPECT_THAT(with("nocase;"), HasSubstr("nocase"));
  EXPECT_THAT(with("flow:only_stream;"), HasSubstr("only_stream"));
  EXPECT_THAT(with("flags:S;"), HasSubstr("tcp"));
  EXPECT_THAT(with("flowbits:isset,a|b;"), HasSubstr("flowbits"));
  EXPECT_THAT(with("threshold:type limit, track by_src, count 1;"), HasSubstr("threshold"));
  EXPECT_THAT(reason_of("alert udp any any -> any 1 (content:\"x\";)"), HasSubstr("sid"));
  EXPECT_THAT(reason_of("alert http any any -> any any (sid:1;)"), HasSubstr("http"));
  EXPECT_THAT(reason_of("alert udp $NOBODY any -> any any (sid:1;)"), HasSubstr("$NOBODY"));
  EXPECT_THAT(reason_of("alert udp !any any -> any any (sid:1;)"), HasSubstr("!any"));
  EXPECT_THAT(reason_of("alert udp any 99999 -> any any (sid:1;)"), HasSubstr("99999"));
  EXPECT_THAT(reason_of("alert ip any any -> any any (sid:1;)"), HasSubstr("once per flow"));
  EXPECT_THAT(reason_of("alert ip any any -> any any (content:\"x\"; sid:1;)"),
              HasSubstr("TCP streams"));
}

TEST(RuleFile, RefusesTheTcpStreamButNotItsPackets) {
  EXPECT_THAT(reason_of("alert tcp any any -> any 502 (content:\"x\"; sid:1;)"),
              HasSubstr("TCP stream"));
  EXPECT_EQ(reason_of("alert tcp any any -> any 502 (flow:no_stream; content:\"x\"; sid:1;)"), "");
  EXPECT_EQ(reason_of("alert tcp any any -> any 502 (dsize:>1; content:\"x\"; sid:1;)"), "");
  EXPECT_EQ(reason_of("alert tcp-pkt any any -> any 502 (content:\"x\"; sid:1;)"), "");
  EXPECT_THAT(reason_of("alert tcp any any -> any 502 (flow:established; sid:1;)"),
              HasSubstr("connection's end"));
}

TEST(RuleFile, RefusesWhatOtherRulesOfTheFileMayChange) {
  const std::string good = "alert udp any any -> any 1 (content:\"x\"; sid:1;)\n";
  EXPECT_THAT(reason_of(good + "pass udp any any -> any any (sid:2;)\n"), HasSubstr("line 2"));
  const RuleFile bits = parse(
      "alert udp any any -> any 1 (content:\"x\"; flowbits:isset,a; sid:3;)\n"
      "alert udp any any -> any 1 (http.uri; flowbits:set,a; sid:2;)\n" +
      good);
  EXPECT_EQ(bits.rules.size(), 1U);
  ASSERT_EQ(bits.refusals.size(), 2U);
  EXPECT_THAT(bits.refusals[0].reason, HasSubstr("flow bit"));
  const RuleFile twice =
      parse(good + "alert udp any any -> any 1 (content:\"y\"; sid:1; rev:2;)\n");
  ASSERT_EQ(twice.rules.size(), 1U);
  EXPECT_EQ(twice.rules[0].rev, 2U);
  ASSERT_EQ(twice.refusals.size(), 1U);
  EXPECT_EQ(twice.refusals[0].line, 1U);
}

TEST(RuleFile, PriorityComesFromTheClassUnlessGiven) {
  const auto priority = [](const std::string& options) {
    return parse("alert udp any any -> any 1 (content:\"x\"; sid:1; " + options + ")")
        .rules.at(0)
        .priority;
  };
  EXPECT_EQ(priority(""), 3U);
  EXPECT_EQ(priority("classtype:attempted-admin;"), 1U);
  EXPECT_EQ(priority("classtype:misc-attack;"), 2U);
  EXPECT_EQ(priority("classtype:misc-attack; priority:4;"), 4U);
  EXPECT_EQ(priority("priority:4; classtype:misc-attack;"), 4U);
}

}  // namespace
}  // namespace osect::signature
