// The server over real sockets: limits, keep-alive, streams, stopping.
#include "cloud/api/server.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "cloud/api/testing/client.h"

namespace osect::api {
namespace {

using namespace std::chrono_literals;
using testing::Answer;
using testing::Client;
using testing::Socket;

Response echo(const Request& request) {
  Response out;
  out.body = request.method + " " + request.path + "?" + request.query + " " + request.body;
  return out;
}

class Running {
 public:
  explicit Running(Handler handler, ServerConfig config = {}) : server_(prepare(config), handler) {
    const auto started = server_.start();
    if (!started) throw std::runtime_error(started.error().message);
  }
  static ServerConfig prepare(ServerConfig config) {
    config.port = 0;
    return config;
  }
  std::uint16_t port() const { return server_.port(); }
  void stop() { server_.stop(); }

 private:
  Server server_;
};

TEST(server, answers_pipelined_requests_in_order_on_one_connection) {
  const Running server(echo);
  Socket socket(server.port());
  socket.send(
      "GET /a?x=1 HTTP/1.1\r\nHost: h\r\n\r\n"
      "POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"
      "HEAD /c HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(socket.answer().body, "GET /a?x=1 ");
  EXPECT_EQ(socket.answer().body, "POST /b? abc");
  const Answer head = socket.answer(false);
  EXPECT_EQ(head.header("content-length"), "9");
  EXPECT_EQ(head.body, "");
}

TEST(server, refuses_what_is_too_large_or_not_http_with_a_problem) {
  ServerConfig config;
  config.body_bytes_max = 100;
  const Running server(echo, config);
  const auto ask = [&](const std::string& text) {
    Socket socket(server.port());
    socket.send(text);
    return socket.answer();
  };
  const Answer body = ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 101\r\n\r\n");
  EXPECT_EQ(body.status, 413);
  EXPECT_EQ(body.header("content-type"), "application/problem+json");
  EXPECT_EQ(ask("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n" +
                std::string(101, 'x') + "\r\n0\r\n\r\n")
                .status,
            413);
  EXPECT_EQ(ask("GET / HTTP/1.1\r\nX: " + std::string(20000, 'x') + "\r\n\r\n").status, 431);
  EXPECT_EQ(ask("\x16\x03\x01 hello\r\n\r\n").status, 400);
}

TEST(server, a_request_that_trickles_in_is_cut_off) {
  ServerConfig config;
  config.read_timeout_s = 1;
  const Running server(echo, config);
  const Socket socket(server.port());
  socket.send("GET / HTTP/1.1\r\n");
  for (int i = 0; i < 4; ++i) {
    std::this_thread::sleep_for(300ms);
    socket.send("X: y\r\n");
  }
  EXPECT_TRUE(socket.is_closed_within(1500ms));
}

TEST(server, says_busy_when_too_many_wait) {
  std::mutex mutex;
  std::condition_variable changed;
  bool is_open = false;
  ServerConfig config;
  config.work_threads = 1;
  config.waiting_max = 1;
  const Running server(
      [&](const Request& request) {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return is_open; });
        return echo(request);
      },
      config);
  std::vector<std::unique_ptr<Socket>> sockets;
  for (int i = 0; i < 3; ++i) {
    sockets.push_back(std::make_unique<Socket>(server.port()));
    sockets.back()->send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    std::this_thread::sleep_for(100ms);
  }
  EXPECT_EQ(sockets[2]->answer().status, 503);
  {
    const std::lock_guard lock(mutex);
    is_open = true;
    changed.notify_all();
  }
  EXPECT_EQ(sockets[0]->answer().status, 200);
  EXPECT_EQ(sockets[1]->answer().status, 200);
}

TEST(server, stop_lets_the_running_request_end_and_closes_the_idle) {
  std::atomic<bool> is_running = false;
  Running server([&](const Request& request) {
    is_running = true;
    std::this_thread::sleep_for(500ms);
    return echo(request);
  });
  const Socket idle(server.port());
  Socket busy(server.port());
  busy.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
  while (!is_running) std::this_thread::sleep_for(1ms);
  const auto begin = std::chrono::steady_clock::now();
  server.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 3s);
  const Answer answer = busy.answer();
  EXPECT_EQ(answer.body, "GET /slow? ");
  EXPECT_EQ(answer.header("connection"), "close");
  EXPECT_TRUE(idle.is_closed_within(100ms));
}

class Ticker final : public TextStream {
 public:
  void on_change(std::function<void()> wake) override {
    const std::lock_guard lock(mutex_);
    wake_ = std::move(wake);
  }
  std::string take() override {
    const std::lock_guard lock(mutex_);
    return std::exchange(text_, {});
  }
  bool is_ended() const override {
    const std::lock_guard lock(mutex_);
    return is_ended_;
  }
  void say(const std::string& text, bool is_last) {
    const std::lock_guard lock(mutex_);
    text_ += text;
    is_ended_ = is_last;
    if (wake_) wake_();
  }

 private:
  mutable std::mutex mutex_;
  std::function<void()> wake_;
  std::string text_;
  bool is_ended_ = false;
};

TEST(server, a_stream_is_sent_as_it_is_said_with_a_heartbeat_and_then_ends) {
  const auto ticker = std::make_shared<Ticker>();
  ServerConfig config;
  config.heartbeat_s = 1;
  const Running server(
      [&](const Request&) {
        Response out;
        out.stream = ticker;
        return out.with("Content-Type", "text/event-stream");
      },
      config);
  Socket socket(server.port());
  socket.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(socket.answer().header("content-type"), "text/event-stream");
  ticker->say("data: 1\n\n", false);
  EXPECT_EQ(socket.receive(500ms), "data: 1\n\n");
  EXPECT_EQ(socket.receive(1500ms), ": still here\n\n");
  ticker->say("data: 2\n\n", true);
  EXPECT_EQ(socket.receive(500ms), "data: 2\n\n");
  EXPECT_TRUE(socket.is_closed_within(500ms));
}

TEST(server, says_why_it_cannot_start) {
  const Running first(echo);
  ServerConfig config;
  config.port = first.port();
  Server second(config, echo);
  const auto started = second.start();
  ASSERT_FALSE(started);
  EXPECT_NE(started.error().message.find("cannot listen on 127.0.0.1:"), std::string::npos);
  config.certificate = "/nonexistent/cert.pem";
  config.key = "/nonexistent/key.pem";
  Server third(config, echo);
  EXPECT_NE(third.start().error().message.find("/nonexistent/cert.pem"), std::string::npos);
}

}  // namespace
}  // namespace osect::api
