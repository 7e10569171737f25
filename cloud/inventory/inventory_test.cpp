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
            (Lines{"Schneider Electric 00:00:01|00:80:f4:00:00:01|192.168.1.10,192.168.1.11,"
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
  EXPECT_EQ(devices(), (Lines{"10.20.30.40||10.20.30.40|f|f|f", "10.20.30.41||10.20.30.41|f|f|f",
                              "203.0.113.7||203.0.113.7|f|t|f",
                              "Rockwell Automation 00:00:fe|00:00:bc:00:00:fe|192.168.1.1|t|f|t",
                              "Schneider Electric 00:00:01|00:80:f4:00:00:01|192.168.1.10|t|f|f"}));
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
            (Lines{"Schneider Electric|TM221|1.2|"}));
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
            (Lines{"printer|mdns||", "pc|dhcp||Windows", "meter|model|PW3365|"}));
  EXPECT_EQ(sql("select name from device where type = 'printer'"), "printer01");
}

TEST_F(InventoryTest, A_device_says_what_each_of_its_attributes_rests_on) {
  const auto host = claiming("00:80:f4:00:00:01", "192.168.1.10");
  story.fact(host, "user_agent", "Mozilla/4.0 (Windows NT 5.1)", "http", 60);
  story.fact(host, "serial", "1234-A", "modbus", 95);
  story.fact(host, "serial", "9999-B", "snmp", 90);
  work_off();
  EXPECT_EQ(lines("select os, attributes #>> '{os,rule}', attributes #>> "
                  "'{os,evidence,0,value}', conflicts, attributes #>> '{serial,others,0,value}' "
                  "from device"),
            (Lines{"Windows XP|os-windows-xp-by-agent|Mozilla/4.0 (Windows NT "
                   "5.1)|{serial}|9999-B"}));
}

TEST_F(InventoryTest, What_a_device_does_later_changes_what_it_is) {
  const auto plc = claiming("00:80:f4:00:00:02", "192.168.1.20");
  const auto laptop = claiming("00:1e:0b:00:00:01", "192.168.1.30");
  work_off();
  EXPECT_EQ(sql("select type from device where host(ips[1]) = '192.168.1.20'"), "unknown");
  story.conversation(laptop, plc, v1::TRANSPORT_TCP, 502, "modbus", 1, 1, 60, 60);
  work_off();
  EXPECT_EQ(lines("select type, level, role from device order by ips"),
            (Lines{"plc|1|server", "unknown||client"}));
  story.operation(laptop, plc, "umas", "download", v1::ACCESS_PROGRAM, 1, 0);
  work_off();
  EXPECT_EQ(lines("select type, level from device order by ips"),
            (Lines{"plc|1", "engineering|2"}));
}

TEST_F(InventoryTest, Two_interfaces_of_one_machine_are_found_whenever_they_are_seen) {
  const auto first = claiming("00:1b:1b:00:00:01", "192.168.1.10");
  story.fact(first, "serial", "S C-X4U421302009", "pn_dcp", 90);
  story.fact(first, "station_name", "plc-line2", "pn_dcp", 90);
  work_off();
  const auto second = claiming("00:1b:1b:00:00:02", "10.0.0.10", 20);
  story.fact(second, "serial", "S C-X4U421302009", "pn_dcp", 90);
  story.fact(second, "station_name", "plc-line2", "pn_dcp", 90);
  work_off();
  EXPECT_EQ(lines("select array_to_string(macs, ','), array_length(ips, 1), links #>> "
                  "'{0,code}', links #>> '{0,values,value}' from device where merged_into is null"),
            (Lines{"00:1b:1b:00:00:01,00:1b:1b:00:00:02|2|identity|s c-x4u421302009"}));
  station("00:1b:1b:00:00:01", "192.168.1.11");
  work_off();
  EXPECT_EQ(sql("select array_length(macs, 1) from device where merged_into is null"), "2")
      << "work on one of them keeps both";
}

TEST_F(InventoryTest, What_a_person_decided_holds_and_can_be_taken_back) {
  claiming("00:80:f4:00:00:01", "192.168.1.10");
  claiming("00:80:f4:00:00:02", "192.168.1.20");
  work_off();
  const Lines ids = lines("select id from device order by id");
  sql("insert into device_decision (organization_id, site_id, kind, device_id, other_device_id, "
      "keys, other_keys) values (1, 1, 'merge', " +
      ids[0] + ", " + ids[1] +
      R"(, '[{"mac": "00:80:f4:00:00:01"}]', '[{"mac": "00:80:f4:00:00:02"}]'))");
  station("00:80:f4:00:00:02", "192.168.1.21");
  work_off();
  EXPECT_EQ(lines("select id, array_length(ips, 1), merged_into from device order by id"),
            (Lines{ids[0] + "|3|", ids[1] + "|1|" + ids[0]}));
  sql("update device_decision set undone_at = now()");
  station("00:80:f4:00:00:02", "192.168.1.22");
  work_off();
  EXPECT_EQ(lines("select id, array_length(ips, 1), merged_into from device order by id"),
            (Lines{ids[0] + "|1|", ids[1] + "|3|"}));
}

TEST_F(InventoryTest, Who_talks_to_the_internet_is_marked_and_nobody_else) {
  const auto router = claiming("00:00:0c:00:00:fe", "192.168.1.1");
  story.fact(router, "router", "dhcp", "dhcp", 90);
  const auto pc = claiming("00:1e:0b:00:00:01", "192.168.1.30");
  const auto plc = claiming("00:80:f4:00:00:02", "192.168.1.20");
  story.conversation(pc, plc, v1::TRANSPORT_TCP, 502, "modbus", 1, 1, 60, 60);
  work_off();
  EXPECT_EQ(sql("select count(*) from device where has_internet"), "0");
  story.conversation(pc, station("00:00:0c:00:00:fe", "203.0.113.7"), v1::TRANSPORT_TCP, 443, "tls",
                     1, 1, 60, 60);
  work_off();
  EXPECT_EQ(lines("select array_to_string(ips, ',') from device where has_internet"),
            (Lines{"192.168.1.30"}));
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
  Inventory inventory(ingest(), vendors(), std::chrono::hours(1));
  inventory.start();
  const auto host = claiming("00:80:f4:00:00:01", "192.168.1.10");
  story.endpoint(host, 1, 60);
  tell(story);
  inventory.note();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(8);
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
