// Admits statements by their proof and pairs responses with requests.
#include "sensor/dissect/speaker.h"

#include "sensor/dissect/recognition.h"

namespace osect::dissect {
namespace {

constexpr int kDepthMax = 3;  // EtherNet/IP, CIP, PCCC

}  // namespace

void Speaker::say(const Operation& operation, const Cursor& proof) {
  if (!admits(proof)) return;
  if (operation.role == Role::response) {
    answer(operation);
    return;
  }
  const Memo memo = sink_.on_operation(origin(), operation, std::nullopt);
  if (operation.role == Role::request && outstanding_ != nullptr)
    requests_.wait(*outstanding_, protocol_, operation, {memo, piece_.from}, piece_.time);
}

void Speaker::answer(const Operation& response) {
  const std::uint32_t at = outstanding_ != nullptr
                               ? requests_.find(*outstanding_, protocol_, response, piece_.time)
                               : kNone;
  if (at == kNone) {
    sink_.on_operation(origin(), response, std::nullopt);
    return;
  }
  const Request& request = requests_[at];
  Operation whole = response;
  if (request.target_size > 0 && !response.has_own_code) whole.target = request.target_text();
  if (whole.code.empty() || whole.is_provisional) {
    whole.code = request.code_text();
    whole.function = request.function;
    whole.access = request.access;
  }
  // Who answers itself is not the server of its question.
  const bool is_same_row = !response.has_own_code && request.asker.from != piece_.from;
  sink_.on_operation(origin(), whole, is_same_row ? request.asker.memo : Memo{0});
  requests_.release(at);
}

void Speaker::say(const Fact& fact, const Cursor& proof) {
  if (admits(proof)) sink_.on_fact(origin(), fact);
}

void Speaker::say_direction(Role role, const Cursor& proof) {
  decode::Flow* const flow = piece_.flow;
  if (!admits(proof) || flow == nullptr) return;
  flow->state_client(role == Role::response ? decode::other(piece_.from) : piece_.from,
                     decode::OpenerGround::message);
  context_.is_direction_known = true;
  context_.is_to_server = flow->client == piece_.from;
}

std::optional<Asked> Speaker::asked(std::uint64_t transaction) {
  if (outstanding_ == nullptr) return std::nullopt;
  return requests_.asked(*outstanding_, protocol_, transaction, piece_.time);
}

void Speaker::carry(std::uint16_t what, std::uint64_t transaction, const Cursor& message) {
  if (!admits(message) || depth_ == kDepthMax) return;
  const Recogniser& recogniser = Recogniser::of_all();
  Context context = context_;
  context.over = over::kInside;
  context.inside = what;
  context.is_usual_port = true;
  context.transaction = transaction;
  recogniser.on_port(over::kInside, what).any([&](std::size_t place) {
    const Dissector& carried = recogniser[place];
    if (carried.probe(message, context) != Verdict::yes) return false;
    Origin same = origin();
    same.protocol = carried.name;
    if (context.origin != nullptr) context.origin = &same;
    Speaker speaker(sink_, requests_, context, outstanding_, piece_, same);
    speaker.depth_ = depth_ + 1;
    carried.dissect(message, context, speaker);
    note(speaker.take_fault());
    return true;
  });
  context_.is_direction_known = context.is_direction_known;
  context_.is_to_server = context.is_to_server;
}

}  // namespace osect::dissect
