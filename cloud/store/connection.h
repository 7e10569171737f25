// One libpq connection: opened with the settings every part of the program relies on; private to
// cloud/store.
#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_set>

#include "base/result.h"

namespace osect::store {

class Connection {
 public:
  struct Options {
    std::string connection;
    std::string user;
    std::string name;
    std::int64_t statement_timeout_ms = 0;  // 0: none
  };

  explicit Connection(PGconn* connection) : connection_(connection) {}

  // ISO dates, UTC, UTF-8; a peer that is gone is noticed by TCP keep-alive.
  static Result<std::unique_ptr<Connection>> open(const Options& options);

  [[nodiscard]] PGconn* get() const { return connection_.get(); }
  [[nodiscard]] bool is_usable() const;  // connected and in no transaction
  // True the first time it is asked about a statement: it must be prepared now.
  [[nodiscard]] bool is_new_statement(const char* name) { return prepared_.insert(name).second; }
  void forget_statement(const char* name) { prepared_.erase(name); }

 private:
  struct Finish {
    void operator()(PGconn* connection) const { PQfinish(connection); }
  };

  std::unique_ptr<PGconn, Finish> connection_;
  std::unordered_set<std::string> prepared_;
};

// libpq's message without its trailing line end.
[[nodiscard]] std::string message_of(const PGconn* connection);

}  // namespace osect::store
