// What the data of a FINS command names: memory areas, parameter areas, files, modes; OMRON W342,
// chapter 5.
#pragma once

#include <cstdint>

#include "sensor/dissect/dissector.h"

namespace osect::dissect::fins_message {

// Reads no further than the names: `data` begins behind the command code. Values, passwords and the
// contents of files are passed over. `is_whole`: the data ends where the message does.
void write_target(Writer& to, std::uint16_t command, Cursor& data, bool is_whole);

}  // namespace osect::dissect::fins_message
