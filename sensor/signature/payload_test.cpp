// What contents, expressions and numbers of rules match, by Suricata's user guide, "Payload
// Keywords".
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "sensor/signature/testing.h"

namespace osect::signature {
namespace {

using std::string_view_literals::operator""sv;

struct Case {
  std::string_view options;
  std::string_view payload;
  bool is_hit;
};

void expect(const Case& one) {
  testing::Bench bench("alert udp any any -> any any (msg:\"t\"; " + std::string(one.options) +
                       " sid:1;)");
  ASSERT_TRUE(bench.file.refusals.empty())
      << one.options << ": " << bench.file.refusals.front().reason;
  bench.send(one.payload);
  EXPECT_EQ(bench.hits[1], one.is_hit ? 1 : 0) << one.options << " on " << one.payload;
}

TEST(Content, LiesWhereItIsWanted) {
  constexpr Case kCases[] = {
      {"content:\"abc\";", "xxabcxx", true},
      {"content:\"abc\";", "xxABCxx", false},
      {"content:\"aBc\"; nocase;", "xxAbCxx", true},
      {"content:!\"abc\";", "xxabd", true},
      {"content:!\"abc\";", "abc", false},
      {"content:\"a|62 63|\\;\\\"\\\\\";", "abc;\"\\", true},
      {"content:\"abc\"; depth:3;", "abcx", true},
      {"content:\"abc\"; depth:3;", "xabc", false},
      {"content:\"abc\"; offset:1; depth:3;", "xabc", true},
      {"content:\"abc\"; depth:3; offset:1;", "xabc", true},
      {"content:\"abc\"; offset:1; depth:3;", "xxabc", false},
      {"content:\"abc\"; offset:4;", "abcxabc", true},
      {"content:\"abc\"; offset:5;", "abcxabc", false},
      {"content:!\"abc\"; offset:100;", "abc", true},
      {"content:\"abc\"; startswith;", "abcx", true},
      {"content:\"abc\"; startswith;", "xabc", false},
      {"content:\"abc\"; endswith;", "abcxabc", true},
      {"content:\"abc\"; endswith;", "abcx", false},
  };
  for (const auto& one : kCases) expect(one);
}

TEST(Content, LiesBehindTheOneBefore) {
  constexpr Case kCases[] = {
      {"content:\"ab\"; content:\"cd\"; distance:0;", "abcd", true},
      {"content:\"ab\"; content:\"cd\"; distance:1;", "abcd", false},
      {"content:\"ab\"; content:\"cd\"; distance:1;", "abcdcd", true},
      {"content:\"ab\"; content:\"cd\"; distance:0; within:2;", "abxcd", false},
      {"content:\"ab\"; content:\"cd\"; distance:1; within:2;", "abxcd", true},
      {"content:\"ab\"; content:\"cd\"; within:4;", "abxxcd", true},
      {"content:\"ab\"; content:\"cd\"; within:3;", "abxxcd", false},
      {"content:\"ab\"; content:\"ab\"; distance:-2; within:2;", "ab", true},
      // The first occurrence will not do, another will.
      {"content:\"ab\"; content:\"cd\"; distance:0; within:2;", "abxxabcd", true},
      {"content:\"a\"; content:\"b\"; within:1; content:\"c\"; within:1;", "abxababc", true},
      {"content:\"a\"; content:!\"b\"; within:1;", "abac", true},
      {"content:\"a\"; content:!\"b\"; within:1;", "abab", false},
      // Without within only the first occurrence counts.
      {"content:\"a\"; content:!\"b\"; distance:0;", "abxa", false},
      {"content:\"b\"; content:\"a\";", "ab", true},
  };
  for (const auto& one : kCases) expect(one);
}

TEST(Numbers, AreReadJumpedAndCompared) {
  constexpr Case kCases[] = {
      {"byte_test:2,>,255,0;", "\x01\x00"sv, true},
      {"byte_test:2,>,256,0;", "\x01\x00"sv, false},
      {"byte_test:2,=,1,0,little;", "\x01\x00"sv, true},
      {"byte_test:1,!&,0x0f,0;", "\xf0"sv, true},
      {"byte_test:1,&,0x80,0;", "\xf0"sv, true},
      {"byte_test:1,=,0x0f,0,bitmask 0xf0;", "\xf0"sv, true},
      {"byte_test:4,=,1,0;", "\x00\x00\x01"sv, false},
      {"content:\"ab\"; byte_test:1,=,5,0,relative;", "ab\x05"sv, true},
      {"content:\"ab\"; byte_test:1,=,5,0,relative;",
       "ab\x04"
       "ab\x05"sv,
       true},
      {"content:\"ab\"; byte_test:1,=,97,-2,relative;", "ab", true},
      {"byte_jump:1,0; content:\"z\"; distance:0; within:1;", "\x02xxz"sv, true},
      {"byte_jump:1,0; content:\"z\"; distance:0; within:1;", "\x01xxz"sv, false},
      {"byte_jump:1,0,align; content:\"z\"; within:1;", "\x03xxxxz"sv, true},
      {"byte_jump:1,0,multiplier 2; content:\"z\"; within:1;", "\x01xxz"sv, true},
      {"byte_jump:1,0,from_beginning; content:\"z\"; within:1;", "\x01z"sv, true},
      {"byte_jump:1,0,post_offset 1; content:\"z\"; within:1;", "\x01xxz"sv, true},
      {"byte_jump:1,0;", "\x05xxz"sv, false},
      {"isdataat:3;", "abcd", true},
      {"isdataat:3;", "abc", false},
      {"isdataat:!3;", "abc", true},
      {"content:\"ab\"; isdataat:2,relative;", "abcd", true},
      {"content:\"ab\"; isdataat:2,relative;", "abc", false},
      {"content:\"ab\"; isdataat:!2,relative;", "abc", true},
      {"dsize:3;", "abc", true},
      {"dsize:<3;", "abc", false},
      {"dsize:2<>4;", "abc", true},
      {"dsize:3<>5;", "abc", false},
      {"dsize:!3;", "ab", true},
      {"ttl:64;", "a", true},
      {"ttl:>64;", "a", false},
  };
  for (const auto& one : kCases) expect(one);
}

TEST(Expression, MatchesAsPcreDoes) {
  constexpr Case kCases[] = {
      {"pcre:\"/a.c/\";", "xabc", true},
      {"pcre:\"/^b/\";", "ab", false},
      {"pcre:\"/A.C/i\";", "abc", true},
      {"pcre:\"/^b/m\";", "a\nb", true},
      {"pcre:\"/a.b/\";", "a\nb", false},
      {"pcre:\"/a.b/s\";", "a\nb", true},
      {"pcre:!\"/abc/\";", "abd", true},
      {"pcre:!\"/abc/\";", "abc", false},
      {"content:\"ab\"; pcre:\"/^c/R\";", "abc", true},
      {"content:\"ab\"; pcre:\"/^c/R\";", "abxc", false},
      {"content:\"ab\"; pcre:\"/^c/R\";", "abxabc", true},
      {"pcre:\"/a./\"; content:\"z\"; within:1;", "abaczz", true},
      {"pcre:\"/(a)\\1/\";", "aa", true},
  };
  for (const auto& one : kCases) expect(one);
}

}  // namespace
}  // namespace osect::signature
