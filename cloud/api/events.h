// Changes as server-sent events: one connection listens to PostgreSQL, what it hears goes to the
// streams of the organization concerned. WHATWG HTML, 9.2 Server-sent events.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "cloud/account/session.h"
#include "cloud/api/response.h"
#include "cloud/store/pool.h"

namespace osect::api {

// The stream of one reader. Changes of the same kind and site that wait together are said once; a
// reader who lets more than kWaitingMax different ones wait is told that changes were lost.
class ChangeStream final : public TextStream {
 public:
  static constexpr std::size_t kWaitingMax = 256;

  ChangeStream(std::int64_t organization, account::Reach reach, std::string session)
      : organization_(organization), reach_(std::move(reach)), session_(std::move(session)) {}

  void on_change(std::function<void()> wake) override;
  [[nodiscard]] std::string take() override;
  [[nodiscard]] bool is_ended() const override;

  // site "": all of them. What a reader of other sites need not know is left out.
  void say(const std::string& kind, const std::string& site);
  void say_lost();
  void end();

  [[nodiscard]] std::int64_t organization() const { return organization_; }
  [[nodiscard]] const std::string& session() const { return session_; }  // token hash, hexadecimal

 private:
  const std::int64_t organization_;
  const account::Reach reach_;
  const std::string session_;
  mutable std::mutex mutex_;
  std::function<void()> wake_;
  std::set<std::pair<std::string, std::string>> waiting_;
  bool is_lost_ = false;
  bool is_ended_ = false;
};

// Starts listening when made, stops when destroyed. While the database is away it tries again every
// second; readers are told that they may have missed something. Threads: any.
class EventHub {
 public:
  // `connection` and `user` as in store::Pool::Options; `pool` is asked whether the readers'
  // sessions still live.
  EventHub(std::string connection, std::string user, store::Pool& pool);
  EventHub(const EventHub&) = delete;
  EventHub& operator=(const EventHub&) = delete;
  ~EventHub();

  [[nodiscard]] std::shared_ptr<ChangeStream> open_stream(std::int64_t organization,
                                                          const account::Reach& reach,
                                                          const std::string& session);
  // Ends the streams of sessions that have ended. Called every kCheckSessionsEvery; by tests at
  // once.
  void end_streams_without_session();

 private:
  void listen(const std::stop_token& stop);
  void deliver(const std::string& payload);
  [[nodiscard]] std::vector<std::shared_ptr<ChangeStream>> streams();

  const std::string connection_;
  const std::string user_;
  store::Pool& pool_;
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::vector<std::weak_ptr<ChangeStream>> streams_;
  std::jthread thread_;
};

}  // namespace osect::api
