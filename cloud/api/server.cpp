// The HTTP/1.1 server on Boost.Asio; the only place that sees Asio and Beast. RFC 9112.
// Beast parses; reading and writing go through Wire, so that plain and TLS connections share one
// coroutine.
#include "cloud/api/server.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <exception>
#include <set>
#include <thread>

#include "base/log.h"
#include "cloud/api/problem.h"

namespace osect::api {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::seconds;

constexpr std::size_t kPieceBytes = 64 * 1024;
constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

// One accepted connection, encrypted or not. Belongs to the I/O thread.
class Wire {
 public:
  Wire() = default;
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  virtual ~Wire() = default;

  virtual asio::awaitable<bool> open() = 0;
  // Bytes read; 0 when the peer closed, the time is over or the connection broke.
  virtual asio::awaitable<std::size_t> read(asio::mutable_buffer into) = 0;
  virtual asio::awaitable<bool> write(std::string_view first, std::string_view second) = 0;
  virtual asio::awaitable<void> close() = 0;
  virtual void expires_after(seconds time) = 0;
  virtual void cancel() = 0;
};

// Stream is beast::tcp_stream or beast::ssl_stream<beast::tcp_stream>; both keep the deadline in
// the tcp_stream.
template <typename Stream>
class StreamWire final : public Wire {
 public:
  template <typename... Args>
  explicit StreamWire(Args&&... args) : stream_(std::forward<Args>(args)...) {}

  asio::awaitable<bool> open() override {
    if constexpr (kIsTls) {
      const auto [error] = co_await stream_.async_handshake(asio::ssl::stream_base::server, kAwait);
      co_return !error;
    }
    co_return true;
  }
  asio::awaitable<std::size_t> read(asio::mutable_buffer into) override {
    const auto [error, size] = co_await stream_.async_read_some(into, kAwait);
    co_return error ? 0 : size;
  }
  asio::awaitable<bool> write(std::string_view first, std::string_view second) override {
    const std::array buffers{asio::buffer(first), asio::buffer(second)};
    const auto [error, size] = co_await asio::async_write(stream_, buffers, kAwait);
    co_return !error;
  }
  asio::awaitable<void> close() override {
    if constexpr (kIsTls) {
      expires_after(seconds(2));
      co_await stream_.async_shutdown(kAwait);
    }
    error_code ignored;
    socket().shutdown(tcp::socket::shutdown_both, ignored);
  }
  void expires_after(seconds time) override {
    beast::get_lowest_layer(stream_).expires_after(time);
  }
  void cancel() override { beast::get_lowest_layer(stream_).cancel(); }

 private:
  static constexpr bool kIsTls = !std::is_same_v<Stream, beast::tcp_stream>;
  tcp::socket& socket() { return beast::get_lowest_layer(stream_).socket(); }

  Stream stream_;
};

using PlainWire = StreamWire<beast::tcp_stream>;
using TlsWire = StreamWire<beast::ssl_stream<beast::tcp_stream>>;
using Parser = http::request_parser<http::string_body>;

std::string_view reason(int status) {
  const auto known = http::int_to_status(static_cast<unsigned>(status));
  const auto text = http::obsolete_reason(known);
  return {text.data(), text.size()};
}

std::string head(const Response& response, std::uint64_t body_size, bool keep_alive) {
  std::string out = fmt::format("HTTP/1.1 {} {}\r\n", response.status, reason(response.status));
  for (const auto& [name, value] : response.headers)
    fmt::format_to(std::back_inserter(out), "{}: {}\r\n", name, value);
  const bool has_no_length = response.stream || response.status == 204 || response.status == 304;
  if (!has_no_length) fmt::format_to(std::back_inserter(out), "Content-Length: {}\r\n", body_size);
  if (!keep_alive) out += "Connection: close\r\n";
  out += "\r\n";
  return out;
}

Request take_request(Parser& parser, const std::string& address, bool is_tls) {
  auto message = parser.release();
  Request out;
  out.method = std::string(message.method_string());
  const std::string target(message.target());
  const auto mark = target.find('?');
  out.path = target.substr(0, mark);
  if (mark != std::string::npos) out.query = target.substr(mark + 1);
  for (const auto& field : message) {
    std::string name(field.name_string());
    for (char& c : name)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    out.headers.emplace_back(std::move(name), std::string(field.value()));
  }
  out.body = std::move(message.body());
  out.address = address;
  out.is_tls = is_tls;
  return out;
}

// What is wrong with a request that the parser gave up on; it is answered before the connection
// closes.
Response refusal(const error_code& error) {
  if (error == http::error::header_limit)
    return Problem(431, "header-too-large", "The request's header is too large.").response();
  if (error == http::error::body_limit)
    return Problem(413, "body-too-large", "The request's body is too large.").response();
  if (error == asio::error::try_again)
    return unavailable("Several files are being received; try again in a minute.").response();
  return Problem(400, "malformed-request", "This is not an HTTP request.", error.message())
      .response();
}

Result<> fail(std::string text) {
  return Error(std::move(text));
}

}  // namespace

// Everything that runs; all state but the counters belongs to the I/O thread.
class Server::Running {
 public:
  Running(const ServerConfig& config, const Handler& handler)
      : config_(config), handler_(handler), pool_(config.work_threads) {}

  Result<> listen() {
    if (config_.certificate.empty() != config_.key.empty())
      return fail("http: certificate and key are needed both, or neither");
    error_code error;
    if (!config_.certificate.empty()) {
      tls_.emplace(asio::ssl::context::tls_server);
      tls_->set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1, error);
      tls_->use_certificate_chain_file(config_.certificate, error);
      if (error) return fail("cannot read " + config_.certificate + ": " + error.message());
      tls_->use_private_key_file(config_.key, asio::ssl::context::pem, error);
      if (error) return fail("cannot read " + config_.key + ": " + error.message());
    }
    const auto address = asio::ip::make_address(config_.address, error);
    if (error) return fail("http.address '" + config_.address + "' is not an IP address");
    const tcp::endpoint endpoint(address, config_.port);
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error)
      return fail(fmt::format("cannot listen on {}:{}: {}", config_.address, config_.port,
                              error.message()));
    port_ = acceptor_.local_endpoint().port();
    asio::co_spawn(io_, accept(), asio::detached);
    thread_ = std::jthread([this] { io_.run(); });
    return {};
  }

  std::uint16_t port() const { return port_; }

  void stop() {
    asio::post(io_, [this] {
      is_stopping_ = true;
      error_code ignored;
      acceptor_.close(ignored);
      for (Session* session : sessions_)
        if (!session->is_busy) session->wire->cancel();
      for (asio::steady_timer* timer : stream_timers_) timer->cancel();
      if (sessions_.empty()) return;
      stop_timer_.expires_after(seconds(config_.stop_timeout_s));
      stop_timer_.async_wait([this](error_code error) {
        if (error) return;
        for (Session* session : sessions_) session->wire->cancel();
      });
    });
    thread_.join();
    pool_.join();
  }

 private:
  struct Session {
    std::unique_ptr<Wire> wire;
    bool is_busy = false;  // between a whole request and its whole response
  };

  asio::awaitable<void> accept() {
    while (true) {
      auto [error, socket] = co_await acceptor_.async_accept(kAwait);
      if (!acceptor_.is_open()) co_return;
      if (error) {
        // Out of descriptors, mostly: wait for some to be closed instead of spinning.
        asio::steady_timer pause(io_, std::chrono::milliseconds(100));
        co_await pause.async_wait(kAwait);
        continue;
      }
      if (sessions_.size() >= config_.connections_max) continue;
      error_code ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      const auto peer = socket.remote_endpoint(ignored);
      std::string address = peer.address().to_string();
      std::unique_ptr<Wire> wire;
      if (tls_)
        wire = std::make_unique<TlsWire>(beast::tcp_stream(std::move(socket)), *tls_);
      else
        wire = std::make_unique<PlainWire>(std::move(socket));
      asio::co_spawn(io_, serve(std::move(wire), std::move(address)), asio::detached);
    }
  }

  asio::awaitable<void> serve(std::unique_ptr<Wire> wire, std::string address) {
    Session session{std::move(wire)};
    sessions_.insert(&session);
    session.wire->expires_after(seconds(config_.read_timeout_s));
    if (co_await session.wire->open()) {
      beast::flat_buffer buffer;
      while (!is_stopping_ && co_await answer_one(session, buffer, address)) {
      }
      co_await session.wire->close();
    }
    sessions_.erase(&session);
    if (is_stopping_ && sessions_.empty()) stop_timer_.cancel();
  }

  // Whether a request that is being read brings a file; there may be few of them at a time.
  class Receiving {
   public:
    explicit Receiving(std::size_t& files) : files_(files) {}
    ~Receiving() { end(); }
    Receiving(const Receiving&) = delete;
    Receiving& operator=(const Receiving&) = delete;

    void begin() {
      is_file_ = true;
      ++files_;
    }
    void end() {
      if (std::exchange(is_file_, false)) --files_;
    }
    [[nodiscard]] bool is_file() const { return is_file_; }

   private:
    std::size_t& files_;
    bool is_file_ = false;
  };

  // The header is complete: how large the body may be depends on where it goes.
  error_code bound_body(Parser& parser, Receiving& receiving) {
    const auto target = std::string_view(parser.get().target());
    const bool is_file =
        config_.takes_file &&
        config_.takes_file(parser.get().method_string(), target.substr(0, target.find('?')));
    const std::size_t most = is_file ? config_.file_bytes_max : config_.body_bytes_max;
    if (const auto length = parser.content_length(); length && *length > most)
      return http::make_error_code(http::error::body_limit);
    if (is_file && files_ >= config_.files_max)
      return asio::error::make_error_code(asio::error::try_again);
    if (is_file) receiving.begin();
    parser.body_limit(most);
    parser.eager(true);
    return {};
  }

  // Reads one request and answers it; false when the connection is over.
  asio::awaitable<bool> answer_one(Session& session, beast::flat_buffer& buffer,
                                   const std::string& address) {
    Parser parser;
    parser.header_limit(static_cast<std::uint32_t>(config_.header_bytes_max));
    parser.body_limit(config_.file_bytes_max);  // until the header says which
    error_code error;
    Receiving receiving(files_);
    const bool is_read = co_await read(session, buffer, parser, receiving, error);
    receiving.end();
    if (!is_read) co_return false;
    if (error) {
      const Response refused = refusal(error);
      session.wire->expires_after(seconds(config_.write_timeout_s));
      co_await session.wire->write(head(refused, refused.body.size(), false), refused.body);
      co_return false;
    }
    session.is_busy = true;
    const bool is_head = parser.get().method() == http::verb::head;
    bool keep_alive = parser.keep_alive();
    const Response response = co_await handle(take_request(parser, address, tls_.has_value()));
    keep_alive = keep_alive && !is_stopping_ && !response.stream;
    const bool is_sent = co_await send(session, response, is_head, keep_alive);
    session.is_busy = false;
    co_return is_sent&& keep_alive;
  }

  // False when the connection ended; what is wrong with the bytes goes to `error`.
  asio::awaitable<bool> read(Session& session, beast::flat_buffer& buffer, Parser& parser,
                             Receiving& receiving, error_code& error) {
    bool is_started = buffer.size() > 0;
    bool is_bounded = false;
    session.wire->expires_after(
        seconds(is_started ? config_.read_timeout_s : config_.idle_timeout_s));
    while (true) {
      if (buffer.size() > 0) {
        buffer.consume(parser.put(buffer.data(), error));
        if (error == http::error::need_more) error = {};
        if (!error && !is_bounded && parser.is_header_done()) {
          is_bounded = true;
          error = bound_body(parser, receiving);
          if (!error && !parser.is_done() && buffer.size() > 0) continue;
        }
        if (error || parser.is_done()) co_return true;
      }
      const std::size_t size = co_await session.wire->read(buffer.prepare(8 * 1024));
      if (size == 0) co_return false;
      buffer.commit(size);
      // The clock for the whole request runs from its first byte: a trickle does not keep a
      // connection. A file takes as long as its line needs while it goes on.
      if (!is_started || receiving.is_file())
        session.wire->expires_after(seconds(config_.read_timeout_s));
      is_started = true;
    }
  }

  asio::awaitable<Response> handle(Request request) {
    if (waiting_ >= config_.work_threads + config_.waiting_max)
      co_return unavailable("Too many requests are waiting.").response();
    ++waiting_;
    // A parameter, not a capture: a coroutine lambda's captures may not outlive the expression.
    const auto work = [](const Handler& handler, const Request& task) -> asio::awaitable<Response> {
      co_return handler(task);
    };
    Response response =
        co_await asio::co_spawn(pool_, work(handler_, request), asio::use_awaitable);
    --waiting_;
    co_return response;
  }

  asio::awaitable<bool> send(Session& session, const Response& response, bool is_head,
                             bool keep_alive) {
    session.wire->expires_after(seconds(config_.write_timeout_s));
    if (response.stream) co_return co_await send_stream(session, response, is_head);
    if (response.file) co_return co_await send_file(session, response, is_head, keep_alive);
    const std::string_view body = is_head ? std::string_view() : std::string_view(response.body);
    co_return co_await session.wire->write(head(response, response.body.size(), keep_alive), body);
  }

  asio::awaitable<bool> send_file(Session& session, const Response& response, bool is_head,
                                  bool keep_alive) {
    const std::uint64_t size = response.file->size();
    if (!co_await session.wire->write(head(response, size, keep_alive), {})) co_return false;
    if (is_head) co_return true;
    std::string piece(std::min<std::uint64_t>(kPieceBytes, size), '\0');
    for (std::uint64_t at = 0; at < size;) {
      const ::ssize_t got =
          ::pread(response.file->descriptor(), piece.data(),
                  std::min<std::uint64_t>(piece.size(), size - at), static_cast<::off_t>(at));
      if (got <= 0) co_return false;  // shorter than it was: the client sees a broken transfer
      session.wire->expires_after(seconds(config_.write_timeout_s));
      const std::string_view part(piece.data(), static_cast<std::size_t>(got));
      if (!co_await session.wire->write(part, {})) co_return false;
      at += part.size();
    }
    co_return true;
  }

  // Sends until the stream ends, the client goes or the server stops.
  asio::awaitable<bool> send_stream(Session& session, const Response& response, bool is_head) {
    if (stream_timers_.size() >= config_.streams_max) {
      const Response full = unavailable("Too many streams are open.").response();
      co_return co_await session.wire->write(head(full, full.body.size(), false), full.body);
    }
    if (!co_await session.wire->write(head(response, 0, false), {}) || is_head) co_return false;
    TextStream& stream = *response.stream;
    const auto timer = std::make_shared<asio::steady_timer>(io_);
    stream_timers_.insert(timer.get());
    // Posted to the I/O thread: the timer is not for other threads; weak: the stream may outlive
    // this connection.
    stream.on_change([this, weak = std::weak_ptr(timer)] {
      if (weak.expired()) return;
      asio::post(io_, [weak] {
        if (const auto alive = weak.lock()) alive->cancel();
      });
    });
    bool is_alive = true;
    while (is_alive && !is_stopping_) {
      std::string text = stream.take();
      if (text.empty()) {
        if (stream.is_ended()) break;
        timer->expires_after(seconds(config_.heartbeat_s));
        const auto [error] = co_await timer->async_wait(kAwait);
        if (!error) text = ": still here\n\n";
      }
      session.wire->expires_after(seconds(config_.write_timeout_s));
      if (!text.empty()) is_alive = co_await session.wire->write(text, {});
    }
    stream.on_change(nullptr);
    stream_timers_.erase(timer.get());
    co_return false;
  }

  const ServerConfig& config_;
  const Handler& handler_;
  asio::io_context io_{1};
  asio::thread_pool pool_;
  std::optional<asio::ssl::context> tls_;
  tcp::acceptor acceptor_{io_};
  asio::steady_timer stop_timer_{io_};
  std::jthread thread_;
  std::uint16_t port_ = 0;
  bool is_stopping_ = false;
  std::size_t waiting_ = 0;
  std::size_t files_ = 0;  // being received
  std::set<Session*> sessions_;
  std::set<asio::steady_timer*> stream_timers_;
};

Server::Server(ServerConfig config, Handler handler)
    : config_(std::move(config)), handler_(std::move(handler)) {}

Server::~Server() {
  try {
    stop();
  } catch (...) {
    std::terminate();  // its threads would go on in an object that is gone
  }
}

Result<> Server::start() {
  auto running = std::make_unique<Running>(config_, handler_);
  auto listening = running->listen();
  if (listening) running_ = std::move(running);
  return listening;
}

std::uint16_t Server::port() const {
  return running_ ? running_->port() : 0;
}

void Server::stop() {
  if (!running_) return;
  running_->stop();
  running_.reset();
}

OpenFile::~OpenFile() {
  ::close(descriptor_);
}

}  // namespace osect::api
