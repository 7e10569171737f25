// Hears what other parts and other nodes say has changed: LISTEN osect_change.
#pragma once

#include <functional>
#include <string>
#include <thread>

#include "cloud/store/pool.h"

namespace osect::store {

// Calls back on a thread of its own with each message:
// {"organization":"1","site":"2","kind":"device"}. A connection that breaks is opened again; the
// callback is then called with "" because messages may have been missed.
class Listener {
 public:
  using OnChange = std::function<void(const std::string& message)>;

  Listener(std::string connection, std::string user, OnChange on_change)
      : connection_(std::move(connection)),
        user_(std::move(user)),
        on_change_(std::move(on_change)) {}
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener() { stop(); }

  void start();
  void stop();

 private:
  void work(const std::stop_token& stop);

  const std::string connection_;
  const std::string user_;
  const OnChange on_change_;
  int wake_[2] = {-1, -1};  // a pipe: stop() ends the wait on the connection
  std::jthread thread_;
};

}  // namespace osect::store
