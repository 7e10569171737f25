// Admits statements by their proof and pairs responses with requests.
#include "sensor/dissect/speaker.h"

namespace osect::dissect {

void Speaker::say(const Operation& operation, const Cursor& proof) {
  if (!admits(proof)) return;
  if (operation.role == Role::response) {
    answer(operation);
    return;
  }
  if (operation.role == Role::request && outstanding_ != nullptr)
    requests_.wait(*outstanding_, operation, piece_.time);
  sink_.on_operation(origin(), operation, false);
}

void Speaker::answer(const Operation& response) {
  const std::uint32_t at =
      outstanding_ != nullptr ? requests_.find(*outstanding_, response, piece_.time) : kNone;
  if (at == kNone) {
    sink_.on_operation(origin(), response, false);
    return;
  }
  const Request& request = requests_[at];
  Operation whole = response;
  if (request.target_size > 0) whole.target = request.target_text();
  if (whole.code.empty()) {
    whole.code = request.code_text();
    whole.function = request.function;
    whole.access = request.access;
  }
  sink_.on_operation(origin(), whole, true);
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

}  // namespace osect::dissect
