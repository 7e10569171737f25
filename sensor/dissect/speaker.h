// Stands between a dissector and the sink: admits statements by their proof, pairs responses with
// requests.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "sensor/dissect/dissector.h"
#include "sensor/dissect/requests.h"

namespace osect::dissect {

// A datagram, or a piece of a stream, on its way to a dissector.
struct Piece {
  TimeNs time = 0;
  decode::Flow* flow = nullptr;
  decode::End from = decode::End::a;
  MacAddress receiver_mac;  // of the frame: for as long as the flow's other end has not sent
  std::uint64_t lost_before = 0;
  std::span<const std::uint8_t> bytes;
  bool is_whole = true;  // false: the capture cut the datagram
};

// Who sent the piece to whom, into an origin of default values.
inline void state_origin(Origin& origin, const Piece& piece, std::string_view protocol) {
  const decode::Flow& flow = *piece.flow;
  const decode::FlowEnd& sender = flow.ends[decode::index(piece.from)];
  const decode::FlowEnd& receiver = flow.ends[decode::index(decode::other(piece.from))];
  const bool has_sent = flow.packets[decode::index(decode::other(piece.from))] > 0;
  origin.time = piece.time;
  origin.flow = piece.flow;
  origin.sender_mac = sender.mac;
  origin.receiver_mac = has_sent ? receiver.mac : piece.receiver_mac;
  origin.sender_ip = sender.ip;
  origin.receiver_ip = receiver.ip;
  origin.vlan = flow.vlan;
  origin.from = piece.from;
  origin.protocol = protocol;
}

[[nodiscard]] inline Origin origin_of(const Piece& piece, std::string_view protocol) {
  Origin origin;
  state_origin(origin, piece, protocol);
  return origin;
}

// For the messages of one datagram or stream piece, which share their origin.
class Speaker final : public Out {
 public:
  // Without a list of outstanding requests nothing is paired.
  Speaker(StatementSink& sink, Requests& requests, Context& context, Outstanding* outstanding,
          const Piece& piece, std::string_view protocol)
      : sink_(sink),
        requests_(requests),
        context_(context),
        outstanding_(outstanding),
        piece_(piece),
        protocol_(protocol) {}
  // The origin is known already; it is not the flow's ends that speak.
  Speaker(StatementSink& sink, Requests& requests, Context& context, Outstanding* outstanding,
          const Piece& piece, const Origin& origin)
      : Speaker(sink, requests, context, outstanding, piece, origin.protocol) {
    origin_ = origin;
  }

  void say(const Operation& operation, const Cursor& proof) override;
  void say(const Fact& fact, const Cursor& proof) override;
  void say_direction(Role role, const Cursor& proof) override;
  void check(const Cursor& proof) override { admits(proof); }
  void carry(std::uint16_t what, std::uint64_t transaction, const Cursor& message) override;
  std::optional<Asked> asked(std::uint64_t transaction) override;

  // The worst that a proof of this message had, since the last call.
  [[nodiscard]] Fault take_fault() { return std::exchange(fault_, Fault::none); }
  // Made when it is first needed: most pieces of most streams state nothing.
  const Origin& origin() {
    if (!origin_) state_origin(origin_.emplace(), piece_, protocol_);
    return *origin_;
  }

 private:
  bool admits(const Cursor& proof) {
    if (proof.is_good()) return true;
    // What is missing from a message that was cut is no contradiction of the specification.
    const bool is_malformed = context_.is_whole || proof.fault() == Fault::malformed;
    note(is_malformed ? Fault::malformed : Fault::truncated);
    return false;
  }
  void note(Fault fault) {
    if (fault_ != Fault::malformed && fault != Fault::none) fault_ = fault;
  }
  void answer(const Operation& response);

  StatementSink& sink_;
  Requests& requests_;
  Context& context_;
  Outstanding* outstanding_;
  const Piece& piece_;
  std::string_view protocol_;
  std::optional<Origin> origin_;
  Fault fault_ = Fault::none;
  int depth_ = 0;  // protocols around this one
};

}  // namespace osect::dissect
