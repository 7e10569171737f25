// What a banner says of the system behind it: operating system, maker, model; protocols.md C4.
#pragma once

#include <string_view>

#include "sensor/dissect/collected.h"

namespace osect::dissect::software {

// Adds what the words of the banner prove, under the subject and confidence of `about`.
void collect(Collected& facts, Fact about, std::string_view banner);

// The Windows that shows this kernel version, "5.1" or "10.0.19045"; "" when none is known.
[[nodiscard]] std::string_view windows_name(std::string_view version);

}  // namespace osect::dissect::software
