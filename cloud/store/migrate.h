// Forward-only, numbered migrations, each in one transaction; who comes second waits for the first.
#pragma once

#include <limits>
#include <span>
#include <string>

#include "base/result.h"

namespace osect::store {

struct Migration {
  int number;
  const char* name;
  const char* sql;
};

[[nodiscard]] std::span<const Migration> all_migrations();  // in order
[[nodiscard]] const char* bootstrap_sql();

// Makes roles and schema what this program needs and returns how many migrations were applied. The
// connection's user must be a superuser, or a member of osect_owner when the three roles exist. A
// database that is ahead of this program is refused. `up_to`: no further than this number, for
// tests that need an older database.
Result<int> migrate(const std::string& connection, int up_to = std::numeric_limits<int>::max());

// Refuses a database that is not exactly at this program's last migration. Any role may ask.
Result<> check_migrated(const std::string& connection);

}  // namespace osect::store
