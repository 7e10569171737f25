// gRPC's callback client; no thread of ours waits in it.
#include "sensor/uplink/stream.h"

#include <grpc/support/log.h>
#include <grpcpp/grpcpp.h>

#include <condition_variable>
#include <deque>
#include <mutex>

#include "osect/v1/uplink.grpc.pb.h"

namespace osect::uplink {
namespace {

// A mobile link is paid by the byte: no probing for bandwidth, a sign of life only when nothing was
// said for long.
constexpr int kKeepaliveMs = 10 * 60 * 1000;
constexpr int kKeepaliveTimeoutMs = 60 * 1000;

std::shared_ptr<grpc::Channel> open_channel(const std::string& address, const Identity& identity) {
  // What fails is said once, in our words; gRPC would print each attempt.
  gpr_set_log_function([](gpr_log_func_args*) {});
  grpc::SslCredentialsOptions tls;
  tls.pem_root_certs = identity.authority_pem;
  tls.pem_private_key = identity.key_pem;
  tls.pem_cert_chain = identity.certificate_pem;
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  // Each attempt is ours, with our back-off: no shared connection that waits on gRPC's.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  if (!identity.server_name.empty()) arguments.SetSslTargetNameOverride(identity.server_name);
  return grpc::CreateCustomChannel(address, grpc::SslCredentials(tls), arguments);
}

}  // namespace

class Stream::Reactor final : public grpc::ClientBidiReactor<v1::SensorMessage, v1::CloudMessage> {
 public:
  Reactor(const std::string& address, const Identity& identity, std::function<void()> wake)
      : wake_(std::move(wake)), stub_(v1::Uplink::NewStub(open_channel(address, identity))) {}

  void start() {
    stub_->async()->Connect(&context_, this);
    StartRead(&incoming_);
    // Keeps the call alive while nothing is being sent.
    AddHold();
    StartCall();
  }

  void send(v1::SensorMessage message) {
    const std::lock_guard lock(mutex_);
    outgoing_.push_back(std::move(message));
    write_next();
  }

  std::optional<v1::CloudMessage> take() {
    const std::lock_guard lock(mutex_);
    if (arrived_.empty()) return std::nullopt;
    std::optional<v1::CloudMessage> message(std::move(arrived_.front()));
    arrived_.pop_front();
    return message;
  }

  std::optional<StreamEnd> end() const {
    const std::lock_guard lock(mutex_);
    return arrived_.empty() ? end_ : std::nullopt;
  }

  std::string peer() const { return context_.peer(); }

  void cancel_and_wait() {
    context_.TryCancel();
    std::unique_lock lock(mutex_);
    release();
    over_.wait(lock, [this] { return is_over_; });
  }

 private:
  void OnReadDone(bool ok) override {
    {
      const std::lock_guard lock(mutex_);
      if (ok)
        arrived_.push_back(std::move(incoming_));
      else
        release();
    }
    if (ok) {
      incoming_.Clear();
      StartRead(&incoming_);
    }
    wake_();
  }

  void OnWriteDone(bool ok) override {
    {
      const std::lock_guard lock(mutex_);
      is_writing_ = false;
      outgoing_.pop_front();
      if (ok) write_next();
    }
    wake_();
  }

  void OnDone(const grpc::Status& status) override {
    {
      const std::lock_guard lock(mutex_);
      StreamEnd end;
      end.text = status.error_message();
      switch (status.error_code()) {
        case grpc::StatusCode::UNAUTHENTICATED:
        case grpc::StatusCode::PERMISSION_DENIED:
          end.cause = StreamEnd::Cause::refused;
          break;
        case grpc::StatusCode::OK:
          end.cause = StreamEnd::Cause::closed;
          end.text = "the cloud ended the connection";
          break;
        default:
          end.cause = StreamEnd::Cause::unreachable;
      }
      end_ = std::move(end);
    }
    wake_();
    // Last: the reactor may be gone after it.
    const std::lock_guard lock(mutex_);
    is_over_ = true;
    over_.notify_all();
  }

  // Under the lock.
  void write_next() {
    if (is_writing_ || !is_held_) return;
    if (outgoing_.empty()) return;
    is_writing_ = true;
    StartWrite(&outgoing_.front());
  }

  // Under the lock: lets the call end.
  void release() {
    if (!std::exchange(is_held_, false)) return;
    RemoveHold();
  }

  const std::function<void()> wake_;
  std::unique_ptr<v1::Uplink::Stub> stub_;
  grpc::ClientContext context_;
  v1::CloudMessage incoming_;

  mutable std::mutex mutex_;
  std::condition_variable over_;
  std::deque<v1::SensorMessage> outgoing_;
  std::deque<v1::CloudMessage> arrived_;
  std::optional<StreamEnd> end_;
  bool is_writing_ = false;
  bool is_held_ = true;
  bool is_over_ = false;
};

Stream::Stream(const std::string& address, const Identity& identity, std::function<void()> wake)
    : reactor_(std::make_shared<Reactor>(address, identity, std::move(wake))) {
  reactor_->start();
}

Stream::~Stream() {
  reactor_->cancel_and_wait();
}

void Stream::send(v1::SensorMessage message) {
  reactor_->send(std::move(message));
}
std::optional<v1::CloudMessage> Stream::take() {
  return reactor_->take();
}
std::optional<StreamEnd> Stream::end() const {
  return reactor_->end();
}
std::string Stream::peer() const {
  return reactor_->peer();
}

}  // namespace osect::uplink
