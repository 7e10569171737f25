// Framing overhead, counted layer by layer.
#include "sensor/condense/cost.h"

#include "osect/v1/record.pb.h"
#include "osect/v1/uplink.pb.h"

namespace osect::condense {
namespace {

// Full mutual TLS 1.3 handshake with P-256 certificates, HTTP/2 settings and the first call:
// measured in a network namespace of its own, both ways, TCP/IP included.
constexpr std::uint64_t kConnectionBytes = 5'902;

constexpr std::uint64_t kGrpcHeader = 5;   // compressed flag and length (gRPC over HTTP/2)
constexpr std::uint64_t kHttp2Header = 9;  // RFC 9113 4.1, one DATA frame each 16 KiB
constexpr std::uint64_t kTlsOverhead =
    22;  // RFC 8446 5.2: header 5, content type 1, tag 16; each 16 KiB
constexpr std::uint64_t kTlsRecord = 16'384;
constexpr std::uint64_t kTcpIpHeaders = 52;  // IPv4 20, TCP 20, timestamps 12 (RFC 7323)
constexpr std::uint64_t kSegment = 1'448;    // of an MTU of 1,500

// A message one way: its segments, and a bare acknowledgement for every second of them.
std::uint64_t message_cost(std::uint64_t message_bytes) {
  const std::uint64_t framed = message_bytes + kGrpcHeader;
  const std::uint64_t pieces = framed / kTlsRecord + 1;
  const std::uint64_t sent = framed + pieces * (kHttp2Header + kTlsOverhead);
  const std::uint64_t segments = (sent + kSegment - 1) / kSegment;
  return sent + (segments + (segments + 1) / 2) * kTcpIpHeaders;
}

std::uint64_t row_count(const Content& content) {
  const auto& rows = content.rows;
  return rows.endpoints.size() + rows.conversations.size() + rows.operations.size() +
         rows.facts.size() + rows.events.size() + rows.ports.size() + content.gaps.size();
}

}  // namespace

UplinkCost::UplinkCost()
    : condenser_(CondenseLimits{}), encoder_([] { return 1; }), bytes_(kConnectionBytes) {}

void UplinkCost::add_new(const observe::Report& report) {
  condenser_.add_new(report);
  count_ready();
}

void UplinkCost::add_interval(const observe::Report& report) {
  condenser_.add_interval(0, report);
  count_ready();
}

void UplinkCost::finish() {
  condenser_.finish();
  count_ready();
}

void UplinkCost::count_ready() {
  for (const auto& content : condenser_.take()) {
    ++batches_;
    records_ += row_count(content);
    conversations_ += content.rows.conversations.size();
    v1::SensorMessage message;
    encoder_.encode(batches_, content, *message.mutable_batch());
    encoder_.acknowledge(batches_);
    v1::CloudMessage answer;
    answer.mutable_ack()->set_sequence(batches_);
    payload_bytes_ += message.batch().records().size();
    bytes_ += message_cost(message.ByteSizeLong()) + message_cost(answer.ByteSizeLong());
  }
}

}  // namespace osect::condense
