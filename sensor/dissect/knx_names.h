// Addresses and manufacturers as all of KNX writes them: KNX Standard 03_03_02 clause 1.4
// (addresses), the manufacturers' numbers as the KNX Association gives them.
#pragma once

#include <cstdint>
#include <string_view>

#include "sensor/dissect/text.h"

namespace osect::dissect::knx_names {

// Area, line and device: 1.1.5.
void write_individual(Writer& to, std::uint16_t address);
// Main, middle and sub group: 1/2/3.
void write_group(Writer& to, std::uint16_t address);

// A device's friendly name: ISO 8859-1, filled up with zeros.
void write_name(Writer& to, std::string_view raw);

// Empty where it is not listed.
[[nodiscard]] std::string_view find_manufacturer(std::uint16_t number);

}  // namespace osect::dissect::knx_names
