// Who a HART device says it is: FieldComm Group TS20127 (HCF_SPEC-127), commands 0, 11, 13, 18, 20,
// 21, 22; TS20151 (HCF_SPEC-151), commands 73 and 84.
#pragma once

#include "sensor/dissect/collected.h"

namespace osect::dissect::hart {

// The data of a response behind its status bytes. What the command does not tell is left out.
void collect_identity(std::uint16_t command, Cursor data, Collected& facts);

}  // namespace osect::dissect::hart
