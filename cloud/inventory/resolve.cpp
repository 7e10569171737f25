// The rules of resolve.h.
#include "cloud/inventory/resolve.h"

#include <algorithm>
#include <array>
#include <map>

namespace osect::inventory {
namespace {

// Without a single stated address the subnets are unknown: so many are more than one machine's own.
constexpr std::size_t kOwnAddressesMax = 4;
constexpr std::size_t kOwnNetworksMax = 2;

// What two addresses of one interface usually share: the /24, the /64.
IpAddress network_of(const IpAddress& ip) {
  std::array<std::uint8_t, 16> bytes{};
  const std::size_t kept = ip.is_v4() ? 3 : 8;
  std::copy_n(ip.bytes().begin(), kept, bytes.begin());
  return IpAddress::from_bytes(std::span(bytes).first(ip.bytes().size()));
}

class Resolver {
 public:
  Resolver(const std::vector<Endpoint>& endpoints, const std::set<IpAddress>& stated_routers)
      : endpoints_(endpoints), stated_routers_(stated_routers) {
    for (std::size_t i = 0; i < endpoints.size(); ++i)
      if (endpoints[i].mac.is_station()) by_mac_[endpoints[i].mac].push_back(i);
  }

  std::vector<Group> run() {
    for (const auto& [mac, members] : by_mac_) resolve_mac(mac, members);
    resolve_routed();
    resolve_without_mac();
    std::vector<Group> proven;
    for (Group& group : groups_)
      if (std::any_of(group.endpoints.begin(), group.endpoints.end(),
                      [&](std::size_t i) { return endpoints_[i].has_sent; }))
        proven.push_back(std::move(group));
    keep_identity(proven);
    return proven;
  }

 private:
  [[nodiscard]] bool is_router(const MacAddress& mac,
                               const std::vector<std::size_t>& members) const {
    if (is_virtual_router(mac)) return true;
    std::set<IpAddress> own_networks;
    for (const std::size_t i : members) {
      const Endpoint& e = endpoints_[i];
      if (e.is_router || (e.is_claimed && stated_routers_.contains(e.ip))) return true;
      if (e.is_claimed && e.ip.is_v4()) own_networks.insert(network_of(e.ip));
    }
    std::set<IpAddress> sent;
    std::set<IpAddress> networks_v4;
    std::set<IpAddress> networks_v6;
    bool has_private = false;
    bool has_public = false;
    for (const std::size_t i : members) {
      const Endpoint& e = endpoints_[i];
      if (!e.has_sent || !e.ip.is_station() || e.ip.is_link_local() || e.is_claimed) continue;
      if (e.ip.is_v6()) {
        networks_v6.insert(network_of(e.ip));
        continue;
      }
      if (!own_networks.empty() && !own_networks.contains(network_of(e.ip))) return true;
      sent.insert(e.ip);
      networks_v4.insert(network_of(e.ip));
      (e.ip.is_private() ? has_private : has_public) = true;
    }
    // A station gives itself several IPv6 addresses, in few networks.
    if (networks_v6.size() > kOwnNetworksMax + 1) return true;
    if (!own_networks.empty()) return false;
    return sent.size() > kOwnAddressesMax || networks_v4.size() > kOwnNetworksMax ||
           (has_private && has_public);
  }

  void resolve_mac(const MacAddress& mac, const std::vector<std::size_t>& members) {
    Group group;
    group.mac = mac;
    group.is_router = is_router(mac, members);
    for (const std::size_t i : members) {
      const Endpoint& e = endpoints_[i];
      const bool is_own = !group.is_router || e.is_claimed || e.is_router || !e.ip.is_station() ||
                          e.ip.is_link_local() || stated_routers_.contains(e.ip);
      if (!is_own) {
        routed_.push_back(i);
        continue;
      }
      group.endpoints.push_back(i);
      // The station that states an address has it; otherwise who was there first.
      if (e.ip.is_station() && !is_virtual_router(mac)) {
        const auto [owner, is_new] = owners_.try_emplace(e.ip, groups_.size());
        if (!is_new && e.is_claimed) owner->second = groups_.size();
      }
    }
    if (!group.endpoints.empty()) groups_.push_back(std::move(group));
  }

  void resolve_routed() {
    for (const std::size_t i : routed_) {
      const IpAddress& ip = endpoints_[i].ip;
      const auto [owner, is_new] = owners_.try_emplace(ip, groups_.size());
      if (is_new) {
        Group group;
        group.is_local = false;
        group.is_outside = !ip.is_private();
        groups_.push_back(std::move(group));
      }
      groups_[owner->second].endpoints.push_back(i);
    }
  }

  void resolve_without_mac() {
    for (std::size_t i = 0; i < endpoints_.size(); ++i) {
      const Endpoint& e = endpoints_[i];
      if (!e.mac.is_zero() || !e.ip.is_station()) continue;
      const auto [owner, is_new] = owners_.try_emplace(e.ip, groups_.size());
      if (is_new) {
        Group group;
        group.is_local = e.ip.is_private();
        group.is_outside = !e.ip.is_private();
        groups_.push_back(std::move(group));
      }
      groups_[owner->second].endpoints.push_back(i);
    }
  }

  // A device is not two: the first group that asks for it keeps it.
  void keep_identity(std::vector<Group>& groups) const {
    std::stable_partition(groups.begin(), groups.end(),
                          [](const Group& g) { return !g.mac.is_zero(); });
    std::set<std::int64_t> taken;
    for (Group& group : groups) {
      std::optional<std::pair<bool, std::int64_t>> best;
      for (const std::size_t i : group.endpoints) {
        const Endpoint& e = endpoints_[i];
        if (!e.device || taken.contains(*e.device)) continue;
        const std::pair candidate(!e.is_kept_by_person, *e.device);
        if (!best || candidate < *best) best = candidate;
      }
      if (!best) continue;
      group.device = best->second;
      taken.insert(best->second);
    }
  }

  const std::vector<Endpoint>& endpoints_;
  const std::set<IpAddress>& stated_routers_;
  std::map<MacAddress, std::vector<std::size_t>> by_mac_;
  std::vector<std::size_t> routed_;
  std::vector<Group> groups_;
  std::map<IpAddress, std::size_t> owners_;  // position in groups_
};

}  // namespace

bool is_virtual_router(const MacAddress& mac) {
  struct Prefix {
    std::array<std::uint8_t, 5> bytes;
    std::size_t length;
  };
  static constexpr Prefix kPrefixes[] = {
      {{0x00, 0x00, 0x5e, 0x00, 0x01}, 5},  // VRRP for IPv4, CARP
      {{0x00, 0x00, 0x5e, 0x00, 0x02}, 5},  // VRRP for IPv6
      {{0x00, 0x00, 0x0c, 0x07, 0xac}, 5},  // HSRP
      {{0x00, 0x00, 0x0c, 0x9f}, 4},        // HSRP version 2
      {{0x00, 0x05, 0x73, 0xa0}, 4},        // HSRP for IPv6
      {{0x00, 0x07, 0xb4}, 3}};             // GLBP
  return std::any_of(std::begin(kPrefixes), std::end(kPrefixes), [&](const Prefix& prefix) {
    return std::equal(prefix.bytes.begin(),
                      prefix.bytes.begin() + static_cast<std::ptrdiff_t>(prefix.length),
                      mac.bytes.begin());
  });
}

std::vector<Group> resolve(const std::vector<Endpoint>& endpoints,
                           const std::set<IpAddress>& stated_routers) {
  return Resolver(endpoints, stated_routers).run();
}

}  // namespace osect::inventory
