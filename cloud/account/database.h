// Runs queries for handlers, which may throw: a failed query ends the handler and is caught once,
// at the edge.
#pragma once

#include <initializer_list>
#include <span>
#include <stdexcept>
#include <string>

#include "cloud/store/pool.h"

namespace osect::account {

class DatabaseFailure : public std::runtime_error {
 public:
  DatabaseFailure(const std::string& message, store::Trouble trouble, std::string constraint)
      : std::runtime_error(message), trouble_(trouble), constraint_(std::move(constraint)) {}

  [[nodiscard]] store::Trouble trouble() const { return trouble_; }
  // The constraint that was violated, "" when none was.
  [[nodiscard]] const std::string& constraint() const { return constraint_; }

 private:
  store::Trouble trouble_;
  std::string constraint_;
};

[[nodiscard]] store::Transaction begin(store::Pool& pool, store::Scope scope);
store::Rows ask(store::Transaction& transaction, const store::Query& query,
                std::span<const store::Param> params);
store::Rows ask(store::Transaction& transaction, const store::Query& query,
                std::initializer_list<store::Param> params = {});
void commit(store::Transaction& transaction);

}  // namespace osect::account
