// A small HTTP/1.1 client for tests: real sockets, plain or TLS, keeps cookies and the CSRF token
// of one person.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace osect::api::testing {

struct Answer {
  int status = 0;                                   // 0: the connection ended without an answer
  std::multimap<std::string, std::string> headers;  // names in lower case
  std::string body;

  [[nodiscard]] std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string() : found->second;
  }
};

// One TCP connection.
class Socket {
 public:
  explicit Socket(std::uint16_t port);
  ~Socket();
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  void send(std::string_view bytes) const;
  // What arrives within the time; "" at the end of the connection or when nothing comes.
  [[nodiscard]] std::string receive(std::chrono::milliseconds most) const;
  // Reads one whole answer; `has_body` false for HEAD.
  [[nodiscard]] Answer answer(bool has_body = true);
  // Whether the peer closed within the time.
  [[nodiscard]] bool is_closed_within(std::chrono::milliseconds most) const;

 private:
  int descriptor_;
  std::string rest_;
};

// One browser: sends its cookie and CSRF token with every request. Reconnects by itself.
class Client {
 public:
  explicit Client(std::uint16_t port) : port_(port) {}

  Answer get(const std::string& target) { return send("GET", target); }
  Answer send(const std::string& method, const std::string& target, const std::string& json = {},
              const std::vector<std::pair<std::string, std::string>>& headers = {});
  // Signs in and keeps the session.
  Answer sign_in(const std::string& login, const std::string& password);

  std::string cookie;
  std::string csrf_token;

 private:
  std::uint16_t port_;
  std::unique_ptr<Socket> socket_;
};

}  // namespace osect::api::testing
