// The weakness list: order by urgency, filters, groups, texts in both languages, export.
#include <gtest/gtest.h>

#include "cloud/api/testing/api_test_base.h"

namespace osect::api {
namespace {

using testing::ApiTest;
using testing::Client;

class WeaknessesTest : public ApiTest {
 protected:
  WeaknessesTest() {
    sql("insert into device (organization_id, site_id, name, name_source, vendor, ips, first_seen, "
        "last_seen) select 1, 1, 'pc ' || i, 'dhcp', 'V', array[('10.0.0.' || i)::inet], now(), "
        "now() from "
        "generate_series(1, 3) i;"
        "insert into weakness (organization_id, site_id, device_id, kind, rule, verdict, severity, "
        "action, is_exploited, score, title_ja, title_en, reason_ja, reason_en, measure_ja, "
        "measure_en, evidence, cves, url, last_seen) "
        "select 1, 1, i, 'habit', 'telnet', 'affected', 'medium', 'next', false, 0, 'Telnet "
        "を使っています', "
        "'Telnet is in use', '理由', 'why', '対策', 'what', "
        "'[{\"field\":\"serves\",\"value\":\"telnet\",\"detail\":\"tcp "
        "23\",\"first\":\"2026-01-01T00:00:00Z\",\"last\":\"2026-01-01T00:00:00Z\"}]', "
        "'{}', '', now() from generate_series(1, 3) i;"
        "insert into weakness (organization_id, site_id, device_id, kind, rule, verdict, severity, "
        "action, is_exploited, score, title_ja, title_en, reason_ja, reason_en, measure_ja, "
        "measure_en, evidence, cves, url, last_seen) values "
        "(1, 1, 2, 'advisory', 'ICSA-1', 'affected', 'critical', 'now', true, 98, '古い', 'Old', "
        "'', '', '', "
        "'', '[]', '{CVE-2020-1}', 'https://example.org', now()), "
        "(1, 1, 2, 'advisory', 'ICSA-2', 'not_affected', 'critical', 'never', false, 98, '別', "
        "'Other', '', "
        "'', '', '', '[]', '{}', '', now())");
  }
};

TEST_F(WeaknessesTest, the_most_urgent_stands_first_and_what_does_not_apply_is_left_out) {
  Client client = as("viewer");
  const auto page = json(client.get(alpha("/weaknesses?sort=-urgency")));
  EXPECT_EQ(page["total"], 4);
  EXPECT_EQ(page["items"][0]["rule"], "ICSA-1");
  EXPECT_EQ(page["items"][0]["score"], 9.8);
  EXPECT_EQ(page["items"][0]["cves"][0], "CVE-2020-1");
  EXPECT_EQ(page["items"][1]["title"]["ja"], "Telnet を使っています");
  EXPECT_EQ(page["items"][1]["evidence"][0]["detail"], "tcp 23");
  EXPECT_EQ(json(client.get(alpha("/weaknesses?filter.verdict=not_affected")))["total"], 1);
  EXPECT_EQ(json(client.get(alpha("/weaknesses?filter.device=2")))["total"], 2);
  EXPECT_EQ(json(client.get(alpha("/weaknesses?filter.is_exploited=true")))["total"], 1);
  EXPECT_EQ(json(client.get(alpha("/weaknesses?q=telnet%2010.0.0.3")))["total"], 1);
}

TEST_F(WeaknessesTest, they_are_counted_by_device_and_by_weakness) {
  Client client = as("viewer");
  const auto devices = json(client.get(alpha("/weaknesses/groups?by=device")));
  EXPECT_EQ(devices["items"][0]["name"], "pc 2");
  EXPECT_EQ(devices["items"][0]["count"], 2);
  const auto titles = json(client.get(alpha("/weaknesses/groups?by=title_en")));
  EXPECT_EQ(titles["items"][0]["value"], "Telnet is in use");
  EXPECT_EQ(titles["items"][0]["count"], 3);
}

TEST_F(WeaknessesTest, a_wrong_word_is_named) {
  Client client = as("viewer");
  const auto problem = json(client.get(alpha("/weaknesses?filter.action=tomorrow")), 400);
  EXPECT_EQ(problem["errors"][0]["field"], "filter.action");
}

TEST_F(WeaknessesTest, the_export_speaks_the_readers_language) {
  Client client = as("viewer");
  const std::string columns = "&columns=action,title,score&sort=-urgency";
  const std::string ja =
      client.get(alpha("/weaknesses/export?format=csv&locale=ja" + columns)).body;
  EXPECT_NE(
      ja.find("対応,脆弱性・弱点,CVSS\r\nすぐに,古い,9.8\r\n次の停止時に,Telnet を使っています,"),
      std::string::npos)
      << ja;
  const std::string en =
      client.get(alpha("/weaknesses/export?format=csv&locale=en" + columns)).body;
  EXPECT_NE(en.find("Now,Old,9.8"), std::string::npos) << en;
}

}  // namespace
}  // namespace osect::api
