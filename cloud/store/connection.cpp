// Opens libpq connections.
#include "cloud/store/connection.h"

#include <fmt/format.h>

#include "base/log.h"

namespace osect::store {

std::string message_of(const PGconn* connection) {
  std::string text = PQerrorMessage(connection);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

Result<std::unique_ptr<Connection>> Connection::open(const Options& options) {
  const std::string settings = fmt::format(
      "-c timezone=UTC -c datestyle=ISO -c client_min_messages=warning -c statement_timeout={}",
      options.statement_timeout_ms);
  // The connection string stands first: what follows overrides it.
  const char* const keywords[] = {
      "dbname", "application_name", "options", "client_encoding", "connect_timeout", "user",
      nullptr};
  const char* const values[] = {options.connection.c_str(),
                                options.name.c_str(),
                                settings.c_str(),
                                "UTF8",
                                "5",
                                options.user.empty() ? nullptr : options.user.c_str(),
                                nullptr};
  auto connection = std::make_unique<Connection>(PQconnectdbParams(keywords, values, 1));
  if (PQstatus(connection->get()) != CONNECTION_OK)
    return Error("cannot reach the database: " + message_of(connection->get()));
  // What the server merely remarks; failures are told by the calls that fail.
  PQsetNoticeProcessor(
      connection->get(), [](void*, const char* text) { log::debug("PostgreSQL says: {}", text); },
      nullptr);
  return connection;
}

bool Connection::is_usable() const {
  return PQstatus(connection_.get()) == CONNECTION_OK &&
         PQtransactionStatus(connection_.get()) == PQTRANS_IDLE;
}

}  // namespace osect::store
