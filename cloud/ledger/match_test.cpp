// Rows of a ledger against observed devices.
#include "cloud/ledger/match.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace osect::ledger {
namespace {

Candidate device(std::int64_t id, const std::string& name, const std::string& mac,
                 const std::string& ip) {
  Candidate out;
  out.id = id;
  out.name = name;
  if (!mac.empty()) out.macs.push_back(*MacAddress::parse(mac));
  if (!ip.empty()) out.ips.push_back(*IpAddress::parse(ip));
  return out;
}

Entry entry(const std::map<std::string, std::string>& texts, const std::vector<std::string>& macs,
            const std::vector<std::string>& ips) {
  Entry out;
  out.texts = texts;
  for (const auto& mac : macs) out.macs.push_back(*MacAddress::parse(mac));
  for (const auto& ip : ips) out.ips.push_back(*IpAddress::parse(ip));
  return out;
}

std::string text(const Match& found) {
  return fmt::format("{} {} by {} {}", state_name(found.state), found.device.value_or(0),
                     key_name(found.key), found.confidence);
}

class MatchTest : public testing::Test {
 protected:
  MatchTest() {
    devices_ = {device(1, "press-plc", "00:80:f4:00:00:01", "192.168.1.10"),
                device(2, "panel 2", "00:80:f4:00:00:02", "192.168.1.11"),
                device(3, "", "", "192.168.1.12"), device(4, "HMI-PRESS-LINE1", "", "")};
    devices_[1].serial = "SN-0042";
    devices_[3].host_name = "hmi-press-line1.plant.example";
    devices_[3].vendor = "Pro-face by Schneider Electric";
  }
  std::string matched(const Entry& row) { return text(match({row}, devices_)[0]); }

  std::vector<Candidate> devices_;
};

TEST_F(MatchTest, TheStrongestKeyDecides) {
  EXPECT_EQ(matched(entry({}, {"00:80:f4:00:00:01"}, {"192.168.1.11"})), "matched 1 by mac 98");
  EXPECT_EQ(matched(entry({{"serial", "sn-0042"}}, {}, {"192.168.1.10"})),
            "matched 2 by serial 95");
  EXPECT_EQ(
      matched(entry({{"host_name", "HMI-PRESS-LINE1"}, {"vendor", "Schneider Electric"}}, {}, {})),
      "probable 4 by host_name 85");
  EXPECT_EQ(matched(entry({{"host_name", "hmi-press-line1"}}, {}, {})),
            "probable 4 by host_name 75");
  EXPECT_EQ(matched(entry({{"name", "unknown"}}, {}, {"192.168.1.12"})), "probable 3 by ip 65");
  EXPECT_EQ(matched(entry({{"name", "Press PLC"}}, {}, {})), "only_ledger 0 by none 0");
  EXPECT_EQ(matched(entry({{"name", "ＰＲＥＳＳ－ＰＬＣ１"}}, {}, {})), "probable 1 by name 50");
  EXPECT_EQ(matched(entry({{"name", "spare"}}, {"00:80:f4:00:00:99"}, {})),
            "only_ledger 0 by none 0");
}

TEST_F(MatchTest, KeysThatMeanSeveralDevicesAreAConflict) {
  const auto found =
      match({entry({{"serial", "SN-0042"}}, {"00:80:f4:00:00:01"}, {})}, devices_)[0];
  EXPECT_EQ(text(found), "conflict 1 by mac 98");
  EXPECT_EQ(found.others, std::vector<std::int64_t>{2});
}

TEST_F(MatchTest, OfTwoRowsForOneDeviceTheBetterKeepsIt) {
  const auto found = match({entry({}, {}, {"192.168.1.10"}), entry({}, {"00:80:f4:00:00:01"}, {}),
                            entry({}, {"00:80:f4:00:00:01"}, {})},
                           devices_);
  EXPECT_EQ(text(found[0]), "duplicate 1 by ip 65");
  EXPECT_EQ(text(found[1]), "matched 1 by mac 98");
  EXPECT_EQ(text(found[2]), "duplicate 1 by mac 98");
}

TEST_F(MatchTest, NoDevicesNoMatches) {
  EXPECT_EQ(text(match({entry({{"name", "a"}}, {}, {})}, {})[0]), "only_ledger 0 by none 0");
}

}  // namespace
}  // namespace osect::ledger
