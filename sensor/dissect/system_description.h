// The text in which a device describes itself, sysDescr of RFC 3418: LLDP, CDP and SNMP carry the
// same one.
#pragma once

#include <string_view>

#include "sensor/dissect/collected.h"

namespace osect::dissect::system_description {

// `description` as it stands on one line, and what the manner of its maker says: vendor, model,
// order_number, hardware, firmware, os.
void add(Fact about_whom, std::string_view raw, Collected& facts);

}  // namespace osect::dissect::system_description
