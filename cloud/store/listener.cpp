// Waits on the connection's socket.
#include "cloud/store/listener.h"

#include <libpq-fe.h>
#include <poll.h>
#include <unistd.h>

#include <cassert>
#include <memory>

#include "base/log.h"
#include "cloud/store/connection.h"
#include "cloud/store/queries/connection.h"

namespace osect::store {
namespace {

constexpr int kReconnectMs = 1000;

struct Free {
  void operator()(PGnotify* notification) const { PQfreemem(notification); }
  void operator()(pg_result* result) const { PQclear(result); }
};

}  // namespace

void Listener::start() {
  const int made = pipe(wake_);
  assert(made == 0);
  static_cast<void>(made);
  thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

void Listener::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  static_cast<void>(::write(wake_[1], "x", 1) == 1);
  thread_.join();
  ::close(wake_[0]);
  ::close(wake_[1]);
}

void Listener::work(const std::stop_token& stop) {
  bool may_have_missed = false;
  while (!stop.stop_requested()) {
    auto connection = Connection::open({connection_, user_, "osect-cloud listener", 0});
    bool is_listening = false;
    if (connection) {
      const std::unique_ptr<pg_result, Free> answer(
          PQexec((*connection)->get(), query::kListenToChanges.sql));
      is_listening = PQresultStatus(answer.get()) == PGRES_COMMAND_OK;
    }
    if (!is_listening) {
      may_have_missed = true;
      pollfd wake{wake_[0], POLLIN, 0};
      poll(&wake, 1, kReconnectMs);
      continue;
    }
    if (may_have_missed) on_change_("");
    may_have_missed = true;
    PGconn* const link = (*connection)->get();
    while (!stop.stop_requested()) {
      pollfd ready[] = {{PQsocket(link), POLLIN, 0}, {wake_[0], POLLIN, 0}};
      if (poll(ready, 2, -1) < 0) continue;
      if (PQconsumeInput(link) == 0) break;
      while (const std::unique_ptr<PGnotify, Free> notification{PQnotifies(link)})
        on_change_(notification->extra);
    }
  }
}

}  // namespace osect::store
