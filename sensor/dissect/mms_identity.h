// What devices say of themselves over MMS: the service Identify, ISO 9506-2 clause 8, and name
// plates, IEC 61850-7-3 clause 7.9.
#pragma once

#include <string_view>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/dissector.h"

namespace osect::dissect::mms_identity {

// The response of the service Identify.
void collect(Cursor response, Collected& facts);

// What answers the read of a name plate, or of one of its attributes; `target` is that of the read.
void collect_name_plate(std::string_view target, Cursor results, Collected& facts);

}  // namespace osect::dissect::mms_identity
