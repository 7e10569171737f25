// Which endpoints are one device: pure rules, no database (product.md, Inventory).
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/clock.h"
#include "cloud/inventory/rules.h"

namespace osect::inventory {

// What an endpoint says of itself by which it can be told from others.
struct Said {
  std::string attribute;
  std::string value;  // in lower case
  std::string source;
  std::int64_t confidence = 0;
};

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
  std::vector<Said> said;
};

// Addresses by which a person meant endpoints: all of a MAC, all of an IP, or that IP of that MAC.
struct Key {
  MacAddress mac;  // zero: any
  IpAddress ip;    // none: any
};

// What a person decided, the oldest first.
struct Decision {
  enum class Kind : std::uint8_t { merge, split };
  std::int64_t id = 0;
  Kind kind = Kind::merge;
  bool is_undone = false;
  std::int64_t device = 0;                   // merge: the one that goes on
  std::optional<std::int64_t> other_device;  // merge: the one that went into it
  std::vector<Key> keys;        // merge: of the device that goes on; split: what was taken out
  std::vector<Key> other_keys;  // merge: of the other; split: what stayed
};

// Why endpoints are one device, or why they are not. `code` is one of:
//   same_mac(mac), same_address(ip): the plain rules
//   identity(attribute, value, source), replaced(attribute, value, source): the same on two MACs
//   person(decision)
//   behind_router(mac): one address out of many; cloned_mac(mac): two machines with one MAC
struct Link {
  std::string code;
  std::vector<std::pair<std::string, std::string>> values;
  auto operator<=>(const Link&) const = default;
};

// One device: its endpoints (positions), and which earlier device it goes on being.
struct Group {
  std::vector<std::size_t> endpoints;
  std::optional<std::int64_t> device;
  std::set<MacAddress> macs;  // empty: known by its address only, it stands behind a router
  std::vector<Link> links;
  bool is_router = false;
  bool is_local = true;
  bool is_outside = false;
};

// The rules, in order:
//   1. A MAC is one device with all its addresses of both families in all VLANs and of all sensors
//   of the site, whatever it was asked for by.
//   2. Unless it is a router's: it is said to be one, it is the virtual MAC of VRRP, HSRP, GLBP or
//   CARP, it states very many addresses as its own (proxy ARP), or it sends from
//      addresses that it does not state as its own and that do not belong to its own subnets. Then
//      only what it states as its own belongs to it; each other address is a device of its own:
//      behind a router (not local), and outside when the address is public. An address that a
//      station of the segment has is that station's, whichever way its packets took.
//   3. Or unless it is cloned: two of its addresses say different things of themselves that no two
//   machines share, from one source, at the same time. Then each address is a device.
//   4. An address without MAC belongs to whoever has it.
//   5. Several MACs are one device when they say the same of themselves (rules.toml, identity): two
//   interfaces of a controller, an exchanged network card. A value that many say is no identity.
//   6. What a person decided comes above all that, a later decision above an earlier one.
//   7. Who never sent is not a device: an address that somebody only asked for proves nothing.
// `endpoints` must hold all endpoints of every MAC, address, identity and device in it. A group
// goes on being the device that a person chose, else the one that a person touched, else the
// oldest one among its endpoints' devices; a MAC's claim comes before an address's.
[[nodiscard]] std::vector<Group> resolve(const std::vector<Endpoint>& endpoints,
                                         const std::set<IpAddress>& stated_routers,
                                         const Rules& rules,
                                         const std::vector<Decision>& decisions);

// Shared by several routers: VRRP and CARP (RFC 5798), HSRP, GLBP.
[[nodiscard]] bool is_virtual_router(const MacAddress& mac);

}  // namespace osect::inventory
