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
    requests_.wait(*outstanding_, operation, origin_.time);
  sink_.on_operation(origin_, operation, false);
}

void Speaker::answer(const Operation& response) {
  const Request* request =
      outstanding_ != nullptr ? requests_.take(*outstanding_, response, origin_.time) : nullptr;
  if (request == nullptr) {
    sink_.on_operation(origin_, response, false);
    return;
  }
  Operation whole = response;
  if (request->target_size > 0) whole.target = request->target_text();
  if (whole.code.empty()) {
    whole.code = request->code_text();
    whole.function = request->function;
    whole.access = request->access;
  }
  sink_.on_operation(origin_, whole, true);
}

void Speaker::say(const Fact& fact, const Cursor& proof) {
  if (admits(proof)) sink_.on_fact(origin_, fact);
}

void Speaker::say_direction(Role role, const Cursor& proof) {
  if (!admits(proof) || origin_.flow == nullptr) return;
  const decode::End client = role == Role::response ? decode::other(origin_.from) : origin_.from;
  origin_.flow->state_client(client, decode::OpenerGround::message);
  context_.is_direction_known = true;
  context_.is_to_server = origin_.flow->client == origin_.from;
}

}  // namespace osect::dissect
