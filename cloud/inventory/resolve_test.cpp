// Which endpoints are one device: what binds them, what keeps them apart, what a person decides.
#include "cloud/inventory/resolve.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace osect::inventory {
namespace {

constexpr TimeNs kHour = 3'600'000'000'000;

class ResolveTest : public ::testing::Test {
 protected:
  std::vector<Endpoint> endpoints;
  std::vector<Decision> decisions;

  // A station of the segment that stated its address, seen from hour 1 to hour 10.
  Endpoint& station(const char* mac, const char* ip, std::int64_t vlan = 0) {
    Endpoint e;
    e.id = static_cast<std::int64_t>(endpoints.size()) + 1;
    e.vlan = vlan;
    e.mac = MacAddress::parse(mac).value();
    e.ip = IpAddress::parse(ip).value_or(IpAddress{});
    e.has_sent = true;
    e.is_claimed = !e.ip.is_none();
    e.first = kHour;
    e.last = 10 * kHour;
    endpoints.push_back(e);
    return endpoints.back();
  }
  static void say(Endpoint& e, const char* attribute, const char* value,
                  const char* source = "pn_dcp") {
    e.said.push_back({attribute, value, source, 90});
  }
  void decide(Decision::Kind kind, const char* keys, const char* other_keys,
              std::int64_t device = 1, std::optional<std::int64_t> other = {}) {
    Decision decision;
    decision.id = static_cast<std::int64_t>(decisions.size()) + 1;
    decision.kind = kind;
    decision.device = device;
    decision.other_device = other;
    decision.keys.push_back({MacAddress::parse(keys).value(), {}});
    decision.other_keys.push_back({MacAddress::parse(other_keys).value(), {}});
    decisions.push_back(decision);
  }
  std::vector<Group> groups() { return resolve(endpoints, {}, Rules::built_in(), decisions); }
  // What the inventory does with the result: the next run starts from it.
  void assign() {
    std::int64_t next = 100;
    for (const Group& group : groups())
      for (const std::int64_t device = group.device.value_or(next++);
           const std::size_t i : group.endpoints)
        endpoints[i].device = device;
  }
  static bool has_link(const Group& group, const char* code) {
    return std::any_of(group.links.begin(), group.links.end(),
                       [&](const Link& link) { return link.code == code; });
  }
};

constexpr const char* kA = "00:1b:1b:00:00:01";
constexpr const char* kB = "00:1b:1b:00:00:02";
constexpr const char* kC = "00:1b:1b:00:00:03";

TEST_F(ResolveTest, two_interfaces_under_one_name_and_serial_number_are_one_device) {
  for (const char* mac : {kA, kB}) {
    Endpoint& e = station(mac, mac == kA ? "192.168.1.1" : "10.0.0.1");
    say(e, "serial", "s c-x4u421302009");
    say(e, "station_name", "plc-line2");
  }
  const auto got = groups();
  ASSERT_EQ(got.size(), 1U);
  EXPECT_EQ(got[0].macs.size(), 2U);
  ASSERT_TRUE(has_link(got[0], "identity"));
  EXPECT_EQ(got[0].links.back().values[1].second, "s c-x4u421302009");
}

TEST_F(ResolveTest, a_serial_number_alone_is_not_enough) {
  say(station(kA, "192.168.1.1"), "serial", "s c-x4u421302009");
  say(station(kB, "192.168.1.2"), "serial", "s c-x4u421302009");
  EXPECT_EQ(groups().size(), 2U);
}

TEST_F(ResolveTest, what_many_say_is_a_factory_setting) {
  for (int i = 1; i <= 6; ++i) {
    const std::string n = std::to_string(i);
    Endpoint& e = station(("00:1b:1b:00:00:0" + n).c_str(), ("192.168.1." + n).c_str());
    say(e, "serial", "4711-0815");
    say(e, "model", "x");
  }
  EXPECT_EQ(groups().size(), 6U);
}

TEST_F(ResolveTest, an_exchanged_network_card_stays_the_device) {
  Endpoint& before = station(kA, "192.168.1.1");
  say(before, "netbios_name", "hmi-01", "nbns");
  before.device = 7;
  Endpoint& after = station(kB, "192.168.1.1");
  say(after, "netbios_name", "hmi-01", "nbns");
  after.first = 11 * kHour;
  after.last = 20 * kHour;
  const auto got = groups();
  ASSERT_EQ(got.size(), 1U);
  EXPECT_EQ(got[0].device, 7);
  EXPECT_TRUE(has_link(got[0], "replaced"));
}

TEST_F(ResolveTest, one_name_at_the_same_time_is_two_devices) {
  say(station(kA, "192.168.1.1"), "netbios_name", "hmi-01", "nbns");
  say(station(kB, "192.168.1.2"), "netbios_name", "hmi-01", "nbns");
  EXPECT_EQ(groups().size(), 2U);
}

TEST_F(ResolveTest, a_client_identifier_follows_the_machine_but_not_when_it_is_an_address) {
  say(station(kA, "192.168.1.1"), "dhcp_client_id", "ff:12:34:56:78", "dhcp");
  say(station(kB, "192.168.1.2"), "dhcp_client_id", "ff:12:34:56:78", "dhcp");
  EXPECT_EQ(groups().size(), 1U);
  endpoints.clear();
  say(station(kA, "192.168.1.1"), "dhcp_client_id", "01:00:1b:1b:00:00:01", "dhcp");
  say(station(kB, "192.168.1.2"), "dhcp_client_id", "01:00:1b:1b:00:00:01", "dhcp");
  EXPECT_EQ(groups().size(), 2U);
}

TEST_F(ResolveTest, a_cloned_address_is_two_devices) {
  say(station(kA, "192.168.1.1", 10), "serial", "1111-aaaa");
  say(station(kA, "192.168.2.1", 20), "serial", "2222-bbbb");
  const auto got = groups();
  ASSERT_EQ(got.size(), 2U);
  EXPECT_TRUE(has_link(got[0], "cloned_mac"));
}

TEST_F(ResolveTest, who_answers_for_everybody_is_a_router_and_not_everybody) {
  for (int i = 1; i <= 20; ++i) station(kA, ("10.1." + std::to_string(i) + ".5").c_str());
  const auto got = groups();
  ASSERT_EQ(got.size(), 1U);
  EXPECT_TRUE(got[0].is_router);
}

TEST_F(ResolveTest, a_virtual_router_is_not_one_with_the_machine_behind_it) {
  say(station(kA, "192.168.1.1"), "dhcp_client_id", "ff:12:34:56:78", "dhcp");
  say(station("00:00:5e:00:01:01", "192.168.1.254"), "dhcp_client_id", "ff:12:34:56:78", "dhcp");
  EXPECT_EQ(groups().size(), 2U);
}

TEST_F(ResolveTest, a_person_merges_and_undoes_it) {
  station(kA, "192.168.1.1").device = 1;
  station(kB, "192.168.1.2").device = 2;
  decide(Decision::Kind::merge, kB, kA, 2, 1);
  auto got = groups();
  ASSERT_EQ(got.size(), 1U);
  EXPECT_EQ(got[0].device, 2) << "the one that the person chose goes on";
  EXPECT_TRUE(has_link(got[0], "person"));
  assign();
  station(kA, "192.168.1.9");
  EXPECT_EQ(groups().size(), 1U) << "an address seen later follows";
  decisions[0].is_undone = true;
  got = groups();
  ASSERT_EQ(got.size(), 2U);
  for (const Group& group : got)
    EXPECT_EQ(group.device, group.macs.contains(MacAddress::parse(kA).value()) ? 1 : 2)
        << "each has its own number again";
}

TEST_F(ResolveTest, a_person_splits_what_the_rules_merge_and_it_stays_split) {
  for (const char* mac : {kA, kB}) {
    Endpoint& e = station(mac, mac == kA ? "192.168.1.1" : "10.0.0.1");
    say(e, "serial", "s c-x4u421302009");
    say(e, "station_name", "plc-line2");
    e.device = 1;
  }
  decide(Decision::Kind::split, kB, kA);
  auto got = groups();
  ASSERT_EQ(got.size(), 2U);
  EXPECT_EQ(got[0].device, 1);
  EXPECT_FALSE(got[1].device) << "what was taken out is a device of its own";
  assign();
  say(station(kB, "10.0.0.7"), "serial", "s c-x4u421302009");
  EXPECT_EQ(groups().size(), 2U) << "later evidence does not undo it";
  decisions[0].is_undone = true;
  got = groups();
  ASSERT_EQ(got.size(), 1U);
  EXPECT_EQ(got[0].device, 1);
}

TEST_F(ResolveTest, the_later_decision_counts) {
  station(kA, "192.168.1.1");
  station(kB, "192.168.1.2");
  station(kC, "192.168.1.3");
  decide(Decision::Kind::merge, kA, kB);
  decide(Decision::Kind::merge, kA, kC);
  EXPECT_EQ(groups().size(), 1U);
  decide(Decision::Kind::split, kB, kA);
  EXPECT_EQ(groups().size(), 2U);
  decide(Decision::Kind::merge, kA, kB);
  EXPECT_EQ(groups().size(), 1U);
}

}  // namespace
}  // namespace osect::inventory
