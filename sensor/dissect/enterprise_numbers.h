// Private enterprise numbers (IANA, "SMI Network Management Private Enterprise Codes"): who made
// what a device is managed by.
#pragma once

#include <cstdint>
#include <string_view>

namespace osect::dissect::enterprise {

// The maker of devices with this number; "" for others, and for makers of agents that run on
// anybody's devices.
[[nodiscard]] std::string_view vendor_name(std::uint32_t number);

}  // namespace osect::dissect::enterprise
