// What redundant routers say alike: the sender routes, and an address belongs to a MAC that
// wanders between them.
#pragma once

#include <cstdint>
#include <string_view>

#include "sensor/dissect/collected.h"

namespace osect::dissect::virtual_router {

constexpr std::uint8_t kConfidence = 90;

// `virtual_router` "vrrp group 5" of the address and MAC that the group shares.
void add_group(std::string_view protocol, std::uint16_t group, const MacAddress& mac,
               const IpAddress& ip, Collected& facts);

}  // namespace osect::dissect::virtual_router
