// Results of the store as exceptions, for the handlers.
#include "cloud/account/database.h"

namespace osect::account {

store::Transaction begin(store::Pool& pool, store::Scope scope) {
  auto transaction = pool.begin(scope);
  if (!transaction)
    throw DatabaseFailure(transaction.error().message, store::Trouble::unavailable, {});
  return std::move(*transaction);
}

store::Rows ask(store::Transaction& transaction, const store::Query& query,
                std::span<const store::Param> params) {
  auto rows = transaction.run(query, params);
  if (!rows)
    throw DatabaseFailure(rows.error().message, transaction.trouble(), transaction.constraint());
  return std::move(*rows);
}

store::Rows ask(store::Transaction& transaction, const store::Query& query,
                std::initializer_list<store::Param> params) {
  return ask(transaction, query, std::span<const store::Param>(params.begin(), params.size()));
}

void commit(store::Transaction& transaction) {
  const auto done = transaction.commit();
  if (!done)
    throw DatabaseFailure(done.error().message, transaction.trouble(), transaction.constraint());
}

}  // namespace osect::account
