// The schema as the migrations make it: golden dump, every query, tenancy, partitions.
// OSECT_BLESS=1 writes the dump.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

#include "base/clock.h"
#include "cloud/store/partitions.h"
#include "cloud/store/query.h"
#include "cloud/store/testing/cluster.h"

namespace osect::store {
namespace {

const char* const kGolden = "cloud/store/schema.sql";

class SchemaTest : public testing::DatabaseTest {};

std::string read_file(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST_F(SchemaTest, Is_what_the_golden_dump_says) {
  const std::string dump = testing::Cluster::get().dump_schema("osect_template");
  ASSERT_NE(dump.find("create table"), std::string::npos) << dump.substr(0, 500);
  if (std::getenv("OSECT_BLESS") != nullptr) std::ofstream(kGolden) << dump;
  EXPECT_EQ(dump, read_file(kGolden))
      << "run store_test with OSECT_BLESS=1 and review the difference";
}

TEST_F(SchemaTest, Every_query_can_be_prepared) {
  ASSERT_GT(all_queries().size(), 20U);
  for (const Query* query : all_queries()) {
    const std::string text = query->sql;
    // What steers the session is not preparable; the tests of Pool run it.
    if (text.find_first_of(" \n") == std::string::npos || text.starts_with("listen") ||
        text.starts_with("lock") || text.starts_with("set local") || text.starts_with("copy"))
      continue;
    EXPECT_NO_THROW(sql(std::string("prepare \"") + query->name + "\" as " + text)) << query->name;
  }
}

TEST_F(SchemaTest, Every_table_of_a_tenant_is_closed_by_row_level_security) {
  EXPECT_EQ(
      lines(
          "select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid "
          "where c.relkind in ('r', 'p') and a.attname = 'organization_id' and not a.attisdropped "
          "and c.relnamespace = 'public'::regnamespace "
          "and (not c.relrowsecurity or not c.relforcerowsecurity)"),
      std::vector<std::string>{});
  // A partition has no policy of its own: it shows nothing but through its parent.
  EXPECT_EQ(
      lines(
          "select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid "
          "where c.relkind in ('r', 'p') and not c.relispartition and a.attname = "
          "'organization_id' "
          "and c.relnamespace = 'public'::regnamespace and not exists (select from pg_policy p "
          "where "
          "p.polrelid = c.oid and p.polcmd = '*' and p.polroles = '{0}' "
          "and pg_get_expr(p.polqual, p.polrelid) = '(organization_id = current_organization())')"),
      std::vector<std::string>{});
  EXPECT_EQ(sql("select count(*) > 20 from pg_class c join pg_attribute a on a.attrelid = c.oid "
                "where c.relkind in ('r', 'p') and a.attname = 'organization_id'"),
            "t");
}

TEST_F(SchemaTest, Wider_views_are_exactly_these) {
  EXPECT_EQ(
      lines(
          "select p.polname::text || ' ' || p.polcmd::text || ' ' || "
          "array_to_string(p.polroles::regrole[], ',') "
          "from pg_policy p where p.polpermissive and not (p.polcmd = '*' and p.polroles = '{0}') "
          "order by 1"),
      (std::vector<std::string>{
          "enrolment_code_find r osect_ingest", "inventory_work_find r osect_ingest",
          "membership_own r osect_app", "organization_member r osect_app",
          "organization_operator r osect_owner", "report_find r osect_ingest",
          "sensor_find r osect_ingest", "sensor_fold_find r osect_ingest",
          "sensor_stream_find r osect_ingest", "site_learning_find r osect_ingest",

          "weakness_site_find r osect_ingest", "weakness_work_find r osect_ingest"}));
}

TEST_F(SchemaTest, What_belongs_to_a_site_or_a_sensor_is_closed_to_members_of_other_sites) {
  EXPECT_EQ(
      lines(
          "select distinct c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid "
          "where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = "
          "'public'::regnamespace and a.attname in ('site_id', 'sensor_id') and not a.attisdropped "
          "and not exists (select from pg_policy p where p.polrelid = c.oid and not "
          "p.polpermissive and p.polcmd = '*' and p.polroles = array['osect_app'::regrole::oid] "
          "and pg_get_expr(p.polqual, p.polrelid) like '%sees_every_site()%') order by 1"),
      // Read to find out which sites a person may see.
      std::vector<std::string>{"membership"});
}

TEST_F(SchemaTest, Roles_of_the_program_can_bypass_nothing_and_own_nothing) {
  EXPECT_EQ(lines("select rolname from pg_roles where rolname like 'osect\\_%' and (rolsuper or "
                  "rolbypassrls or "
                  "rolcreaterole or rolcreatedb or rolreplication)"),
            std::vector<std::string>{});
  EXPECT_EQ(lines("select c.relname from pg_class c where pg_get_userbyid(c.relowner) in "
                  "('osect_app', 'osect_ingest')"),
            std::vector<std::string>{});
  EXPECT_EQ(lines("select p.proname from pg_proc p where p.prosecdef and p.pronamespace = "
                  "'public'::regnamespace"),
            std::vector<std::string>{});
  EXPECT_EQ(
      lines("select m.roleid::regrole from pg_auth_members m join pg_roles r on r.oid = m.member "
            "where r.rolname in ('osect_app', 'osect_ingest')"),
      std::vector<std::string>{});
}

TEST_F(SchemaTest, Partitions_are_made_ahead_take_over_early_rows_and_are_dropped_by_age) {
  sql("insert into organization (id, name) values (1, 'one'), (2, 'two');"
      "insert into traffic_minute (organization_id, site_id, sensor_id, minute, sequence, "
      "packets_up, packets_down, "
      "bytes_up, bytes_down, packed) select o, 1, 1, '2026-11-23 12:00Z', 1, 1, 1, 1, 1, '' from "
      "unnest('{1,2}'::int[]) o");
  EXPECT_EQ(sql("select tableoid::regclass from traffic_minute limit 1"), "traffic_minute_other");
  Partitions partitions({.minutes_days = 14}, owner());
  const TimeNs now = 1'795'403'863 * kSecondNs;  // 2026-11-23T03:17:43Z
  const auto made = partitions.maintain(now);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(lines("select tableoid::regclass, organization_id from traffic_minute order by 2"),
            (std::vector<std::string>{"traffic_minute_20261123|1", "traffic_minute_20261123|2"}));
  EXPECT_EQ(sql("select count(*) from pg_inherits where inhparent = 'traffic_minute'::regclass"),
            "5");
  ASSERT_TRUE(partitions.maintain(now)) << "repeating it is harmless";
  ASSERT_TRUE(partitions.maintain(now + 16 * 24 * 60 * kMinuteNs));
  EXPECT_EQ(sql("select count(*) from traffic_minute"), "0");
  EXPECT_EQ(sql("select to_regclass('traffic_minute_20261123') is null"), "t");
}

TEST_F(SchemaTest, A_partition_itself_shows_nothing_to_the_roles_of_the_program) {
  Partitions partitions({}, owner());
  ASSERT_TRUE(partitions.maintain(1'795'403'863 * kSecondNs));
  EXPECT_EQ(
      lines(
          "select c.relname, r from pg_class c, unnest('{osect_app,osect_ingest}'::text[]) r "
          "where c.relispartition and c.relkind = 'r' and has_table_privilege(r, c.oid, 'select')"),
      std::vector<std::string>{});
}

}  // namespace
}  // namespace osect::store
