// Devices from records told by a real stream into a real database, rule by rule.
#include "cloud/inventory/inventory.h"

#include <gtest/gtest.h>

#include <chrono>

#include "cloud/ingest/testing/cloud.h"

namespace osect::inventory {
namespace {

using ingest::testing::Story;
using Lines = std::vector<std::string>;

const Vendors& vendors() {
  static const Vendors vendors = Vendors::read("/usr/share/ieee-data").value();
  return vendors;
}

class InventoryTest : public ingest::testing::CloudTest {
 protected:
  Story story;

  // A station that sent something.
  std::uint32_t station(const std::string& mac, const std::string& ip, std::uint32_t vlan = 0) {
    const auto host = story.host(mac, ip, vlan);
    sent_.insert(host);
    return host;
  }
  // ... and says by ARP that the address is its own.
  std::uint32_t claiming(const std::string& mac, const std::string& ip, std::uint32_t vlan = 0) {
    const auto host = station(mac, ip, vlan);
    story.fact(host, "ip", ip, "arp", 95);
    return host;
  }
  void work_off() {
    for (const auto host : sent_) story.endpoint(host, 1, 60);
    sent_.clear();
    tell(story);
    story.begin_ms += 60'000;
    Inventory inventory(ingest(), vendors());
    const auto done = inventory.work_off();
    ASSERT_TRUE(done) << done.error().message;
  }
  // "name|macs|ips|local|outside|router"
  Lines devices() {
    return lines(
        "select d.name, array_to_string(d.macs, ','), array_to_string(d.ips, ','), d.is_local, "
        "d.is_outside, "
        "d.is_router from device d where d.merged_into is null order by d.macs, d.ips");
  }

 private:
  std::set<std::uint32_t> sent_;
};

TEST_F(InventoryTest, One_mac_with_addresses_of_both_families_is_one_device) {
  claiming("00:80:f4:00:00:01", "192.168.1.10");
  station("00:80:f4:00:00:01", "192.168.1.11");
  station("00:80:f4:00:00:01", "fe80::280:f4ff:fe00:1");
  station("00:80:f4:00:00:01", "2001:db8::10");
  station("00:80:f4:00:00:01", "");
  work_off();
  EXPECT_EQ(devices(),
            (Lines{"TELEMECANIQUE ELECTRIQUE 00:00:01|00:80:f4:00:00:01|192.168.1.10,192.168.1.11,"
                   "2001:db8::10,fe80::280:f4ff:fe00:1|t|f|f"}));
  EXPECT_EQ(sql("select count(*) from endpoint where device_id is null"), "0");
}

TEST_F(InventoryTest, The_same_station_in_two_vlans_is_one_device) {
  claiming("00:80:f4:00:00:01", "192.168.1.10", 10);
  claiming("00:80:f4:00:00:01", "192.168.1.10", 20);
  work_off();
  EXPECT_EQ(sql("select count(*) from device"), "1");
}

TEST_F(InventoryTest, Addresses_behind_a_router_are_devices_of_their_own_and_not_local) {
  claiming("00:00:bc:00:00:fe", "192.168.1.1");
  claiming("00:80:f4:00:00:01", "192.168.1.10");
  station("00:00:bc:00:00:fe", "10.20.30.40");
  station("00:00:bc:00:00:fe", "10.20.30.41");
  station("00:00:bc:00:00:fe", "203.0.113.7");
  work_off();
  EXPECT_EQ(devices(),
            (Lines{"10.20.30.40||10.20.30.40|f|f|f", "10.20.30.41||10.20.30.41|f|f|f",
                   "203.0.113.7||203.0.113.7|f|t|f",
                   "Rockwell Automation 00:00:fe|00:00:bc:00:00:fe|192.168.1.1|t|f|t",
                   "TELEMECANIQUE ELECTRIQUE 00:00:01|00:80:f4:00:00:01|192.168.1.10|t|f|f"}));
}

TEST_F(InventoryTest, A_router_is_recognised_without_any_arp_by_how_many_send_through_it) {
  for (int i = 1; i <= 6; ++i) station("00:00:bc:00:00:fe", "10.0.0." + std::to_string(i));
  work_off();
  EXPECT_EQ(sql("select count(*) from device where not is_local and macs = '{}'"), "6");
  EXPECT_EQ(sql("select count(*) from device where is_local"), "0")
      << "the router itself has not been seen to speak";
}

TEST_F(InventoryTest, A_router_is_recognised_by_what_dhcp_and_neighbour_discovery_say) {
  const auto stated = story.host("", "192.168.1.1");
  story.fact(stated, "router", "dhcp", "dhcp", 90);
  claiming("00:00:bc:00:00:fe", "192.168.1.1");
  const auto advertising = station("00:00:bc:00:00:fd", "fe80::1");
  story.fact(advertising, "router", "router_advertisement", "nd", 90);
  work_off();
  EXPECT_EQ(sql("select count(*) from device where is_router"), "2");
  EXPECT_EQ(sql("select count(*) from device"), "2")
      << "an address without MAC belongs to whoever has it";
}

TEST_F(InventoryTest, What_was_one_device_splits_when_its_mac_turns_out_to_be_a_routers) {
  station("00:00:bc:00:00:fe", "203.0.113.7");
  work_off();
  const std::string first = sql("select id from device");
  claiming("00:00:bc:00:00:fe", "192.168.1.1");
  work_off();
  EXPECT_EQ(devices(), (Lines{"203.0.113.7||203.0.113.7|f|t|f",
                              "Rockwell Automation 00:00:fe|00:00:bc:00:00:fe|192.168.1.1|t|f|t"}));
  EXPECT_EQ(sql("select count(*) from endpoint where device_id is null"), "0");
}

TEST_F(InventoryTest, A_virtual_router_does_not_merge_who_sends_through_it) {
  claiming("00:00:5e:00:01:0a", "192.168.1.254");
  station("00:00:5e:00:01:0a", "192.168.2.10");
  station("00:00:5e:00:01:0a", "192.168.2.11");
  claiming("00:80:f4:00:00:01", "192.168.1.10");
  station("00:00:5e:00:01:0a", "192.168.1.10");
  work_off();
  EXPECT_EQ(sql("select count(*) from device where macs = '{}' and not is_local"), "2");
  EXPECT_EQ(sql("select count(distinct device_id) from endpoint where host(ip) = '192.168.1.10'"),
            "1")
      << "a station of the segment keeps its address, whichever way its packets took";
}

TEST_F(InventoryTest, Who_never_sent_is_no_device) {
  claiming("00:80:f4:00:00:01", "192.168.1.10");
  story.endpoint(story.host("00:80:f4:00:00:02", "192.168.1.20"), 0, 0);
  story.endpoint(story.host("", "192.168.1.30"), 0, 0);
  tell(story);
  work_off();
  EXPECT_EQ(sql("select count(*) from device"), "1");
  station("00:80:f4:00:00:02", "192.168.1.20");
  work_off();
  EXPECT_EQ(sql("select count(*) from device"), "2") << "until it does";
}

TEST_F(InventoryTest, The_best_name_wins_and_a_persons_word_stays) {
  const auto host = claiming("00:80:f4:00:00:01", "192.168.1.10");
  work_off();
  EXPECT_EQ(sql("select name_source from device"), "vendor");
  story.fact(host, "netbios_name", "HMI-01", "nbns", 70);
  work_off();
  EXPECT_EQ(lines("select name, name_source, host_name from device"),
            (Lines{"HMI-01|nbns|HMI-01"}));
  sql("update device set name = '操作盤', name_source = 'person', type = 'hmi', type_source = "
      "'person'");
  story.fact(host, "host_name", "hmi-01.plant", "dhcp", 90);
  work_off();
  EXPECT_EQ(lines("select name, name_source, host_name, type from device"),
            (Lines{"操作盤|person|hmi-01.plant|hmi"}));
}

TEST_F(InventoryTest, Attributes_are_those_of_the_most_confident_source) {
  const auto host = claiming("00:80:f4:00:00:01", "192.168.1.10");
  story.fact(host, "model", "guess", "http", 30);
  story.fact(host, "model", "TM221", "modbus", 95);
  story.fact(host, "firmware", "1.2", "modbus", 95);
  work_off();
  EXPECT_EQ(lines("select vendor, model, firmware, os from device"),
            (Lines{"TELEMECANIQUE ELECTRIQUE|TM221|1.2|"}));
}

TEST_F(InventoryTest, A_type_is_guessed_only_with_a_reason) {
  const auto hmi = claiming("00:1b:1b:00:00:01", "192.168.1.10");
  const auto plc = claiming("00:80:f4:00:00:02", "192.168.1.20");
  const auto simulator = claiming("02:00:00:00:00:03", "192.168.1.30");
  story.conversation(hmi, plc, v1::TRANSPORT_TCP, 502, "modbus", 1, 1, 60, 60);
  story.conversation(hmi, simulator, v1::TRANSPORT_TCP, 502, "modbus", 1, 1, 60, 60);
  work_off();
  EXPECT_EQ(
      lines("select host(ips[1]), type, type_source, vendor <> '' from device order by ips"),
      (Lines{"192.168.1.10|unknown||t", "192.168.1.20|plc|modbus|t", "192.168.1.30|unknown||f"}));
}

TEST_F(InventoryTest, What_a_device_says_of_itself_gives_its_type) {
  const auto printer = claiming("02:00:00:00:00:01", "192.168.1.10");
  const auto office = claiming("02:00:00:00:00:02", "192.168.1.20");
  const auto meter = claiming("02:00:00:00:00:03", "192.168.1.30");
  story.fact(printer, "host_name", "printer01.local", "mdns", 80);
  story.fact(printer, "service", "printer01._ipp._tcp.local", "mdns", 80);
  story.fact(office, "dhcp_vendor_class", "MSFT 5.0", "dhcp", 80);
  story.fact(meter, "product_code", "PW3365", "modbus", 95);
  work_off();
  EXPECT_EQ(lines("select type, type_source, model, os from device order by ips"),
            (Lines{"printer|mdns||", "pc|dhcp||Windows", "unknown||PW3365|"}));
  EXPECT_EQ(sql("select name from device where type = 'printer'"), "printer01");
}

TEST_F(InventoryTest, An_address_told_without_a_mac_names_the_station_that_has_it) {
  claiming("00:80:f4:00:00:01", "192.168.1.10");
  const auto named = story.host("", "192.168.1.10");
  story.fact(named, "dns_name", "plc1.plant", "dns", 60);
  work_off();
  EXPECT_EQ(lines("select name from device"), (Lines{"plc1.plant"}));
}

TEST_F(InventoryTest, What_is_said_of_one_organization_stays_there) {
  claiming("00:80:f4:00:00:01", "192.168.1.10");
  work_off();
  EXPECT_EQ(lines("select distinct organization_id, site_id from device"), (Lines{"1|1"}));
}

TEST_F(InventoryTest, The_worker_shows_a_new_device_when_told_of_its_commit) {
  Inventory inventory(ingest(), vendors());
  inventory.start();
  const auto host = claiming("00:80:f4:00:00:01", "192.168.1.10");
  story.endpoint(host, 1, 60);
  tell(story);
  inventory.note();
  const auto deadline =
      std::chrono::steady_clock::now() + std::chrono::seconds(8);  // it looks by itself after 10
  while (sql("select count(*) from device") != "1" && std::chrono::steady_clock::now() < deadline) {
  }
  EXPECT_EQ(sql("select count(*) from device"), "1");
  inventory.stop();
}

TEST(Vendors, Follow_the_longest_assignment_and_leave_made_up_addresses_alone) {
  const auto of = [](const char* mac) { return vendors().of(MacAddress::parse(mac).value()); };
  EXPECT_EQ(of("00:00:bc:12:34:56"), "Rockwell Automation");
  EXPECT_EQ(of("70:b3:d5:f2:f0:01"), "TELEPLATFORMS");
  EXPECT_EQ(of("20:85:93:b0:00:01"), "IOG Products");
  EXPECT_EQ(of("00:1b:1b:00:00:01"), "Siemens");
  EXPECT_EQ(of("02:00:bc:12:34:56"), "");
  EXPECT_EQ(of("01:00:5e:00:00:01"), "");
  EXPECT_FALSE(Vendors::read("/nowhere"));
}

}  // namespace
}  // namespace osect::inventory
