// Subject and issuer of an X.509 certificate; RFC 5280, DER of X.690. Nothing else of it is read.
#pragma once

#include "sensor/decode/cursor.h"
#include "sensor/dissect/text.h"

namespace osect::dissect::certificate {

struct Names {
  decode::Cursor issuer;  // RDNSequence, its tag and length taken off
  decode::Cursor subject;
};

// Faults the cursor when this is no certificate.
Names read_names(decode::Cursor& in);
// "CN=plc-7, O=Example Works": common name, organizational unit and organization, in that order.
void write_name(Writer& to, decode::Cursor name);

}  // namespace osect::dissect::certificate
