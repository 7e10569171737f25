// From records told by a real stream to alerts in a real database.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "cloud/alert/raise.h"
#include "cloud/detect/detector.h"
#include "cloud/ingest/testing/cloud.h"
#include "cloud/inventory/inventory.h"
#include "cloud/rules/rules.h"

namespace osect::alert {
namespace {

using ingest::testing::Story;
using Lines = std::vector<std::string>;

const std::vector<detect::Rule>& rules() {
  static const std::vector<detect::Rule> all = detect::read_rules(rules::files()).value();
  return all;
}
const inventory::Vendors& vendors() {
  static const inventory::Vendors vendors =
      inventory::Vendors::read("/usr/share/ieee-data").value();
  return vendors;
}

class AlertTest : public ingest::testing::CloudTest {
 protected:
  Story story;
  std::uint32_t hmi = claim("00:80:f4:00:00:01", "192.168.1.10");
  std::uint32_t plc = claim("00:80:f4:00:00:02", "192.168.1.20");

  std::uint32_t claim(const std::string& mac, const std::string& ip) {
    const auto host = story.host(mac, ip);
    story.endpoint(host, 1, 60);
    story.fact(host, "ip", ip, "arp", 95);
    return host;
  }
  void talk(std::uint32_t client, std::uint32_t server, std::uint32_t port = 502,
            const std::string& protocol = "modbus") {
    story.conversation(client, server, v1::TRANSPORT_TCP, port, protocol, 1, 1, 60, 60);
  }
  void operate(std::uint32_t client, std::uint32_t server, const std::string& function,
               v1::Access access, std::uint64_t count = 1, std::uint64_t errors = 0) {
    story.operation(client, server, "modbus", function, access, count, errors);
  }
  // Tells what was told, resolves it and judges it.
  void judge() {
    tell(story);
    story.begin_ms += 60'000;
    inventory::Inventory inventory(ingest(), vendors());
    ASSERT_TRUE(inventory.work_off());
    work_off();
  }
  void work_off() {
    detect::Detector detector(ingest(), rules(), raise);
    const auto done = detector.work_off();
    ASSERT_TRUE(done) << done.error().message;
  }
  void learned() {
    talk(hmi, plc);
    operate(hmi, plc, "read_holding_registers", v1::ACCESS_READ);
    judge();
    sql("update site_learning set state = 'operating'");
  }
  Lines alerts() { return lines("select rule, severity, count from alert order by id"); }
};

TEST_F(AlertTest, What_was_seen_while_learning_is_normal_and_what_comes_later_is_not) {
  learned();
  EXPECT_EQ(alerts(), Lines{});
  EXPECT_EQ(sql("select count(*) from baseline where record = 'device'"), "2");
  EXPECT_EQ(
      lines(
          "select record, protocol, port, function from baseline where server > 0 order by record"),
      (Lines{"conversation|modbus|502|", "operation|modbus|0|read_holding_registers"}));
  talk(hmi, plc);
  operate(hmi, plc, "read_holding_registers", v1::ACCESS_READ);
  judge();
  EXPECT_EQ(alerts(), Lines{});
  operate(hmi, plc, "write_multiple_registers", v1::ACCESS_WRITE);
  judge();
  EXPECT_EQ(alerts(), (Lines{"new-operation|medium|1", "new-writer|high|1"}));
  EXPECT_EQ(sql("select count(*) from conversation where not is_judged"), "0");
}

TEST_F(AlertTest, A_new_device_is_one_alert_whatever_else_it_does) {
  learned();
  const auto laptop = claim("00:80:f4:00:00:03", "192.168.1.30");
  talk(laptop, plc);
  operate(laptop, plc, "read_holding_registers", v1::ACCESS_READ);
  judge();
  EXPECT_EQ(alerts(), (Lines{"new-device|medium|1"}));
  EXPECT_EQ(sql("select detail ->> 'client_name' from alert"), "Schneider Electric 00:00:03");
}

TEST_F(AlertTest, Every_stop_counts_also_while_learning_and_a_closed_one_opens_again) {
  talk(hmi, plc);
  operate(hmi, plc, "remote_stop", v1::ACCESS_CONTROL);
  judge();
  EXPECT_EQ(alerts(), (Lines{"controller-stop|critical|1"}));
  operate(hmi, plc, "remote_stop", v1::ACCESS_CONTROL, 2);
  judge();
  EXPECT_EQ(alerts(), (Lines{"controller-stop|critical|3"}));
  sql("update alert set state = 'closed', reason = 'incident'");
  operate(hmi, plc, "remote_stop", v1::ACCESS_CONTROL, 2);
  judge();
  EXPECT_EQ(alerts(), (Lines{"controller-stop|critical|3", "controller-stop|critical|2"}));
  sql("update alert set state = 'closed', reason = 'muted', muted_until = now() + interval '1 "
      "day'");
  operate(hmi, plc, "remote_stop", v1::ACCESS_CONTROL, 2);
  judge();
  EXPECT_EQ(sql("select count(*) from alert where state <> 'closed'"), "0");
  EXPECT_EQ(sql("select sum(count) from alert"), "7") << "muted is still counted";
}

TEST_F(AlertTest, A_refused_command_weighs_less_and_says_why) {
  operate(hmi, plc, "remote_stop", v1::ACCESS_CONTROL, 3, 3);
  judge();
  EXPECT_EQ(
      lines("select severity, points from alert"),
      (Lines{R"(high|[{"points": 90, "reason": "rule"}, {"points": -20, "reason": "refused"}])"}));
}

TEST_F(AlertTest, Findings_of_one_client_within_ten_minutes_are_one_alert_with_all_the_evidence) {
  const auto other = claim("00:80:f4:00:00:04", "192.168.1.40");
  const auto third = claim("00:80:f4:00:00:05", "192.168.1.50");
  for (const auto& [client, server] :
       {std::pair{plc, other}, std::pair{plc, third}, std::pair{third, hmi}})
    talk(client, server);
  learned();
  talk(hmi, other);
  judge();
  talk(hmi, third);
  judge();
  EXPECT_EQ(alerts(), (Lines{"new-conversation|high|2"}));
  EXPECT_EQ(sql("select count(*) from alert_evidence"), "2");
  story.begin_ms += 3'600'000;
  talk(other, hmi);
  talk(third, other);
  judge();
  EXPECT_EQ(sql("select count(*) from alert"), "3") << "other clients have alerts of their own";
}

TEST_F(AlertTest, Two_machines_with_one_address_are_told) {
  learned();
  claim("00:80:f4:00:00:09", "192.168.1.20");
  judge();
  EXPECT_EQ(sql("select count(*) from alert where rule = 'address-conflict' and severity = 'high'"),
            "1");
}

TEST_F(AlertTest, What_the_sensor_noticed_is_an_alert_with_both_sides) {
  auto& event = *story.records().add_event();
  event.set_kind("port_scan");
  event.set_severity(v1::SEVERITY_MEDIUM);
  event.set_host(hmi);
  for (const char* word : {"server", "192.168.1.20", "ports", "64"}) event.add_detail(word);
  event.set_count(64);
  judge();
  EXPECT_EQ(lines("select rule, client > 0, server > 0, detail ->> 'ports' from alert"),
            (Lines{"port-scan|t|t|64"}));
}

TEST_F(AlertTest, A_silent_sensor_is_told_once) {
  judge();
  sql("update sensor set last_seen_at = now() - interval '10 minutes';"
      "update sensor_stream set last_batch_at = now() - interval '10 minutes'");
  for (int i = 0; i < 2; ++i) {
    sql("update site_learning set looked_at = now() - interval '2 minutes'");
    work_off();
  }
  EXPECT_EQ(lines("select rule, detail ->> 'sensor', count from alert"),
            (Lines{"silent-sensor|press shop|1"}));
}

TEST_F(AlertTest, A_device_that_learns_is_not_reported_for_what_it_begins) {
  learned();
  const auto laptop = claim("00:80:f4:00:00:03", "192.168.1.30");
  judge();
  sql("insert into device_learning (organization_id, site_id, device_id, learns_until) select 1, "
      "1, id, now() + interval '1 day' "
      "from device where host(ips[1]) = '192.168.1.30'");
  talk(laptop, plc);
  operate(laptop, plc, "write_multiple_registers", v1::ACCESS_WRITE);
  judge();
  EXPECT_EQ(alerts(), (Lines{"new-device|medium|1"}));
}

TEST_F(AlertTest, A_laptop_that_scans_writes_and_stops_is_one_incident_that_grows) {
  learned();
  const auto laptop = claim("00:80:f4:00:00:03", "192.168.1.30");
  judge();
  EXPECT_EQ(sql("select count(*) from incident"), "0") << "a new device alone is an alert";
  auto& event = *story.records().add_event();
  event.set_kind("port_scan");
  event.set_severity(v1::SEVERITY_MEDIUM);
  event.set_host(laptop);
  for (const char* word : {"server", "192.168.1.20", "ports", "64"}) event.add_detail(word);
  event.set_count(64);
  judge();
  EXPECT_EQ(lines("select stages, severity from incident"), (Lines{"{entry,scan}|high"}));
  talk(laptop, plc);
  operate(laptop, plc, "write_multiple_registers", v1::ACCESS_WRITE);
  judge();
  EXPECT_EQ(lines("select stages, severity from incident"), (Lines{"{entry,scan,write}|critical"}))
      << "one grade over the gravest";
  operate(hmi, plc, "read_holding_registers", v1::ACCESS_READ);
  operate(laptop, plc, "remote_stop", v1::ACCESS_CONTROL);
  judge();
  EXPECT_EQ(lines("select i.stages, i.state, (select count(*) from alert a where a.incident_id = "
                  "i.id), d.name from incident i join device d on d.id = i.actor"),
            (Lines{"{entry,scan,write,stop}|new|4|Schneider Electric 00:00:03"}));
  sql("update incident set state = 'closed', reason = 'incident';"
      "update alert set state = 'closed', reason = 'incident'");
  operate(laptop, plc, "remote_stop", v1::ACCESS_CONTROL);
  judge();
  EXPECT_EQ(sql("select count(*) from incident"), "1") << "what is settled draws nothing in";
}

TEST_F(AlertTest, Planned_work_annotates_what_it_expects_and_ends) {
  learned();
  sql("insert into planned_work (organization_id, site_id, title, people, note, expects, "
      "starts_at, ends_at) select 1, 1, 'update', '', '', '{control}', min(first_seen) - interval "
      "'1 hour', now() + interval '1 hour' from device;"
      "insert into planned_work_device (organization_id, work_id, device_id, site_id) select 1, 1, "
      "id, 1 from device where host(ips[1]) = '192.168.1.20'");
  operate(hmi, plc, "remote_stop", v1::ACCESS_CONTROL);
  judge();
  EXPECT_EQ(lines("select rule, severity, planned_work_id from alert where rule = "
                  "'controller-stop'"),
            (Lines{"controller-stop|high|1"}));
  EXPECT_EQ(sql("select count(*) from incident"), "0");
  sql("update planned_work set ended_at = starts_at + interval '1 minute'");
  operate(hmi, plc, "remote_stop", v1::ACCESS_CONTROL);
  judge();
  EXPECT_EQ(lines("select severity, planned_work_id is null, points -> -1 ->> 'reason' from alert "
                  "where rule = 'controller-stop' order by id"),
            (Lines{"high|f|planned_work", "critical|t|outside_planned_work"}))
      << "after the work it is an alert of its own";
}

TEST_F(AlertTest, A_plant_at_work_makes_no_incident) {
  learned();
  for (int i = 0; i < 2; ++i) {
    operate(hmi, plc, "write_multiple_registers", v1::ACCESS_WRITE);
    operate(hmi, plc, "write_single_register", v1::ACCESS_WRITE);
    judge();
  }
  EXPECT_EQ(sql("select count(*) from incident"), "0");
}

TEST_F(AlertTest, What_is_not_known_of_one_organization_is_no_concern_of_another) {
  learned();
  EXPECT_EQ(lines("select distinct organization_id, site_id from baseline"), (Lines{"1|1"}));
}

}  // namespace
}  // namespace osect::alert
