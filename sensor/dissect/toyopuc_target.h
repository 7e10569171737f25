// What the data of a TOYOPUC computer link command names: devices of the CPU's areas; JTEKT TOYOPUC
// 2ET (Ethernet module) operation manual, computer link commands and addresses.
#pragma once

#include <cstddef>
#include <cstdint>

#include "sensor/dissect/dissector.h"

namespace osect::dissect::toyopuc_message {

// Reads no further than the names; values are passed over. `data` begins behind the command code
// and has `length` bytes, of which the last may be missing.
void write_target(Writer& to, std::uint8_t command, Cursor& data, std::size_t length);

}  // namespace osect::dissect::toyopuc_message
