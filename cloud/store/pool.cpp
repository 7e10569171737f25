// Transactions over a bounded set of libpq connections.
#include "cloud/store/pool.h"

#include <libpq-fe.h>

#include <cassert>
#include <chrono>

#include "base/log.h"
#include "cloud/store/connection.h"
#include "cloud/store/copy.h"
#include "cloud/store/queries/connection.h"

namespace osect::store {
namespace {

struct Clear {
  void operator()(pg_result* result) const { PQclear(result); }
};
using Answer = std::unique_ptr<pg_result, Clear>;

// Classes of SQLSTATE that say nothing about the statement itself: connection, resources, operator
// intervention, system error, transaction rollback, lock not available.
bool is_passing(const std::string& sqlstate) {
  for (const char* prefix : {"08", "53", "57", "58", "40", "55P03", "25P03"})
    if (sqlstate.starts_with(prefix)) return true;
  return false;
}

}  // namespace

Transaction::Transaction(Pool& pool, std::unique_ptr<Connection> connection)
    : pool_(&pool), connection_(std::move(connection)) {}

Transaction::Transaction(Transaction&& other) noexcept = default;

Transaction::~Transaction() {
  if (!connection_) return;
  if (PQtransactionStatus(connection_->get()) != PQTRANS_IDLE)
    const Answer answer(PQexec(connection_->get(), query::kRollbackTransaction.sql));
  pool_->give_back(std::move(connection_));
}

Error Transaction::fail(pg_result* result, const char* what) {
  const char* state = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_SQLSTATE);
  sqlstate_ = state == nullptr ? "" : state;
  const char* constraint =
      result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
  constraint_ = constraint == nullptr ? "" : constraint;
  trouble_ =
      sqlstate_.empty() || is_passing(sqlstate_) || PQstatus(connection_->get()) != CONNECTION_OK
          ? Trouble::unavailable
          : Trouble::refused;
  return Error(message_of(connection_->get())).within(what);
}

Result<Rows> Transaction::run(const Query& query, std::span<const Param> params) {
  PGconn* const connection = connection_->get();
  if (connection_->is_new_statement(query.name)) {
    Answer prepared(PQprepare(connection, query.name, query.sql, 0, nullptr));
    if (PQresultStatus(prepared.get()) != PGRES_COMMAND_OK) {
      connection_->forget_statement(query.name);
      return fail(prepared.get(), query.name);
    }
  }
  std::vector<const char*> values(params.size());
  std::vector<int> lengths(params.size());
  std::vector<int> formats(params.size());
  for (std::size_t i = 0; i < params.size(); ++i) {
    values[i] = params[i].data();
    lengths[i] = params[i].size();
    formats[i] = params[i].format();
  }
  Answer answer(PQexecPrepared(connection, query.name, static_cast<int>(params.size()),
                               values.data(), lengths.data(), formats.data(),
                               query.is_binary ? 1 : 0));
  const ExecStatusType status = PQresultStatus(answer.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    return fail(answer.get(), query.name);
  return Rows(answer.release());
}

Result<std::int64_t> Transaction::copy(const Query& query, CopyRows rows) {
  if (rows.empty()) return std::int64_t{0};
  PGconn* const connection = connection_->get();
  Answer answer(PQexec(connection, query.sql));
  if (PQresultStatus(answer.get()) != PGRES_COPY_IN) return fail(answer.get(), query.name);
  const std::string data = std::move(rows).take();
  const bool is_sent = PQputCopyData(connection, data.data(), static_cast<int>(data.size())) == 1 &&
                       PQputCopyEnd(connection, nullptr) == 1;
  answer.reset(PQgetResult(connection));
  if (!is_sent || PQresultStatus(answer.get()) != PGRES_COMMAND_OK) {
    const Error error = fail(answer.get(), query.name);
    while (const Answer rest{PQgetResult(connection)}) {
    }
    return error;
  }
  Rows done(answer.release());
  while (const Answer rest{PQgetResult(connection)}) {
  }
  return done.affected();
}

Result<> Transaction::commit() {
  const Answer answer(PQexec(connection_->get(), query::kCommitTransaction.sql));
  if (PQresultStatus(answer.get()) != PGRES_COMMAND_OK) return fail(answer.get(), "commit");
  // A commit of a transaction that had failed answers ROLLBACK.
  if (std::string_view(PQcmdStatus(answer.get())) != "COMMIT") {
    trouble_ = Trouble::refused;
    return Error("the transaction had failed before and was rolled back");
  }
  return {};
}

Pool::Pool(Options options) : options_(std::move(options)) {
  assert(options_.size > 0);
}

Pool::~Pool() {
  assert(in_use_ == 0);
}

Result<std::unique_ptr<Connection>> Pool::acquire() {
  {
    std::unique_lock lock(mutex_);
    if (!freed_.wait_for(lock, std::chrono::milliseconds(options_.acquire_timeout_ms),
                         [&] { return in_use_ < options_.size; }))
      return Error("no database connection became free in time");
    ++in_use_;
    if (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
  }
  auto opened = Connection::open(
      {options_.connection, options_.user, options_.name, options_.statement_timeout_ms});
  if (!opened) give_back(nullptr);
  return opened;
}

Result<Transaction> Pool::begin(Scope scope) {
  // A connection that lay idle over a restart of the server fails here at once; every idle one may,
  // then a new one is opened.
  for (std::size_t attempt = 0;; ++attempt) {
    auto connection = acquire();
    if (!connection) return connection.error();
    Transaction transaction(*this, std::move(*connection));
    const Answer begun(PQexec(transaction.connection_->get(), query::kBeginTransaction.sql));
    if (PQresultStatus(begun.get()) == PGRES_COMMAND_OK) {
      auto scoped = transaction.run(
          query::kSetScope,
          {scope.organization == 0 ? Param("") : Param(std::to_string(scope.organization)),
           scope.user == 0 ? Param("") : Param(std::to_string(scope.user))});
      if (scoped) return transaction;
      if (attempt >= options_.size) return scoped.error();
    } else if (attempt >= options_.size) {
      return transaction.fail(begun.get(), "begin");
    }
  }
}

void Pool::give_back(std::unique_ptr<Connection> connection) {
  const std::lock_guard lock(mutex_);
  --in_use_;
  if (connection && connection->is_usable()) idle_.push_back(std::move(connection));
  freed_.notify_one();
}

}  // namespace osect::store
