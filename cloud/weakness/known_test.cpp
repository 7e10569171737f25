// The built-in files parse, their cases hold, and operating systems are told apart by what devices
// say of themselves.
#include "cloud/weakness/known.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "cloud/weakness/habit.h"
#include "cloud/weakness/known_text.h"
#include "cloud/weakness/support.h"

namespace osect::weakness {
namespace {

constexpr Day kToday = 20261201;

Observed with_os(const std::string& os) {
  Observed out;
  out.os = os;
  return out;
}

// "verdict action" of the operating system; "" where there is nothing to say.
std::string verdict_of(const Observed& device) {
  const auto found = find_end_of_support(device, Known::built_in(), kToday);
  return found ? fmt::format("{} {}", found->verdict, found->action) : "";
}
std::string verdict_of(const std::string& os) {
  return verdict_of(with_os(os));
}

TEST(known, the_built_in_files_parse) {
  const auto parsed = Known::parse(support_text, habits_text, sentences_text);
  ASSERT_TRUE(parsed) << parsed.error().message;
  std::set<std::string> ids;
  for (const Release& one : parsed->releases) EXPECT_TRUE(ids.insert(one.id).second) << one.id;
  for (const Habit& one : parsed->habits) EXPECT_TRUE(ids.insert(one.id).second) << one.id;
  EXPECT_GT(ids.size(), 200U);
}

TEST(known, a_slip_of_the_pen_is_named) {
  const auto parsed =
      Known::parse("release = [ { id = \"x\", name = \"X\", is = [\"x\"], end = 2020-01-01 } ]",
                   habits_text, sentences_text);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().message, "support x: ends has to be a date");
}

TEST(known, habits_hold_to_their_cases) {
  const Known& known = Known::built_in();
  std::set<std::string> told;
  for (const HabitCase& one : known.cases) {
    Observed device;
    for (const auto& [field, value] : one.given)
      device.evidence.push_back({field, value, "", kSecondNs, 2 * kSecondNs});
    std::vector<std::string> ids;
    for (const Finding& finding : find_habits(device, known)) ids.push_back(finding.rule);
    std::sort(ids.begin(), ids.end());
    auto expected = one.expect;
    std::sort(expected.begin(), expected.end());
    EXPECT_EQ(ids, expected) << one.name;
    told.insert(ids.begin(), ids.end());
  }
  for (const Habit& habit : known.habits) EXPECT_TRUE(told.contains(habit.id)) << habit.id;
}

TEST(support, a_system_that_nobody_repairs_any_more) {
  EXPECT_EQ(verdict_of("Windows XP"), "affected next");
  EXPECT_EQ(verdict_of("Windows 7 SP1 / Server 2008 R2 SP1 (build 7601)"), "affected next");
  EXPECT_EQ(verdict_of("Windows CE 6.0"), "affected next");
  EXPECT_EQ(verdict_of("Debian 9"), "affected next");
  EXPECT_EQ(verdict_of("Windows NT 5.1"), "affected next");
}

TEST(support, it_is_urgent_where_it_is_easily_reached) {
  Observed device = with_os("Windows 2000");
  device.evidence.push_back({"serves", "smb", "tcp 445", 0, 0});
  EXPECT_EQ(verdict_of(device), "affected now");
  Observed online = with_os("Windows 2000");
  online.talks_outside = true;
  EXPECT_EQ(verdict_of(online), "affected now");
}

TEST(support, paid_updates_and_editions_that_nobody_can_tell_are_only_possible) {
  EXPECT_EQ(verdict_of("Windows 10 22H2"), "possible next");  // ESU
  EXPECT_EQ(verdict_of("Windows NT 10.0.17763"), "possible next");
  const auto found =
      find_end_of_support(with_os("Windows 10 1809 / Server 2019"), Known::built_in(), kToday);
  ASSERT_TRUE(found);
  EXPECT_NE(found->reason.ja.find("Windows Server 2019 は 2029年1月9日 まで"), std::string::npos)
      << found->reason.ja;
  EXPECT_NE(found->reason.en.find("Windows 10 Enterprise LTSC (1809) until 9 January 2029"),
            std::string::npos)
      << found->reason.en;
}

TEST(support, an_edition_that_is_named_decides) {
  EXPECT_EQ(verdict_of("Windows 10 IoT Enterprise LTSC 2021 (build 19044)"), "");
  EXPECT_EQ(verdict_of("Windows Embedded POSReady 2009"), "affected next");
  EXPECT_EQ(verdict_of("Windows Server 2008 R2"), "affected next");
  EXPECT_EQ(releases_of("Windows Server 2008 R2", Known::built_in()).size(), 1U);
}

TEST(support, what_is_repaired_or_not_known_says_nothing) {
  EXPECT_EQ(verdict_of("Windows 11 25H2"), "not_affected next");  // Home and Pro end within a year
  EXPECT_EQ(verdict_of("Windows Server 2022"), "");
  EXPECT_EQ(verdict_of("VxWorks 5.5"), "");
  EXPECT_EQ(verdict_of("Debian"), "");
  EXPECT_EQ(verdict_of("Windows"), "");
  EXPECT_EQ(verdict_of("debian 120"), "");
  EXPECT_EQ(verdict_of(""), "");
}

TEST(support, a_lower_bound_names_no_release) {
  EXPECT_EQ(verdict_of("Windows Vista or later"), "");  // as a handshake tells it
  EXPECT_EQ(verdict_of("FreeBSD 9 or later"), "");
  EXPECT_EQ(verdict_of("macOS 10.9 or later"), "");
  EXPECT_EQ(verdict_of("Windows 10 / Windows Server 2016 or later"), "");
  EXPECT_EQ(verdict_of("Windows XP"), "affected next");
}

TEST(support, a_branch_of_freebsd_ends_with_its_last_release) {
  EXPECT_EQ(verdict_of("FreeBSD 8.4-RELEASE"), "affected next");
  EXPECT_EQ(verdict_of("FreeBSD 15.0-RELEASE"), "");
}

TEST(support, a_kernel_may_be_repaired_by_others) {
  EXPECT_EQ(verdict_of("Linux 4.4.0-210-generic"), "possible never");
  EXPECT_EQ(verdict_of("Linux 6.1"), "");
}

}  // namespace
}  // namespace osect::weakness
