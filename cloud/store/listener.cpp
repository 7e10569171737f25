// NOTIFY over libpq: PQconsumeInput and PQnotifies behind poll().
#include "cloud/store/listener.h"

#include <poll.h>

#include "cloud/store/connection.h"
#include "cloud/store/queries/connection.h"

namespace osect::store {

Listener::Listener(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
Listener::Listener(Listener&&) noexcept = default;
Listener::~Listener() = default;

Result<Listener> Listener::open(const std::string& connection, const std::string& user) {
  auto opened = Connection::open({.connection = connection,
                                  .user = user,
                                  .name = "osect-cloud listener",
                                  .statement_timeout_ms = 0});
  if (!opened) return opened.error();
  PGresult* result = PQexec((*opened)->get(), query::kListenToChanges.sql);
  const bool is_listening = PQresultStatus(result) == PGRES_COMMAND_OK;
  PQclear(result);
  if (!is_listening) return Error("cannot listen: " + message_of((*opened)->get()));
  return Listener(std::move(*opened));
}

Result<std::vector<std::string>> Listener::wait(std::int64_t timeout_ms) {
  PGconn* connection = connection_->get();
  pollfd waiting{PQsocket(connection), POLLIN, 0};
  ::poll(&waiting, 1, static_cast<int>(timeout_ms));
  if (PQconsumeInput(connection) == 0) return Error("stopped listening: " + message_of(connection));
  std::vector<std::string> out;
  while (PGnotify* notification = PQnotifies(connection)) {
    out.emplace_back(notification->extra);
    PQfreemem(notification);
  }
  return out;
}

}  // namespace osect::store
