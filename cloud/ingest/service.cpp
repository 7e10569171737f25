// gRPC callback services; every message is handled on a worker thread, one at a time per stream.
#include "cloud/ingest/service.h"

#include <fmt/format.h>
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <optional>

#include "base/log.h"
#include "cloud/ingest/enrolment.h"
#include "cloud/ingest/registry.h"
#include "cloud/ingest/session.h"
#include "cloud/ingest/workers.h"
#include "cloud/store/queries/ingest.h"
#include "osect/v1/uplink.grpc.pb.h"

namespace osect::ingest {
namespace {

constexpr int kMessageBytesMax = 16 << 20;
constexpr auto kPlaceTaken = std::chrono::milliseconds(20);
constexpr auto kLookUp = std::chrono::milliseconds(100);

// "ipv4:192.0.2.1:40000" and "ipv6:%5B2001:db8::1%5D:40000" without what is not the address.
std::string address_of(const std::string& peer) {
  std::string text = peer.substr(peer.find(':') + 1);
  const std::size_t port = text.rfind(':');
  if (port != std::string::npos) text.resize(port);
  for (const char* bracket : {"%5B", "%5D", "[", "]"})
    if (const std::size_t at = text.find(bracket); at != std::string::npos)
      text.erase(at, std::char_traits<char>::length(bracket));
  return IpAddress::parse(text) ? text : "";
}

std::string common_name(const grpc::CallbackServerContext& context) {
  const auto names = context.auth_context()->FindPropertyValues("x509_common_name");
  return names.size() == 1 ? std::string(names[0].data(), names[0].size()) : "";
}

struct Shared {
  const ServiceConfig& config;
  store::Pool& pool;
  const OnCommit& on_commit;
  const Authority& authority;
  Workers& workers;
  Registry& registry;
};

// One stream. Between a message and its answer nothing is read: the sensor is slowed down by flow
// control, and at most one task of a stream exists. gRPC deletes it through OnDone.
class Stream final : public grpc::ServerBidiReactor<v1::SensorMessage, v1::CloudMessage> {
 public:
  Stream(grpc::CallbackServerContext& context, const Shared& shared)
      : context_(context),
        shared_(shared),
        uuid_(common_name(context)),
        session_(shared.pool, uuid_, address_of(context.peer())),
        retry_ms_(shared.config.retry_first_ms) {
    StartRead(&message_);
  }

  void OnReadDone(bool is_ok) override {
    if (!is_ok) return Finish(grpc::Status::OK);
    later(std::chrono::milliseconds(0));
  }
  void OnWriteDone(bool is_ok) override {
    if (!is_ok) return Finish(grpc::Status::OK);
    if (end_) return Finish(*end_);
    StartRead(&message_);
  }
  void OnCancel() override { is_cancelled_ = true; }
  void OnDone() override {
    shared_.registry.leave(uuid_, this);
    delete this;
  }

 private:
  void later(std::chrono::milliseconds delay) {
    shared_.workers.post_after(delay, [this] { handle(); });
  }

  // On a worker. While waiting for the database it looks up often, so that a stream that is over
  // does not linger.
  void handle() {
    if (is_cancelled_) return Finish(grpc::Status::CANCELLED);
    if (std::chrono::steady_clock::now() < retry_at_) return later(kLookUp);
    if (!is_open_) return handle_hello();
    if (message_.has_renewal()) return handle_renewal();
    if (!message_.has_batch())
      return Finish({grpc::StatusCode::INVALID_ARGUMENT, "a batch was expected"});
    const Verdict verdict = session_.take(message_.batch());
    if (is_settled(verdict)) {
      answer_.mutable_ack()->set_sequence(message_.batch().sequence());
      shared_.on_commit(session_.sensor());
      StartWrite(&answer_);
    } else if (verdict.kind == Verdict::Kind::refused) {
      answer_.mutable_refusal()->set_sequence(message_.batch().sequence());
      answer_.mutable_refusal()->set_reason(verdict.why);
      end_ = grpc::Status(grpc::StatusCode::ABORTED, "a batch was refused: connect again");
      StartWrite(&answer_);
    }
  }

  void handle_renewal() {
    answer_.Clear();
    const Verdict verdict =
        session_.renew(message_.renewal(), shared_.authority, *answer_.mutable_renewed());
    if (is_settled(verdict)) StartWrite(&answer_);
  }

  void handle_hello() {
    if (!message_.has_hello())
      return Finish({grpc::StatusCode::INVALID_ARGUMENT, "Hello was expected"});
    if (uuid_.empty())
      return Finish({grpc::StatusCode::UNAUTHENTICATED, "the certificate names no sensor"});
    if (!shared_.registry.try_enter(uuid_, this, [this] { context_.TryCancel(); }))
      return later(kPlaceTaken);
    answer_.Clear();
    const Verdict verdict = session_.open(message_.hello(), *answer_.mutable_welcome());
    if (!is_settled(verdict)) return;
    is_open_ = true;
    log::info("Sensor {} is connected; committed up to {}", uuid_,
              answer_.welcome().committed_sequence());
    StartWrite(&answer_);
  }

  // False when there is nothing to say now: the message is tried again later, or the stream has
  // ended.
  bool is_settled(const Verdict& verdict) {
    switch (verdict.kind) {
      case Verdict::Kind::acknowledged:
        retry_ms_ = shared_.config.retry_first_ms;
        return true;
      case Verdict::Kind::refused:
        return false;
      case Verdict::Kind::later:
        log::warn("A message of sensor {} waits for the database: {}", uuid_, verdict.why);
        retry_at_ = std::chrono::steady_clock::now() + std::chrono::milliseconds(retry_ms_);
        later(kLookUp);
        retry_ms_ = std::min(retry_ms_ * 2, shared_.config.retry_most_ms);
        return false;
      case Verdict::Kind::revoked:
        log::warn("Sensor {} was turned away: {}", uuid_, verdict.why);
        Finish({grpc::StatusCode::PERMISSION_DENIED, verdict.why});
        return false;
      case Verdict::Kind::ended:
        Finish({grpc::StatusCode::ABORTED, verdict.why});
        return false;
    }
    return false;
  }

  grpc::CallbackServerContext& context_;
  const Shared& shared_;
  const std::string uuid_;
  Session session_;
  v1::SensorMessage message_;
  v1::CloudMessage answer_;
  std::optional<grpc::Status> end_;
  std::int64_t retry_ms_;
  std::chrono::steady_clock::time_point retry_at_{};
  bool is_open_ = false;
  std::atomic<bool> is_cancelled_{false};
};

class UplinkService final : public v1::Uplink::CallbackService {
 public:
  explicit UplinkService(const Shared& shared) : shared_(shared) {}
  grpc::ServerBidiReactor<v1::SensorMessage, v1::CloudMessage>* Connect(
      grpc::CallbackServerContext* context) override {
    return new Stream(*context, shared_);  // NOLINT: gRPC's reactors own themselves until OnDone
  }

 private:
  const Shared& shared_;
};

class EnrolmentService final : public v1::Enrolment::CallbackService {
 public:
  EnrolmentService(Enrolment& enrolment, const Authority& authority, Workers& workers)
      : enrolment_(enrolment), authority_(authority), workers_(workers) {}

  grpc::ServerUnaryReactor* Enroll(grpc::CallbackServerContext* context,
                                   const v1::EnrollRequest* request,
                                   v1::EnrollResponse* response) override {
    auto* reactor = context->DefaultReactor();
    workers_.post([this, context, request, response, reactor] {
      reactor->Finish(enroll(*request, address_of(context->peer()), *response));
    });
    return reactor;
  }

 private:
  grpc::Status enroll(const v1::EnrollRequest& request, const std::string& address,
                      v1::EnrollResponse& response) {
    EnrolmentFailure failure;
    const auto enrolled = enrolment_.enroll(request.code(), request.certificate_request_pem(),
                                            request.version(), address, failure);
    if (enrolled) {
      response.set_certificate_pem(enrolled->certificate_pem);
      response.set_authority_pem(authority_.certificate_pem());
      response.set_sensor_name(enrolled->sensor_name);
      response.set_site_name(enrolled->site_name);
      return grpc::Status::OK;
    }
    switch (failure.kind) {
      case EnrolmentFailure::Kind::wrong_code:
        return {grpc::StatusCode::PERMISSION_DENIED, failure.why};
      case EnrolmentFailure::Kind::too_many_attempts:
        return {grpc::StatusCode::RESOURCE_EXHAUSTED, failure.why};
      case EnrolmentFailure::Kind::bad_request:
        return {grpc::StatusCode::INVALID_ARGUMENT, failure.why};
      case EnrolmentFailure::Kind::unavailable:
        break;
    }
    return {grpc::StatusCode::UNAVAILABLE, failure.why};
  }

  Enrolment& enrolment_;
  const Authority& authority_;
  Workers& workers_;
};

std::string listening_address(const std::string& address, std::uint16_t port) {
  const auto ip = IpAddress::parse(address);
  return ip && ip->is_v6() ? fmt::format("[{}]:{}", address, port)
                           : fmt::format("{}:{}", address, port);
}

Result<std::unique_ptr<grpc::Server>> listen(grpc::Service& service, const std::string& address,
                                             const grpc::SslServerCredentialsOptions& tls,
                                             int& port) {
  grpc::ServerBuilder builder;
  builder.AddListeningPort(address, grpc::SslServerCredentials(tls), &port);
  builder.RegisterService(&service);
  builder.SetMaxReceiveMessageSize(kMessageBytesMax);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  // A sensor that lost its link is noticed within two minutes; it may ping an idle stream as often.
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 90'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 30'000);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  auto server = builder.BuildAndStart();
  if (!server || port == 0) return Error(fmt::format("cannot listen on {}", address));
  return server;
}

}  // namespace

class Service::Running {
 public:
  Running(const ServiceConfig& config, store::Pool& pool, const Authority& authority,
          const OnCommit& on_commit)
      : shared_{config, pool, on_commit, authority, workers_, registry_},
        workers_(config.work_threads),
        enrolment_(pool, authority),
        uplink_service_(shared_),
        enrolment_service_(enrolment_, authority, workers_) {}

  Result<> start(const Authority& authority) {
    const ServiceConfig& config = shared_.config;
    const auto identity = authority.issue_server(config.names);
    if (!identity) return identity.error();
    grpc::SslServerCredentialsOptions tls(GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE);
    tls.pem_key_cert_pairs.push_back({identity->key_pem, identity->certificate_pem});
    // The authority's certificate goes along, so that a sensor that only knows its pin can find it
    // in the handshake.
    tls.pem_key_cert_pairs.back().cert_chain += authority.certificate_pem();
    auto enrolment = listen(enrolment_service_,
                            listening_address(config.enrolment_address, config.enrolment_port), tls,
                            enrolment_port);
    if (!enrolment) return enrolment.error().within("enrolment");
    tls.client_certificate_request = GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY;
    tls.pem_root_certs = authority.certificate_pem();
    auto uplink =
        listen(uplink_service_, listening_address(config.uplink_address, config.uplink_port), tls,
               uplink_port);
    if (!uplink) return uplink.error().within("uplink");
    enrolment_server_ = std::move(*enrolment);
    uplink_server_ = std::move(*uplink);
    workers_.post_after(std::chrono::milliseconds(config.revocation_check_ms),
                        [this] { check_revoked(); });
    return {};
  }

  void stop() {
    // Ends every stream; their tasks still run on the workers, which outlive the servers.
    for (auto* server : {&uplink_server_, &enrolment_server_}) {
      if (!*server) continue;
      (*server)->Shutdown(std::chrono::system_clock::now());
      (*server)->Wait();
      server->reset();
    }
  }

  int uplink_port = 0;
  int enrolment_port = 0;

 private:
  // Open streams of sensors that were revoked meanwhile end, also while they are idle.
  void check_revoked() {
    const std::vector<std::string> uuids = registry_.uuids();
    if (!uuids.empty()) {
      auto transaction = shared_.pool.begin({});
      if (transaction)
        if (const auto revoked =
                transaction->run(store::query::kListRevoked, {store::Param::array(uuids)});
            revoked)
          for (const store::Row row : *revoked) registry_.cancel(std::string(row.text(0)));
    }
    workers_.post_after(std::chrono::milliseconds(shared_.config.revocation_check_ms),
                        [this] { check_revoked(); });
  }

  Registry registry_;
  Shared shared_;
  Workers workers_;
  Enrolment enrolment_;
  UplinkService uplink_service_;
  EnrolmentService enrolment_service_;
  std::unique_ptr<grpc::Server> enrolment_server_;
  std::unique_ptr<grpc::Server> uplink_server_;
};

Service::Service(ServiceConfig config, store::Pool& pool, const Authority& authority,
                 OnCommit on_commit)
    : config_(std::move(config)),
      pool_(pool),
      authority_(authority),
      on_commit_(std::move(on_commit)) {}

Service::~Service() {
  stop();
}

Result<> Service::start() {
  running_ = std::make_unique<Running>(config_, pool_, authority_, on_commit_);
  auto started = running_->start(authority_);
  if (!started) stop();
  return started;
}

void Service::stop() {
  if (!running_) return;
  running_->stop();
  running_.reset();
}

std::uint16_t Service::uplink_port() const {
  return static_cast<std::uint16_t>(running_->uplink_port);
}
std::uint16_t Service::enrolment_port() const {
  return static_cast<std::uint16_t>(running_->enrolment_port);
}

}  // namespace osect::ingest
