// For protocols whose answers are functions of their own: a refusal falls on what was asked for.
#pragma once

#include "sensor/dissect/dissector.h"

namespace osect::dissect {

// States that the request of this transaction was refused, under its own words. False where it was
// not seen.
inline bool say_refusal(std::uint64_t transaction, const Cursor& proof, Out& out) {
  if (!out.asked(transaction)) return false;
  Operation said;
  said.role = Role::response;
  said.is_error = true;
  said.transaction = transaction;
  out.say(said, proof);
  return true;
}

// An answer under its own code; an error itself only where what it refuses was not seen.
inline void say_answer(Operation answer, bool is_refusal, const Cursor& proof, Out& out) {
  if (is_refusal) answer.is_error = !say_refusal(answer.transaction, proof, out);
  out.say(answer, proof);
}

}  // namespace osect::dissect
