// What a banner says of the system behind it: operating system, maker, model; protocols.md C4.
#pragma once

#include <string_view>

#include "sensor/dissect/collected.h"

namespace osect::dissect::software {

// Adds what the words of the banner prove, under the subject and confidence of `about`.
void collect(Collected& facts, Fact about, std::string_view banner);

}  // namespace osect::dissect::software
