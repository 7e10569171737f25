// The HTTP/1.1 server: one I/O thread, a pool that runs the handler, limits on everything a client
// can make grow. RFC 9112.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "cloud/api/request.h"
#include "cloud/api/response.h"

namespace osect::api {

struct ServerConfig {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;  // 0: any free one
  std::string certificate;    // PEM files; TLS when both are given
  std::string key;
  std::size_t work_threads = 8;        // how many requests are handled at a time
  std::size_t waiting_max = 256;       // requests beyond those; more get 503
  std::size_t connections_max = 2000;  // more are closed at once
  std::size_t streams_max = 500;       // of the connections; more get 503
  std::size_t header_bytes_max = 16 * 1024;
  std::size_t body_bytes_max = 64 * 1024;
  std::size_t file_bytes_max = 32 << 20;  // of a body where `takes_file` says so
  std::size_t files_max = 4;              // received at a time; more get 503
  std::function<bool(std::string_view method, std::string_view path)> takes_file;
  int read_timeout_s = 15;   // for a whole request
  int idle_timeout_s = 75;   // between requests
  int write_timeout_s = 60;  // for each 64 KiB of a response
  int heartbeat_s = 15;      // a comment line on a stream that has nothing to say
  int stop_timeout_s = 5;    // what is being answered may take so long after stop()
};

// Called on the pool, by several threads at a time; must not throw.
using Handler = std::function<Response(const Request&)>;

// start() and stop() belong to one thread. stop() lets running requests end and then returns with
// nothing left running.
class Server {
 public:
  Server(ServerConfig config, Handler handler);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  Result<> start();
  [[nodiscard]] std::uint16_t port() const;
  void stop();

 private:
  class Running;
  const ServerConfig config_;
  const Handler handler_;
  std::unique_ptr<Running> running_;
};

}  // namespace osect::api
