// What MMS requests and reports name: the productions of ISO 9506-2; what functional constraints
// and control objects in the names mean: IEC 61850-8-1 clause 20 and its tables of constraints.
#pragma once

#include <cstdint>
#include <string_view>

#include "sensor/dissect/ber.h"
#include "sensor/dissect/dissector.h"

namespace osect::dissect::mms_names {

// ObjectName: of the device, of a domain, or of the association.
struct Name {
  std::string_view domain;
  std::string_view item;
  bool is_of_association = false;
};
[[nodiscard]] Name read_name(Cursor& in);

// Appends what the service's request or report names, never a value; `body` ends faulted when it
// contradicts the specification. What the message does, where the names tell more than the service.
[[nodiscard]] Access write_target(Writer& to, const Function& service, Cursor& body);

// Whether a report tells that a control ended badly; IEC 61850-8-1 clause 20.
[[nodiscard]] bool is_control_failure(Cursor report);

}  // namespace osect::dissect::mms_names
