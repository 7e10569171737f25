// What a SIMATIC controller says of itself in its system status lists (SZL); System Software for
// S7-300/400, System and Standard Functions, chapter "System Status Lists".
#pragma once

#include <cstdint>

#include "sensor/dissect/collected.h"

namespace osect::dissect::s7 {

// Facts of one part of a list, from behind the header of the data. `rest` remembers between the
// parts of one list which record the next part goes on with; zero before the first.
void read_status_list(Cursor list, bool is_first, std::uint32_t& rest, Collected& facts);

// The operating state's word, by its number in list 0424; "" when it has none.
[[nodiscard]] std::string_view operating_state(std::uint8_t number);

// The operating state's word, by the subfunction of a mode transition message.
[[nodiscard]] std::string_view mode_after_transition(std::uint8_t subfunction);

}  // namespace osect::dissect::s7
