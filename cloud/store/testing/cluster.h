// A throw-away PostgreSQL for tests: a private cluster per test program, a freshly migrated
// database per test.
#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "cloud/store/pool.h"

namespace osect::store::testing {

// One cluster for the whole test program, started at first use and removed at its end, however it
// ends; reached by a socket in a directory of its own, no TCP. Its superuser is osect.
class Cluster {
 public:
  static Cluster& get();
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;
  ~Cluster();

  [[nodiscard]] std::string connection(const std::string& database) const;
  [[nodiscard]] const std::string& directory() const { return directory_; }
  void make_database(const std::string& name);  // a copy of the migrated template
  void make_empty_database(const std::string& name);
  // pg_dump's schema in lower case, without what differs from one server or run to the next.
  [[nodiscard]] std::string dump_schema(const std::string& database) const;
  void drop_database(const std::string& name);
  void stop(const std::string& mode);  // pg_ctl's: fast, immediate
  void start();

 private:
  Cluster();
  void run(const std::string& command) const;
  void superuser(const std::string& database, const std::string& sql) const;

  std::string directory_;
  std::string as_;          // prefix that runs a command as a user PostgreSQL accepts
  FILE* keeper_ = nullptr;  // a process that stops and removes the cluster once this is closed
};

// The psql-like lines ("a|b|c") of a query.
std::vector<std::string> query_lines(const std::string& connection, const std::string& text);

// A test with a database of its own.
class DatabaseTest : public ::testing::Test {
 protected:
  DatabaseTest();
  ~DatabaseTest() override;

  // Pools as the program makes them, one per role.
  Pool& app();
  Pool& ingest();
  Pool& owner();
  [[nodiscard]] std::string connection() const { return Cluster::get().connection(database_); }
  // Runs statements as the superuser, outside row-level security: for arranging what a test needs
  // and for looking at what came of it. Returns the first column of the first row, "" for none.
  std::string sql(const std::string& statements);
  std::vector<std::string> lines(const std::string& query);

 private:
  const std::string database_;
  std::unique_ptr<Pool> app_;
  std::unique_ptr<Pool> ingest_;
  std::unique_ptr<Pool> owner_;
};

}  // namespace osect::store::testing
