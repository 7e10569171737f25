// Transactions, scopes and what happens when the server goes away.
#include "cloud/store/pool.h"

#include <gtest/gtest.h>

#include "cloud/store/migrate.h"
#include "cloud/store/queries/connection.h"
#include "cloud/store/queries/session.h"
#include "cloud/store/testing/cluster.h"

namespace osect::store {
namespace {

constexpr Query kCountSites{"test_count_sites", "select count(*) from site"};
constexpr Query kAddSite{"test_add_site",
                         "insert into site (organization_id, name) values ($1, $2)"};
constexpr Query kEcho{
    "test_echo",
    "select $1::bigint[], $2::text[], $3::bytea, $4::timestamptz, $5::boolean, $6::text"};

class PoolTest : public testing::DatabaseTest {
 protected:
  PoolTest() {
    sql("insert into organization (id, name) values (1, 'one'), (2, 'two');"
        "insert into site (organization_id, name) values (1, 'a'), (1, 'b'), (2, 'c')");
  }
  std::int64_t count_sites(Scope scope, const char* sites = "all") {
    auto transaction = begin(scope, sites);
    return transaction.run(kCountSites).value()[0].integer(0);
  }
  Transaction begin(Scope scope, const char* sites = "all") {
    auto transaction = app().begin(scope);
    EXPECT_TRUE(transaction) << transaction.error().message;
    EXPECT_TRUE(transaction->run(query::kSessionSeeSites, {sites}));
    return std::move(*transaction);
  }
};

TEST_F(PoolTest, A_transaction_sees_its_organization_only) {
  EXPECT_EQ(count_sites({.organization = 1}), 2);
  EXPECT_EQ(count_sites({.organization = 2}), 1);
  EXPECT_EQ(count_sites({.organization = 3}), 0);
}

TEST_F(PoolTest, Without_a_scope_nothing_is_visible_also_on_a_connection_that_had_one) {
  EXPECT_EQ(count_sites({}), 0);
  EXPECT_EQ(count_sites({.organization = 1}), 2);
  EXPECT_EQ(count_sites({}), 0);
}

TEST_F(PoolTest, Of_its_organization_a_transaction_sees_the_sites_it_named_only) {
  EXPECT_EQ(count_sites({.organization = 1}, "{}"), 0);
  EXPECT_EQ(count_sites({.organization = 1}, "{2}"), 1);
  EXPECT_EQ(count_sites({.organization = 1}, "{1,2,3}"), 2);
  EXPECT_EQ(count_sites({.organization = 2}, "{1}"), 0);
  auto silent = app().begin({.organization = 1});
  EXPECT_EQ(silent->run(kCountSites).value()[0].integer(0), 0) << "nothing was said about sites";
}

TEST_F(PoolTest, Writing_for_another_organization_is_refused) {
  auto transaction = app().begin({.organization = 1});
  auto added = transaction->run(kAddSite, {2, "smuggled"});
  ASSERT_FALSE(added);
  EXPECT_EQ(transaction->sqlstate(), "42501");
  EXPECT_EQ(transaction->trouble(), Trouble::refused);
}

TEST_F(PoolTest, What_is_not_committed_is_rolled_back) {
  {
    auto transaction = begin({.organization = 1});
    ASSERT_TRUE(transaction.run(kAddSite, {1, "forgotten"}));
  }
  EXPECT_EQ(count_sites({.organization = 1}), 2);
  {
    auto transaction = begin({.organization = 1});
    ASSERT_TRUE(transaction.run(kAddSite, {1, "kept"}));
    ASSERT_TRUE(transaction.commit());
  }
  EXPECT_EQ(count_sites({.organization = 1}), 3);
}

TEST_F(PoolTest, A_failure_names_the_constraint_and_commit_after_it_fails) {
  auto transaction = begin({.organization = 1});
  ASSERT_FALSE(transaction.run(kAddSite, {1, "a"}));
  EXPECT_EQ(transaction.constraint(), "site_name_key");
  EXPECT_FALSE(transaction.commit());
}

TEST_F(PoolTest, Values_survive_the_round_trip) {
  auto transaction = app().begin({});
  const std::vector<std::int64_t> numbers = {1, -2, 9'000'000'000};
  const std::vector<std::string> texts = {"plain", "with \"quotes\", commas {and} \\", "",
                                          "日本語"};
  const TimeNs time = 1'795'403'863'123'456'000;
  auto rows = transaction->run(
      kEcho, {Param::array(numbers), Param::array(texts), Param::bytes(std::string("\0\xff a", 4)),
              rfc3339(time), true, std::optional<std::string>()});
  ASSERT_TRUE(rows) << rows.error().message;
  const Row row = (*rows)[0];
  EXPECT_EQ(row.integers(0), numbers);
  EXPECT_EQ(row.texts(1), texts);
  EXPECT_EQ(row.bytes(2), std::string("\0\xff a", 4));
  EXPECT_EQ(row.time(3), time);
  EXPECT_TRUE(row.boolean(4));
  EXPECT_TRUE(row.is_null(5));
}

TEST_F(PoolTest, Empty_arrays_survive_the_round_trip) {
  auto transaction = app().begin({});
  auto rows = transaction->run(
      kEcho, {Param::array(std::vector<std::int64_t>{}), Param::array(std::vector<std::string>{}),
              nullptr, nullptr, nullptr, nullptr});
  ASSERT_TRUE(rows) << rows.error().message;
  EXPECT_TRUE((*rows)[0].integers(0).empty());
  EXPECT_TRUE((*rows)[0].texts(1).empty());
}

TEST_F(PoolTest, A_restarted_server_is_found_again) {
  EXPECT_EQ(count_sites({.organization = 1}), 2);
  testing::Cluster::get().stop("immediate");
  auto refused = app().begin({.organization = 1});
  EXPECT_FALSE(refused);
  testing::Cluster::get().start();
  EXPECT_EQ(count_sites({.organization = 1}), 2);
}

TEST_F(PoolTest, Migrating_again_changes_nothing) {
  const auto applied = migrate(connection());
  ASSERT_TRUE(applied) << applied.error().message;
  EXPECT_EQ(*applied, 0);
  EXPECT_TRUE(check_migrated(connection()));
}

TEST_F(PoolTest, A_database_ahead_of_the_program_is_refused) {
  sql("insert into schema_migration (number, name) values (9999, '9999_future')");
  const auto applied = migrate(connection());
  ASSERT_FALSE(applied);
  EXPECT_NE(applied.error().message.find("9999"), std::string::npos);
  EXPECT_FALSE(check_migrated(connection()));
}

}  // namespace
}  // namespace osect::store
