// Applies the embedded migrations.
#include "cloud/store/migrate.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <charconv>
#include <memory>

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

Result<int> read_last(Connection& connection) {
  auto answer = run(connection, query::kLastMigration.sql, "read the schema's version");
  if (!answer) return answer.error();
  const std::string_view text = PQgetvalue(answer->get(), 0, 0);
  int last = 0;
  std::from_chars(text.data(), text.data() + text.size(), last);
  return last;
}

Result<bool> apply(Connection& connection, const Migration& migration) {
  const std::string what = fmt::format("migration {}", migration.name);
  for (const Query* query :
       {&query::kBeginTransaction, &query::kBecomeOwner, &query::kLockMigrations})
    if (auto done = run(connection, query->sql, what); !done) return done.error();
  const auto last = read_last(connection);
  if (!last) return last.error();
  const bool is_needed = *last < migration.number;
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
  const auto last = read_last(**connection);
  if (!last) return last.error();
  if (*last > all_migrations().back().number)
    return Error(fmt::format(
        "the database is at migration {}, this program knows {}: install the newer program", *last,
        all_migrations().back().number));
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
  const auto last = read_last(**connection);
  if (!last) return last.error().within("is the database migrated (osect-cloud migrate)?");
  if (*last != all_migrations().back().number)
    return Error(fmt::format(
        "the database is at migration {}, this program needs {}: run osect-cloud migrate", *last,
        all_migrations().back().number));
  return {};
}

}  // namespace osect::store
