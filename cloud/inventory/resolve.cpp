// The rules of resolve.h.
#include "cloud/inventory/resolve.h"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <tuple>

namespace osect::inventory {
namespace {

// Without a single stated address the subnets are unknown: so many are more than one machine's own.
constexpr std::size_t kOwnAddressesMax = 4;
constexpr std::size_t kOwnNetworksMax = 2;
// Who states more addresses of IPv4 as its own answers for others: proxy ARP.
constexpr std::size_t kStatedMax = 12;
// What more machines say of themselves is a factory setting.
constexpr std::size_t kSameIdentityMax = 4;

// What two addresses of one interface usually share: the /24, the /64.
IpAddress network_of(const IpAddress& ip) {
  std::array<std::uint8_t, 16> bytes{};
  const std::size_t kept = ip.is_v4() ? 3 : 8;
  std::copy_n(ip.bytes().begin(), kept, bytes.begin());
  return IpAddress::from_bytes(std::span(bytes).first(ip.bytes().size()));
}

bool matches(const Key& key, const Endpoint& e) {
  return (key.mac.is_zero() || key.mac == e.mac) && (key.ip.is_none() || key.ip == e.ip);
}
bool matches_any(const std::vector<Key>& keys, const Endpoint& e) {
  return std::any_of(keys.begin(), keys.end(), [&](const Key& key) { return matches(key, e); });
}

// When somebody was there.
struct Span {
  TimeNs first = 0;
  TimeNs last = 0;
};
Span span_of(const std::vector<Endpoint>& endpoints, const std::vector<std::size_t>& members) {
  Span out{endpoints[members[0]].first, endpoints[members[0]].last};
  for (const std::size_t i : members) {
    out.first = std::min(out.first, endpoints[i].first);
    out.last = std::max(out.last, endpoints[i].last);
  }
  return out;
}
bool overlap(const Span& a, const Span& b) {
  return a.first <= b.last && b.first <= a.last;
}

class Resolver {
 public:
  Resolver(const std::vector<Endpoint>& endpoints, const std::set<IpAddress>& stated_routers,
           const Rules& rules, const std::vector<Decision>& decisions)
      : endpoints_(endpoints),
        stated_routers_(stated_routers),
        rules_(rules),
        decisions_(decisions),
        part_of_(endpoints.size()) {
    for (std::size_t d = 0; d < decisions.size(); ++d) {
      if (decisions[d].kind != Decision::Kind::split || decisions[d].is_undone) continue;
      for (std::size_t i = 0; i < endpoints.size(); ++i)
        if (matches_any(decisions[d].keys, endpoints[i])) part_of_[i] = d;  // the latest counts
    }
    for (std::size_t i = 0; i < endpoints.size(); ++i)
      if (!part_of_[i] && endpoints[i].mac.is_station()) by_mac_[endpoints[i].mac].push_back(i);
  }

  std::vector<Group> run() {
    for (const auto& [mac, members] : by_mac_) resolve_mac(mac, members);
    resolve_routed();
    resolve_without_mac();
    split_by_person();
    root_.resize(groups_.size());
    std::iota(root_.begin(), root_.end(), std::size_t{0});
    for (const IdentityRule& rule : rules_.identities) merge_by_identity(rule);
    merge_by_person();
    std::vector<Group> proven;
    for (Group& group : gather())
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
    std::set<IpAddress> stated;
    for (const std::size_t i : members) {
      const Endpoint& e = endpoints_[i];
      if (e.is_router || (e.is_claimed && stated_routers_.contains(e.ip))) return true;
      if (!e.is_claimed || !e.ip.is_v4()) continue;
      own_networks.insert(network_of(e.ip));
      stated.insert(e.ip);
    }
    if (stated.size() > kStatedMax) return true;
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

  // Two of its addresses contradict each other about what no two machines share.
  [[nodiscard]] bool is_cloned(const std::vector<std::size_t>& members) const {
    struct Holder {
      IpAddress ip;
      Span span;
    };
    // attribute and source; value; who says so
    std::map<std::pair<std::string, std::string>, std::map<std::string, std::vector<Holder>>> said;
    for (const std::size_t i : members) {
      const Endpoint& e = endpoints_[i];
      if (!e.ip.is_station() || !e.is_claimed) continue;
      for (const Said& one : e.said)
        if (std::find(rules_.exclusive.begin(), rules_.exclusive.end(), one.attribute) !=
            rules_.exclusive.end())
          said[{one.attribute, one.source}][one.value].push_back({e.ip, {e.first, e.last}});
    }
    const auto disagree = [](const std::vector<Holder>& a, const std::vector<Holder>& b) {
      for (const Holder& left : a)
        for (const Holder& right : b)
          if (left.ip == right.ip || left.ip.family() != right.ip.family() ||
              !overlap(left.span, right.span))
            return false;
      return true;
    };
    for (const auto& [what, values] : said)
      for (auto a = values.begin(); a != values.end(); ++a)
        for (auto b = std::next(a); b != values.end(); ++b)
          if (disagree(a->second, b->second)) return true;
    return false;
  }

  void resolve_mac(const MacAddress& mac, const std::vector<std::size_t>& members) {
    if (is_cloned(members)) {
      std::map<IpAddress, std::vector<std::size_t>> by_ip;
      for (const std::size_t i : members) by_ip[endpoints_[i].ip].push_back(i);
      for (const auto& [ip, own] : by_ip) {
        Group group;
        group.macs.insert(mac);
        group.endpoints = own;
        group.links.push_back({"cloned_mac", {{"mac", mac.text()}}});
        if (ip.is_station()) owners_.try_emplace(ip, groups_.size());
        groups_.push_back(std::move(group));
      }
      return;
    }
    Group group;
    group.macs.insert(mac);
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
    if (group.endpoints.empty()) return;
    if (group.endpoints.size() > 1) group.links.push_back({"same_mac", {{"mac", mac.text()}}});
    groups_.push_back(std::move(group));
  }

  void resolve_routed() {
    for (const std::size_t i : routed_) {
      const IpAddress& ip = endpoints_[i].ip;
      const auto [owner, is_new] = owners_.try_emplace(ip, groups_.size());
      if (is_new) {
        Group group;
        group.is_local = false;
        group.is_outside = !ip.is_private();
        group.links.push_back({"behind_router", {{"mac", endpoints_[i].mac.text()}}});
        groups_.push_back(std::move(group));
      }
      groups_[owner->second].endpoints.push_back(i);
    }
  }

  void resolve_without_mac() {
    for (std::size_t i = 0; i < endpoints_.size(); ++i) {
      const Endpoint& e = endpoints_[i];
      if (part_of_[i] || !e.mac.is_zero() || !e.ip.is_station()) continue;
      const auto [owner, is_new] = owners_.try_emplace(e.ip, groups_.size());
      if (is_new) {
        Group group;
        group.is_local = e.ip.is_private();
        group.is_outside = !e.ip.is_private();
        groups_.push_back(std::move(group));
      } else {
        note(groups_[owner->second], {"same_address", {{"ip", e.ip.text()}}});
      }
      groups_[owner->second].endpoints.push_back(i);
    }
  }

  static void note(Group& group, Link link) {
    if (std::find(group.links.begin(), group.links.end(), link) == group.links.end())
      group.links.push_back(std::move(link));
  }
  static Link by_person(const Decision& decision) {
    return {"person", {{"decision", std::to_string(decision.id)}}};
  }

  void split_by_person() {
    std::map<std::size_t, std::size_t> group_of;  // of the decision
    for (std::size_t i = 0; i < endpoints_.size(); ++i) {
      if (!part_of_[i]) continue;
      const auto [at, is_new] = group_of.try_emplace(*part_of_[i], groups_.size());
      if (is_new) {
        groups_.emplace_back();
        groups_.back().links.push_back(by_person(decisions_[*part_of_[i]]));
      }
      Group& group = groups_[at->second];
      group.endpoints.push_back(i);
      if (endpoints_[i].mac.is_station()) group.macs.insert(endpoints_[i].mac);
    }
  }

  std::size_t root(std::size_t g) {
    while (root_[g] != g) g = root_[g] = root_[root_[g]];
    return g;
  }
  void merge(std::size_t a, std::size_t b, const Link& link) {
    note(groups_[a], link);
    a = root(a);
    b = root(b);
    if (a != b) root_[std::max(a, b)] = std::min(a, b);
  }

  // Whether a person took one of them out of the other.
  [[nodiscard]] bool is_kept_apart(std::size_t a, std::size_t b) const {
    const auto has_part = [&](std::size_t g, std::size_t d) {
      return part_of_[groups_[g].endpoints[0]] == d;
    };
    const auto has_other = [&](std::size_t g, const Decision& decision) {
      return std::any_of(
          groups_[g].endpoints.begin(), groups_[g].endpoints.end(),
          [&](std::size_t i) { return matches_any(decision.other_keys, endpoints_[i]); });
    };
    for (std::size_t d = 0; d < decisions_.size(); ++d) {
      if (decisions_[d].kind != Decision::Kind::split || decisions_[d].is_undone) continue;
      if ((has_part(a, d) && has_other(b, decisions_[d])) ||
          (has_part(b, d) && has_other(a, decisions_[d])))
        return true;
    }
    return false;
  }

  [[nodiscard]] bool says_the_same(std::size_t a, std::size_t b,
                                   const std::vector<std::string>& attributes) const {
    std::set<std::pair<std::string, std::string>> left;
    for (const std::size_t i : groups_[a].endpoints)
      for (const Said& one : endpoints_[i].said) left.emplace(one.attribute, one.value);
    for (const std::size_t i : groups_[b].endpoints)
      for (const Said& one : endpoints_[i].said)
        if (std::find(attributes.begin(), attributes.end(), one.attribute) != attributes.end() &&
            left.contains({one.attribute, one.value}))
          return true;
    return false;
  }

  // One went and the other came where it had been.
  [[nodiscard]] bool is_replacement(std::size_t a, std::size_t b) const {
    if (overlap(span_of(endpoints_, groups_[a].endpoints),
                span_of(endpoints_, groups_[b].endpoints)))
      return false;
    for (const std::size_t i : groups_[a].endpoints)
      for (const std::size_t k : groups_[b].endpoints) {
        const Endpoint& left = endpoints_[i];
        const Endpoint& right = endpoints_[k];
        if (left.vlan == right.vlan && left.ip.is_station() && right.ip.is_station() &&
            left.ip.family() == right.ip.family() && network_of(left.ip) == network_of(right.ip))
          return true;
      }
    return false;
  }

  void merge_by_identity(const IdentityRule& rule) {
    struct Holder {
      std::size_t group;
      const Said* said;
    };
    std::map<std::string, std::vector<Holder>> holders;  // by value
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      const Group& group = groups_[g];
      if (group.macs.empty() || is_virtual_router(*group.macs.begin())) continue;
      for (const std::size_t i : group.endpoints)
        for (const Said& one : endpoints_[i].said) {
          if (one.attribute != rule.attribute || one.confidence < rule.confidence) continue;
          if (one.value.empty() || inventory::matches_any(rule.ignore, one.value)) continue;
          auto& known = holders[one.value];
          if (known.empty() || known.back().group != g) known.push_back({g, &one});
        }
    }
    for (const auto& [value, who] : holders) {
      if (who.size() < 2 || who.size() > kSameIdentityMax) continue;
      for (std::size_t a = 0; a < who.size(); ++a)
        for (std::size_t b = a + 1; b < who.size(); ++b) {
          const std::size_t left = who[a].group;
          const std::size_t right = who[b].group;
          if (is_kept_apart(left, right)) continue;
          if (!rule.with.empty() && !says_the_same(left, right, rule.with)) continue;
          if (rule.is_replacement && !is_replacement(left, right)) continue;
          merge(
              left, right,
              {rule.is_replacement ? "replaced" : "identity",
               {{"attribute", rule.attribute}, {"value", value}, {"source", who[a].said->source}}});
        }
    }
  }

  // A merge does not bring back what a later split took out.
  void merge_by_person() {
    for (std::size_t d = 0; d < decisions_.size(); ++d) {
      const Decision& decision = decisions_[d];
      if (decision.kind != Decision::Kind::merge || decision.is_undone) continue;
      std::optional<std::size_t> first;
      for (const auto* keys : {&decision.keys, &decision.other_keys})
        for (std::size_t g = 0; g < groups_.size(); ++g) {
          const bool is_meant = std::any_of(
              groups_[g].endpoints.begin(), groups_[g].endpoints.end(), [&](std::size_t i) {
                return (!part_of_[i] || *part_of_[i] < d) && matches_any(*keys, endpoints_[i]);
              });
          if (!is_meant) continue;
          if (!first)
            first = g;
          else if (root(*first) != root(g))
            merge(*first, g, by_person(decision));
        }
    }
  }

  // The groups as they were merged.
  std::vector<Group> gather() {
    std::vector<Group> out;
    std::map<std::size_t, std::size_t> place;
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      const auto [at, is_new] = place.try_emplace(root(g), out.size());
      if (is_new) {
        out.push_back(groups_[g]);
        continue;
      }
      Group& into = out[at->second];
      Group& from = groups_[g];
      into.endpoints.insert(into.endpoints.end(), from.endpoints.begin(), from.endpoints.end());
      into.macs.insert(from.macs.begin(), from.macs.end());
      for (Link& link : from.links) note(into, std::move(link));
      into.is_router = into.is_router || from.is_router;
      into.is_local = into.is_local || from.is_local;
      into.is_outside = into.is_outside && from.is_outside;
    }
    return out;
  }

  // Lower comes first: the device that a person chose to go on, one that a person touched, the
  // oldest.
  [[nodiscard]] std::tuple<bool, bool, std::int64_t> claim(const Endpoint& e) const {
    const bool is_chosen =
        std::any_of(decisions_.begin(), decisions_.end(), [&](const Decision& decision) {
          return decision.kind == Decision::Kind::merge && !decision.is_undone &&
                 decision.device == *e.device;
        });
    return {!is_chosen, !e.is_kept_by_person, *e.device};
  }

  // The device that an undone merge had taken these endpoints from.
  [[nodiscard]] std::optional<std::int64_t> given_back(const Group& group,
                                                       const std::set<std::int64_t>& taken) const {
    for (const Decision& decision : decisions_) {
      if (!decision.is_undone || !decision.other_device || taken.contains(*decision.other_device))
        continue;
      for (const std::size_t i : group.endpoints)
        if (matches_any(decision.other_keys, endpoints_[i])) return decision.other_device;
    }
    return std::nullopt;
  }

  // A device is not two: the first group that asks for it keeps it, one that was taken out last.
  void keep_identity(std::vector<Group>& groups) const {
    const auto place = [&](const Group& group) {
      if (part_of_[group.endpoints[0]]) return 2;
      return group.macs.empty() ? 1 : 0;
    };
    std::stable_sort(groups.begin(), groups.end(),
                     [&](const Group& a, const Group& b) { return place(a) < place(b); });
    std::set<std::int64_t> taken;
    // What an undone merge gives back goes there before anybody else can ask.
    for (const bool is_late : {false, true})
      for (Group& group : groups) {
        if (group.device) continue;
        std::optional<std::tuple<bool, bool, std::int64_t>> best;
        for (const std::size_t i : group.endpoints) {
          const Endpoint& e = endpoints_[i];
          if (!e.device || taken.contains(*e.device) || is_from_other(e, *e.device, is_late))
            continue;
          const auto candidate = claim(e);
          if (!best || candidate < *best) best = candidate;
        }
        if (best)
          group.device = std::get<2>(*best);
        else if (is_late)
          group.device = given_back(group, taken);
        if (group.device) taken.insert(*group.device);
      }
  }

  // Whether the endpoint came to this device only by a merge that has been undone.
  [[nodiscard]] bool is_from_other(const Endpoint& e, std::int64_t device, bool is_late) const {
    if (is_late) return false;
    return std::any_of(decisions_.begin(), decisions_.end(), [&](const Decision& decision) {
      return decision.kind == Decision::Kind::merge && decision.is_undone &&
             decision.device == device && matches_any(decision.other_keys, e);
    });
  }

  const std::vector<Endpoint>& endpoints_;
  const std::set<IpAddress>& stated_routers_;
  const Rules& rules_;
  const std::vector<Decision>& decisions_;
  std::vector<std::optional<std::size_t>> part_of_;  // the split that took the endpoint out
  std::map<MacAddress, std::vector<std::size_t>> by_mac_;
  std::vector<std::size_t> routed_;
  std::vector<Group> groups_;
  std::map<IpAddress, std::size_t> owners_;  // position in groups_
  std::vector<std::size_t> root_;            // union of groups
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
                           const std::set<IpAddress>& stated_routers, const Rules& rules,
                           const std::vector<Decision>& decisions) {
  return Resolver(endpoints, stated_routers, rules, decisions).run();
}

}  // namespace osect::inventory
