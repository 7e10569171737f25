// From records told by a real stream to weaknesses in a real database.
#include "cloud/weakness/assessor.h"

#include <gtest/gtest.h>

#include "cloud/ingest/testing/cloud.h"
#include "cloud/inventory/inventory.h"

namespace osect::weakness {
namespace {

using ingest::testing::Story;
using Lines = std::vector<std::string>;

TimeNs clock_time = 1'796'083'200 * kSecondNs;  // 2026-12-01
TimeNs test_clock() {
  return clock_time;
}

class AssessorTest : public ingest::testing::CloudTest {
 protected:
  AssessorTest() { clock_time = 1'796'083'200 * kSecondNs; }

  void work_off() {
    static const auto vendors = inventory::Vendors::read("/usr/share/ieee-data").value();
    tell(story);
    story.begin_ms += 60'000;
    inventory::Inventory inventory(ingest(), vendors);
    ASSERT_TRUE(inventory.work_off());
    judge();
  }
  int judge() {
    Assessor assessor(ingest(), test_clock);
    const auto done = assessor.work_off();
    EXPECT_TRUE(done) << done.error().message;
    return done ? *done : 0;
  }
  Lines weaknesses() {
    return lines(
        "select d.ips[1], w.kind, w.rule, w.verdict, w.action from weakness w join device d on "
        "d.id = w.device_id order by d.ips[1], w.kind, w.rule");
  }
  std::uint32_t station(const std::string& mac, const std::string& ip) {
    const auto host = story.host(mac, ip, 0);
    story.fact(host, "ip", ip, "arp", 95);
    story.endpoint(host, 1, 60);
    return host;
  }

  Story story;
};

TEST_F(AssessorTest, a_device_is_judged_by_what_it_says_and_serves) {
  const auto old = station("00:80:f4:00:00:01", "192.168.1.10");
  story.fact(old, "os", "Windows XP", "smb", 90);
  story.fact(old, "cleartext_login", "Telnet", "telnet", 90);
  station("00:80:f4:00:00:02", "192.168.1.11");
  work_off();
  EXPECT_EQ(weaknesses(), (Lines{"192.168.1.10|end_of_support|windows-xp|affected|next",
                                 "192.168.1.10|habit|telnet|affected|next"}));
  EXPECT_EQ(judge(), 0) << "nothing is left to do";
}

TEST_F(AssessorTest, what_is_no_longer_so_goes_and_what_stays_keeps_its_first_day) {
  const auto old = station("00:80:f4:00:00:01", "192.168.1.10");
  story.fact(old, "os", "Windows XP", "smb", 60);
  story.fact(old, "cleartext_login", "FTP", "ftp", 90);
  work_off();
  sql("update weakness set first_seen = '2020-01-01Z'");
  story.fact(old, "os", "Windows Server 2022", "smb", 95);
  work_off();
  EXPECT_EQ(weaknesses(), (Lines{"192.168.1.10|habit|ftp|affected|next"}));
  EXPECT_EQ(sql("select first_seen < '2020-01-02Z' from weakness"), "t");
}

TEST_F(AssessorTest, the_day_comes_when_support_ends) {
  const auto host = station("00:80:f4:00:00:01", "192.168.1.10");
  story.fact(host, "os", "Windows Server 2022", "smb", 95);
  work_off();
  EXPECT_EQ(weaknesses(), Lines{});
  clock_time += 4 * 365 * 24 * 60 * kMinuteNs;  // 2030-11-30
  EXPECT_EQ(judge(), 1);
  EXPECT_EQ(weaknesses(), (Lines{"192.168.1.10|end_of_support|server-2022|not_affected|next"}));
  clock_time += 365 * 24 * 60 * kMinuteNs;
  EXPECT_EQ(judge(), 1);
  EXPECT_EQ(weaknesses(), (Lines{"192.168.1.10|end_of_support|server-2022|affected|next"}));
}

TEST_F(AssessorTest, peers_on_the_internet_are_not_judged) {
  const auto router = station("00:00:bc:00:00:fe", "192.168.1.1");
  static_cast<void>(router);
  const auto peer = story.host("00:00:bc:00:00:fe", "203.0.113.7", 0);
  story.endpoint(peer, 1, 60);
  story.fact(peer, "cleartext_login", "FTP", "ftp", 90);
  work_off();
  EXPECT_EQ(weaknesses(), Lines{});
}

}  // namespace
}  // namespace osect::weakness
