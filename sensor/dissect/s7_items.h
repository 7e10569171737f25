// What S7comm messages address, as short text: variables, blocks, program invocations.
#pragma once

#include "sensor/decode/cursor.h"
#include "sensor/dissect/text.h"

namespace osect::dissect::s7 {

// The variables of a read or write request, "DB5.DBW10 x4, M100.0, +3 more", from behind the
// function code. `items` moves behind them.
void write_variables(Writer& to, decode::Cursor& items);

// A block from its name on the wire, "_0A00001P" or "0A00001P": "DB1"; "" when it is no block's.
void write_block(Writer& to, std::string_view name);

// A block from type and number as programmer commands write them, "0A" "00001": "DB1".
[[nodiscard]] std::string_view block_word(std::string_view type);

}  // namespace osect::dissect::s7
