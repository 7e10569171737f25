// What the objects of a DNP3 request name, and what a device says about itself; IEEE 1815-2012,
// clauses 4.2.2.7 and 11.
#pragma once

#include <cstdint>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/dissector.h"

namespace osect::dissect::dnp3_objects {

// Appends " g12v1 3, g60v2" as far as a target holds it: groups, variations, ranges, points, files;
// never a value. `in` ends faulted when the objects contradict the specification.
void write_target(Cursor& in, std::uint8_t function, Writer& to);

// Group 0, device attributes, of a response.
void identify(Cursor in, Collected& facts);

}  // namespace osect::dissect::dnp3_objects
