// The tests' HTTP client on blocking sockets. RFC 9112.
#include "cloud/api/testing/client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace osect::api::testing {

using std::chrono::milliseconds;

namespace {
constexpr milliseconds kPatience(20000);
}

Socket::Socket(std::uint16_t port) : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  if (::connect(descriptor_, generic, sizeof address) != 0) {
    ::close(descriptor_);
    throw std::runtime_error("cannot connect to port " + std::to_string(port));
  }
  const int on = 1;
  ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

Socket::~Socket() {
  ::close(descriptor_);
}

void Socket::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ::ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;  // the peer closed: its answer may still be there to read
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::string Socket::receive(milliseconds most) const {
  pollfd waiting{descriptor_, POLLIN, 0};
  if (::poll(&waiting, 1, static_cast<int>(most.count())) <= 0) return {};
  std::array<char, 16384> buffer{};
  const ::ssize_t got = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
  return got > 0 ? std::string(buffer.data(), static_cast<std::size_t>(got)) : std::string();
}

bool Socket::is_closed_within(milliseconds most) const {
  pollfd waiting{descriptor_, POLLIN, 0};
  if (::poll(&waiting, 1, static_cast<int>(most.count())) <= 0) return false;
  char byte = 0;
  return ::recv(descriptor_, &byte, 1, MSG_PEEK) <= 0;
}

Answer Socket::answer(bool has_body) {
  Answer out;
  std::size_t end = 0;
  while ((end = rest_.find("\r\n\r\n")) == std::string::npos) {
    const std::string more = receive(kPatience);
    if (more.empty()) return out;
    rest_ += more;
  }
  out.status = std::stoi(rest_.substr(9, 3));
  for (std::size_t at = rest_.find("\r\n") + 2; at < end;) {
    const std::size_t line_end = rest_.find("\r\n", at);
    const std::size_t colon = rest_.find(':', at);
    std::string name = rest_.substr(at, colon - at);
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    out.headers.emplace(name, rest_.substr(colon + 2, line_end - colon - 2));
    at = line_end + 2;
  }
  rest_.erase(0, end + 4);
  if (!has_body || out.status == 204 || out.status == 304) return out;
  const std::string length = out.header("content-length");
  if (length.empty()) return out;
  const std::size_t size = std::stoul(length);
  while (rest_.size() < size) {
    const std::string more = receive(kPatience);
    if (more.empty()) break;
    rest_ += more;
  }
  out.body = rest_.substr(0, size);
  rest_.erase(0, size);
  return out;
}

Answer Client::send(const std::string& method, const std::string& target, const std::string& json,
                    const std::vector<std::pair<std::string, std::string>>& headers) {
  std::string text = method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n";
  if (!cookie.empty()) text += "Cookie: " + cookie + "\r\n";
  if (!csrf_token.empty()) text += "X-OsecT-CSRF: " + csrf_token + "\r\n";
  if (!json.empty()) {
    text += "Content-Type: application/json\r\n";
    text += "Content-Length: " + std::to_string(json.size()) + "\r\n";
  }
  for (const auto& [name, value] : headers) text += name + ": " + value + "\r\n";
  text += "\r\n" + json;
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (!socket_) socket_ = std::make_unique<Socket>(port_);
    socket_->send(text);
    Answer out = socket_->answer(method != "HEAD");
    const bool is_over = out.status == 0 || out.header("connection") == "close";
    if (is_over) socket_.reset();
    if (out.status != 0) return out;  // else the server had closed an idle connection
  }
  return {};
}

Answer Client::sign_in(const std::string& login, const std::string& password) {
  Answer out = send("POST", "/api/v1/session",
                    nlohmann::json{{"login", login}, {"password", password}}.dump());
  if (out.status == 200) {
    const std::string set = out.header("set-cookie");
    cookie = set.substr(0, set.find(';'));
    csrf_token = nlohmann::json::parse(out.body).at("csrf_token").get<std::string>();
  }
  return out;
}

}  // namespace osect::api::testing
