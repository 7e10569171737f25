// PostgreSQL connections and transactions over libpq. libpq blocks: call only from worker threads.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "cloud/store/param.h"
#include "cloud/store/query.h"
#include "cloud/store/rows.h"

namespace osect::store {

class Connection;
class CopyRows;

// Whose rows a transaction may see: row-level security compares organization_id with this. Zero:
// nobody's.
struct Scope {
  std::int64_t organization = 0;
  std::int64_t user =
      0;  // lets app_user's own memberships and organizations be found before one is chosen
};

// Why a call failed, for who has to decide between trying again and giving up.
enum class Trouble : std::uint8_t {
  none,
  unavailable,  // no connection, server shutting down, lock or serialization conflict: the same
                // call may succeed later
  refused,      // the data or the statement is wrong: trying again cannot help
};

class Pool;

// One transaction on one connection of a pool; rolled back unless committed. Owned by one thread at
// a time.
class Transaction {
 public:
  Transaction(Pool& pool, std::unique_ptr<Connection> connection);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  // Runs a query, prepared on first use on this connection.
  Result<Rows> run(const Query& query, std::span<const Param> params);
  Result<Rows> run(const Query& query, std::initializer_list<Param> params = {}) {
    return run(query, std::span<const Param>(params.begin(), params.size()));
  }
  // "copy ... from stdin (format binary)"; returns the number of rows.
  Result<std::int64_t> copy(const Query& query, CopyRows rows);
  Result<> commit();

  // About the last failed call.
  [[nodiscard]] Trouble trouble() const { return trouble_; }
  [[nodiscard]] const std::string& sqlstate() const {
    return sqlstate_;
  }  // "" where there was no answer
  [[nodiscard]] const std::string& constraint() const {
    return constraint_;
  }  // "" where none was violated

 private:
  friend class Pool;
  Error fail(pg_result* result, const char* what);

  Pool* pool_;
  std::unique_ptr<Connection> connection_;
  bool is_open_ = false;
  Trouble trouble_ = Trouble::none;
  std::string sqlstate_;
  std::string constraint_;
};

// At most `size` connections, opened when needed and again after the server was away. Any thread
// may call begin(); it waits for a free connection up to acquire_timeout_ms. Outlives its
// transactions.
class Pool {
 public:
  struct Options {
    std::string connection;  // libpq connection string; passwords belong in a passfile
    std::string
        user;  // role to sign in as: osect_app, osect_ingest, osect_owner; "": as the string says
    std::string name = "osect-cloud";
    std::size_t size = 4;
    std::int64_t acquire_timeout_ms = 10'000;
    std::int64_t statement_timeout_ms = 60'000;
  };

  explicit Pool(Options options);
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool();

  // A transaction that sees the rows of the scope's organization and writes no others.
  Result<Transaction> begin(Scope scope);

  [[nodiscard]] std::size_t size() const { return options_.size; }

 private:
  friend class Transaction;
  void give_back(std::unique_ptr<Connection> connection);
  Result<std::unique_ptr<Connection>> acquire();

  const Options options_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<std::unique_ptr<Connection>> idle_;
  std::size_t in_use_ = 0;
};

}  // namespace osect::store
