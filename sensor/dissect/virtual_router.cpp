// Shared by VRRP, CARP and HSRP.
#include "sensor/dissect/virtual_router.h"

namespace osect::dissect::virtual_router {

void add_group(std::string_view protocol, std::uint16_t group, const MacAddress& mac,
               const IpAddress& ip, Collected& facts) {
  facts.add_text(about(mac, ip, "virtual_router", kConfidence),
                 [&](Writer& to) { to.put(protocol).put(" group ").decimal(group); });
}

}  // namespace osect::dissect::virtual_router
