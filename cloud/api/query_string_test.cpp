// Query strings: what is decoded, what is refused and how the refusal names the field.
#include "cloud/api/query_string.h"

#include <gtest/gtest.h>

#include <array>

namespace osect::api {
namespace {

Problem problem_of(const QueryString& query) {
  try {
    query.finish();
  } catch (const Problem& problem) {
    return problem;
  }
  ADD_FAILURE() << "nothing was refused";
  return {0, "", ""};
}

TEST(query_string, decodes_escapes_and_plus) {
  QueryString query("q=%E7%AB%AF%E6%9C%AB+1&filter.vendor=a%26b&filter.vendor=%21c&empty=");
  EXPECT_EQ(query.read_text("q", 10), "端末 1");
  EXPECT_EQ(query.read_all("filter.vendor", 5), (std::vector<std::string>{"a&b", "!c"}));
  EXPECT_EQ(query.read_text("empty", 5), "");
  EXPECT_EQ(query.read_text("absent", 5), std::nullopt);
  EXPECT_NO_THROW(query.finish());
}

TEST(query_string, refuses_broken_escapes_overlong_utf8_and_nul) {
  for (const char* text :
       {"q=%", "q=%2", "q=%zz", "q=%ff", "q=%c0%80", "q=%ed%a0%80", "q=a%00b", "%ff=1"})
    EXPECT_THROW(QueryString{text}, Problem) << text;
}

TEST(query_string, names_every_wrong_field_at_once) {
  constexpr std::array<std::string_view, 2> kWords{"name", "-name"};
  QueryString query("limit=9999&sort=size&from=yesterday&site=0x1&surprise=1&q=a&q=b");
  EXPECT_EQ(query.read_integer("limit", 1, 500), std::nullopt);
  EXPECT_EQ(query.read_word("sort", kWords), std::nullopt);
  EXPECT_EQ(query.read_time("from"), std::nullopt);
  EXPECT_EQ(query.read_id("site"), std::nullopt);
  EXPECT_EQ(query.read_text("q", 10), std::nullopt);
  const Problem problem = problem_of(query);
  EXPECT_EQ(problem.status, 400);
  ASSERT_EQ(problem.errors.size(), 6U);
  EXPECT_EQ(problem.errors[0].field, "limit");
  EXPECT_EQ(problem.errors[0].allowed, (std::vector<std::string>{"1 to 500"}));
  EXPECT_EQ(problem.errors[1].allowed, (std::vector<std::string>{"name", "-name"}));
  EXPECT_EQ(problem.errors[5].field, "surprise");
  EXPECT_NE(problem.response().body.find("\"in\":\"query\",\"field\":\"site\""), std::string::npos);
}

TEST(query_string, times_carry_their_zone) {
  EXPECT_EQ(rfc3339(parse_time("2026-11-23T09:30:00+09:00").value()),
            "2026-11-23T00:30:00.000000Z");
  EXPECT_EQ(rfc3339(parse_time("2026-02-28T23:59:59.25Z").value()), "2026-02-28T23:59:59.250000Z");
  for (const char* text :
       {"2026-11-23", "2026-11-23T09:30:00", "2026-02-30T00:00:00Z", "2026-11-23T24:00:00Z",
        "2026-11-23T09:30:00+9:00", "2026-11-23T09:30:00.Z", "1969-12-31T23:59:59Z", ""})
    EXPECT_EQ(parse_time(text), std::nullopt) << text;
}

TEST(query_string, ids_are_canonical_positive_numbers) {
  EXPECT_EQ(parse_id("9223372036854775807"), 9223372036854775807);
  for (const char* text : {"", "0", "-1", "+1", "01", "1 ", "9223372036854775808", "1e3"})
    EXPECT_EQ(parse_id(text), std::nullopt) << text;
}

}  // namespace
}  // namespace osect::api
