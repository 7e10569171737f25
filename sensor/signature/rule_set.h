// Rules ready to be judged: grouped by port, their contents compiled; read by all monitor ports.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.h"
#include "sensor/signature/prefilter.h"
#include "sensor/signature/rule.h"

namespace osect::signature {

// The rules that a packet with a certain port can match.
struct Group {
  std::vector<std::uint32_t> always;  // rules without a content to look for first
  std::optional<Prefilter> prefilter;
  std::vector<std::vector<std::uint32_t>> wanted;  // rules by pattern
};

// Immutable once built; whoever reads it does not outlive it.
class RuleSet {
 public:
  static Result<RuleSet> build(std::vector<Rule> rules);

  [[nodiscard]] const std::vector<Rule>& rules() const { return rules_; }
  [[nodiscard]] const std::vector<Group>& groups() const { return groups_; }
  // Groups for a packet of this transport; null: none. Those of ip rules are `any_of(ip)`.
  [[nodiscard]] const Group* any_of(Protocol protocol) const {
    return at(any_[static_cast<std::size_t>(protocol)]);
  }
  [[nodiscard]] const Group* of_port(Protocol protocol, std::uint16_t port) const {
    const auto& ports = by_port_[protocol == Protocol::udp ? 1 : 0];
    return ports.empty() ? nullptr : at(ports[port]);
  }
  [[nodiscard]] bool needs_flows() const { return needs_flows_; }
  [[nodiscard]] std::size_t memory_bytes() const;

 private:
  static constexpr std::uint16_t kNone = 0xffff;
  // Rules with more ports than this are looked for on every packet.
  static constexpr std::size_t kPortsMost = 8;

  [[nodiscard]] const Group* at(std::uint16_t group) const {
    return group == kNone ? nullptr : &groups_[group];
  }

  std::vector<Rule> rules_;
  std::vector<Group> groups_;
  std::array<std::uint16_t, 4> any_{kNone, kNone, kNone, kNone};
  std::array<std::vector<std::uint16_t>, 2> by_port_;  // of tcp, udp; empty or one for each port
  bool needs_flows_ = false;
};

}  // namespace osect::signature
