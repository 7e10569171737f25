// Which endpoints are one device: pure rules, no database (product.md, Inventory).
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "base/address.h"
#include "base/clock.h"

namespace osect::inventory {

// What the rules look at of one endpoint.
struct Endpoint {
  std::int64_t id = 0;
  std::int64_t vlan = 0;
  MacAddress mac;
  IpAddress ip;
  bool has_sent = false;
  bool is_claimed = false;  // its MAC states the IP as its own: ARP, neighbour discovery, DHCP
  bool is_router = false;   // it is said to be one: router advertisement, DHCP's router option
  std::optional<std::int64_t> device;
  bool is_kept_by_person = false;  // a person named or typed that device
  TimeNs first = 0;
  TimeNs last = 0;
};

// One device: its endpoints (positions), and which earlier device it goes on being.
struct Group {
  std::vector<std::size_t> endpoints;
  std::optional<std::int64_t> device;
  MacAddress mac;  // zero: known by its address only, it stands behind a router
  bool is_router = false;
  bool is_local = true;
  bool is_outside = false;
};

// The rules, in order:
//   1. A MAC is one device with all its addresses of both families in all VLANs, whatever it was
//   asked for by.
//   2. Unless it is a router's: it is said to be one, it is the virtual MAC of VRRP, HSRP, GLBP or
//   CARP, or it sends from
//      addresses that it does not state as its own and that do not belong to its own subnets. Then
//      only what it states as its own belongs to it; each other address is a device of its own:
//      behind a router (not local), and outside when the address is public. An address that a
//      station of the segment has is that station's, whichever way its packets took.
//   3. An address without MAC belongs to whoever has it.
//   4. Who never sent is not a device: an address that somebody only asked for proves nothing.
// `endpoints` must hold all endpoints of every MAC and of every address in it. A group goes on
// being the device that a person touched, else the oldest one among its endpoints' devices; a MAC's
// claim comes before an address's.
[[nodiscard]] std::vector<Group> resolve(const std::vector<Endpoint>& endpoints,
                                         const std::set<IpAddress>& stated_routers);

// Shared by several routers: VRRP and CARP (RFC 5798), HSRP, GLBP.
[[nodiscard]] bool is_virtual_router(const MacAddress& mac);

}  // namespace osect::inventory
