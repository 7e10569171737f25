// Who a BACnet vendor identifier stands for; ANSI/ASHRAE 135 clause 20.1.2.11.
#pragma once

#include <cstdint>
#include <string_view>

namespace osect::dissect::bacnet_vendors {

// Empty: not assigned when the table was made.
[[nodiscard]] std::string_view find_vendor(std::uint32_t id);

}  // namespace osect::dissect::bacnet_vendors
