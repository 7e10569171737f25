// Synchronous gRPC client.
#include "cloud/ingest/testing/sensor.h"

#include <grpcpp/grpcpp.h>

#include "osect/v1/uplink.grpc.pb.h"

namespace osect::ingest::testing {
namespace {

std::shared_ptr<grpc::Channel> channel(std::uint16_t port, const Identity& identity) {
  grpc::SslCredentialsOptions tls;
  tls.pem_root_certs = identity.authority_pem;
  tls.pem_cert_chain = identity.certificate_pem;
  tls.pem_private_key = identity.key_pem;
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel("localhost:" + std::to_string(port), grpc::SslCredentials(tls),
                                   arguments);
}

std::string words(const grpc::Status& status) {
  static const char* const kNames[] = {"OK",
                                       "CANCELLED",
                                       "UNKNOWN",
                                       "INVALID_ARGUMENT",
                                       "DEADLINE_EXCEEDED",
                                       "NOT_FOUND",
                                       "ALREADY_EXISTS",
                                       "PERMISSION_DENIED",
                                       "RESOURCE_EXHAUSTED",
                                       "FAILED_PRECONDITION",
                                       "ABORTED",
                                       "OUT_OF_RANGE",
                                       "UNIMPLEMENTED",
                                       "INTERNAL",
                                       "UNAVAILABLE",
                                       "DATA_LOSS",
                                       "UNAUTHENTICATED"};
  return std::string(kNames[status.error_code()]) + ": " + status.error_message();
}

}  // namespace

EnrolAnswer enroll(std::uint16_t port, const std::string& authority_pem, const std::string& code,
                   const std::string& request_pem) {
  const auto stub = v1::Enrolment::NewStub(channel(port, {authority_pem, "", ""}));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
  v1::EnrollRequest request;
  request.set_code(code);
  request.set_certificate_request_pem(request_pem);
  request.set_version("1.0");
  EnrolAnswer answer;
  const grpc::Status status = stub->Enroll(&context, request, &answer.response);
  answer.is_ok = status.ok();
  answer.why = words(status);
  return answer;
}

class Uplink::Call {
 public:
  Call(std::uint16_t port, const Identity& identity)
      : stub(v1::Uplink::NewStub(channel(port, identity))) {
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
    stream = stub->Connect(&context);
  }
  std::unique_ptr<v1::Uplink::Stub> stub;
  grpc::ClientContext context;
  std::unique_ptr<grpc::ClientReaderWriter<v1::SensorMessage, v1::CloudMessage>> stream;
  bool is_finished = false;
};

Uplink::Uplink(std::uint16_t port, const Identity& identity)
    : call_(std::make_unique<Call>(port, identity)) {}

Uplink::~Uplink() {
  if (call_->is_finished) return;
  call_->context.TryCancel();
  v1::CloudMessage rest;
  while (call_->stream->Read(&rest)) {
  }
  static_cast<void>(call_->stream->Finish());
}

std::optional<v1::Welcome> Uplink::hello() {
  v1::SensorMessage message;
  message.mutable_hello()->set_version("1.0");
  call_->stream->Write(message);
  const auto answer = receive();
  if (!answer || !answer->has_welcome()) return std::nullopt;
  return answer->welcome();
}

bool Uplink::send(const v1::Batch& batch) {
  v1::SensorMessage message;
  *message.mutable_batch() = batch;
  return call_->stream->Write(message);
}

bool Uplink::ask_for_renewal(const std::string& request_pem) {
  v1::SensorMessage message;
  message.mutable_renewal()->set_certificate_request_pem(request_pem);
  return call_->stream->Write(message);
}

std::optional<v1::CloudMessage> Uplink::receive() {
  v1::CloudMessage message;
  if (!call_->stream->Read(&message)) return std::nullopt;
  return message;
}

std::string Uplink::status() {
  call_->stream->WritesDone();
  while (receive()) {
  }
  call_->is_finished = true;
  return words(call_->stream->Finish());
}

}  // namespace osect::ingest::testing
