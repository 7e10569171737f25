// Stands between a dissector and the sink: admits statements by their proof, pairs responses with
// requests.
#pragma once

#include <utility>

#include "sensor/dissect/dissector.h"
#include "sensor/dissect/requests.h"

namespace osect::dissect {

// For the messages of one datagram or stream piece, which share their origin.
class Speaker final : public Out {
 public:
  // Without a list of outstanding requests nothing is paired.
  Speaker(StatementSink& sink, Requests& requests, const Origin& origin, Context& context,
          Outstanding* outstanding)
      : sink_(sink),
        requests_(requests),
        origin_(origin),
        context_(context),
        outstanding_(outstanding) {}

  void say(const Operation& operation, const Cursor& proof) override;
  void say(const Fact& fact, const Cursor& proof) override;
  void say_direction(Role role, const Cursor& proof) override;
  void check(const Cursor& proof) override { admits(proof); }

  // The worst that a proof of this message had, since the last call.
  [[nodiscard]] Fault take_fault() { return std::exchange(fault_, Fault::none); }

 private:
  bool admits(const Cursor& proof) {
    if (proof.is_good()) return true;
    // What is missing from a message that was cut is no contradiction of the specification.
    const bool is_malformed = context_.is_whole || proof.fault() == Fault::malformed;
    fault_ = is_malformed || fault_ == Fault::malformed ? Fault::malformed : Fault::truncated;
    return false;
  }
  void answer(const Operation& response);

  StatementSink& sink_;
  Requests& requests_;
  const Origin& origin_;
  Context& context_;
  Outstanding* outstanding_;
  Fault fault_ = Fault::none;
};

}  // namespace osect::dissect
