// Hears NOTIFY osect_change on a connection of its own.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

namespace osect::store {

class Connection;

// Owned by one thread, which blocks in wait().
class Listener {
 public:
  // `user` as in Pool::Options.
  static Result<Listener> open(const std::string& connection, const std::string& user);
  Listener(Listener&&) noexcept;
  ~Listener();

  // The payloads that arrived, after waiting for the first at most so long. Fails when the
  // connection is lost: what was announced until the next open() is then not heard.
  Result<std::vector<std::string>> wait(std::int64_t timeout_ms);

 private:
  explicit Listener(std::unique_ptr<Connection> connection);

  std::unique_ptr<Connection> connection_;
};

}  // namespace osect::store
