// The layers between COTP and MMS: session (ISO 8327-1), presentation (ISO 8823-1), association
// control (ISO 8650-1), as far as the client and server stack of IEC 61850-8-1 clause 6 uses them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sensor/dissect/dissector.h"

namespace osect::dissect::iso_association {

// Session protocol data units by their identifiers.
enum class Spdu : std::uint8_t {
  none = 0,  // no session layer begins here
  data = 1,
  finish = 9,
  disconnect = 10,
  refuse = 12,
  connect = 13,
  accept = 14,
  abort = 25,
  abort_accept = 26,
};

struct Session {
  Spdu type = Spdu::none;
  Cursor parameters;
  Cursor user;  // of the presentation layer
};

// Of the transport's user data; `in` ends faulted where they contradict the specification.
[[nodiscard]] Session read_session(Cursor& in, bool is_whole);

// The presentation data values of what a session unit carries, one after the other.
class Values {
 public:
  Values(const Session& session, bool is_whole);
  // The next one; empty behind the last.
  [[nodiscard]] std::optional<Cursor> next();
  [[nodiscard]] const Cursor& proof() const { return list_; }

 private:
  Cursor list_;
  bool is_whole_;
};

// Whether a connect's presentation context definitions name the abstract syntax of MMS; `maybe`
// while none that is here names another application's.
[[nodiscard]] Verdict is_for_mms(const Session& connect, bool is_whole);

// What an association control unit says: what the application added, whether it was refused.
struct Association {
  bool is_control = false;  // it is one
  bool is_for_mms = false;  // by the application context's name
  bool is_refused = false;
  std::optional<Cursor> user;
};
[[nodiscard]] Association read_association(Cursor& in, bool is_whole);

}  // namespace osect::dissect::iso_association
