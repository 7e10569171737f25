// Subject, issuer and end of an X.509 certificate; RFC 5280, DER of X.690. Nothing else of it is
// read.
#pragma once

#include "sensor/decode/cursor.h"
#include "sensor/dissect/text.h"

namespace osect::dissect::certificate {

struct Names {
  decode::Cursor issuer;  // RDNSequence, its tag and length taken off
  decode::Cursor subject;
  decode::Cursor not_after;  // the Time with its tag
  // Issuer and subject are the same: nobody else vouches for it.
  [[nodiscard]] bool is_self_issued() const;
};

// Faults the cursor when this is no certificate.
Names read_names(decode::Cursor& in);
// "CN=plc-7, O=Example Works": common name, organizational unit and organization, in that order.
void write_name(Writer& to, decode::Cursor name);
// The first common name alone; nothing where there is none.
void write_common_name(Writer& to, decode::Cursor name);
// "2035-01-01"; nothing where it is no Time of RFC 5280 clause 4.1.2.5.
void write_date(Writer& to, decode::Cursor time);

}  // namespace osect::dissect::certificate
