// Applies the embedded migrations.
#include "cloud/store/migrate.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>
#include <set>

#include "cloud/store/connection.h"
#include "cloud/store/queries/connection.h"
#include "cloud/store/queries/migration.h"

namespace osect::store {
namespace {

struct Clear {
  void operator()(pg_result* result) const { PQclear(result); }
};
using Answer = std::unique_ptr<pg_result, Clear>;

Result<Answer> run(Connection& connection, const char* sql, const std::string& what) {
  Answer answer(PQexec(connection.get(), sql));
  const ExecStatusType status = PQresultStatus(answer.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    return Error(message_of(connection.get())).within(what);
  return answer;
}

// Not only the last: migrations that were written side by side may come in any order.
Result<std::set<int>> read_applied(Connection& connection) {
  auto answer = run(connection, query::kAppliedMigrations.sql, "read the schema's version");
  if (!answer) return answer.error();
  std::set<int> applied;
  for (int row = 0; row < PQntuples(answer->get()); ++row) {
    const std::string_view text = PQgetvalue(answer->get(), row, 0);
    int number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    applied.insert(number);
  }
  return applied;
}

// The number of a migration that this program does not know, as one from the future would be.
std::optional<int> unknown_of(const std::set<int>& applied) {
  for (const int number : applied)
    if (std::none_of(all_migrations().begin(), all_migrations().end(),
                     [&](const Migration& known) { return known.number == number; }))
      return number;
  return std::nullopt;
}

Error newer(int number) {
  return Error(fmt::format(
      "the database has migration {}, which this program does not know: install the newer program",
      number));
}

Result<bool> apply(Connection& connection, const Migration& migration) {
  const std::string what = fmt::format("migration {}", migration.name);
  for (const Query* query :
       {&query::kBeginTransaction, &query::kBecomeOwner, &query::kLockMigrations})
    if (auto done = run(connection, query->sql, what); !done) return done.error();
  const auto applied = read_applied(connection);
  if (!applied) return applied.error();
  const bool is_needed = !applied->contains(migration.number);
  if (is_needed) {
    if (auto done = run(connection, migration.sql, what); !done) return done.error();
    const std::string number = std::to_string(migration.number);
    const char* const values[] = {number.c_str(), migration.name};
    const Answer added(PQexecParams(connection.get(), query::kAddMigration.sql, 2, nullptr, values,
                                    nullptr, nullptr, 0));
    if (PQresultStatus(added.get()) != PGRES_COMMAND_OK)
      return Error(message_of(connection.get())).within(what);
  }
  if (auto done = run(connection, query::kCommitTransaction.sql, what); !done) return done.error();
  return is_needed;
}

}  // namespace

Result<int> migrate(const std::string& connection_string, int up_to) {
  auto connection = Connection::open({connection_string, "", "osect-cloud migrate", 0});
  if (!connection) return connection.error();
  if (auto done = run(**connection, bootstrap_sql(), "roles"); !done) return done.error();
  const auto there = read_applied(**connection);
  if (!there) return there.error();
  if (const auto number = unknown_of(*there)) return newer(*number);
  int applied = 0;
  for (const Migration& migration : all_migrations()) {
    if (migration.number > up_to) break;
    const auto done = apply(**connection, migration);
    if (!done) return done.error();
    applied += *done ? 1 : 0;
  }
  return applied;
}

Result<> check_migrated(const std::string& connection_string) {
  auto connection = Connection::open({connection_string, "", "osect-cloud", 0});
  if (!connection) return connection.error().within("was it made ready by osect-cloud migrate?");
  const auto applied = read_applied(**connection);
  if (!applied) return applied.error().within("is the database migrated (osect-cloud migrate)?");
  if (const auto number = unknown_of(*applied)) return newer(*number);
  for (const Migration& migration : all_migrations())
    if (!applied->contains(migration.number))
      return Error(
          fmt::format("the database lacks migration {}: run osect-cloud migrate", migration.name));
  return {};
}

}  // namespace osect::store
