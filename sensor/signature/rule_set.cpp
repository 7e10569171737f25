// Groups of rules by port: most packets of a plant meet few rules.
#include "sensor/signature/rule_set.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace osect::signature {
namespace {

// The content that is looked for first: the one marked, else the longest.
const Content* first_of(const Rule& rule) {
  const Content* best = nullptr;
  for (const auto& check : rule.checks) {
    const auto* content = std::get_if<Content>(&check);
    if (content == nullptr || content->is_negated) continue;
    if (best == nullptr || (content->is_fast && !best->is_fast) ||
        (content->is_fast == best->is_fast && content->bytes.size() > best->bytes.size()))
      best = content;
  }
  return best;
}

// Every port of the set, when they are few.
std::vector<std::uint16_t> few_ports(const PortSet& set, std::size_t most) {
  std::vector<std::uint16_t> ports;
  for (const auto& range : set.listed) {
    if (range.high - range.low >= static_cast<int>(most)) return {};
    for (std::uint32_t port = range.low; port <= range.high; ++port)
      ports.push_back(static_cast<std::uint16_t>(port));
  }
  if (ports.size() > most) return {};
  return ports;
}

// Rules of one group before they are compiled.
struct Draft {
  std::vector<std::uint32_t> always;
  std::map<std::pair<std::string, bool>, std::vector<std::uint32_t>> wanted;

  void add(const Rule& rule, std::uint32_t number) {
    const Content* content = first_of(rule);
    auto& list = content == nullptr ? always : wanted[{content->bytes, content->is_nocase}];
    if (list.empty() || list.back() != number) list.push_back(number);
  }
  Result<Group> compile() && {
    Group group;
    group.always = std::move(always);
    std::vector<Pattern> patterns;
    for (auto& [pattern, rules] : wanted) {
      patterns.push_back({pattern.first, pattern.second});
      group.wanted.push_back(std::move(rules));
    }
    if (patterns.empty()) return group;
    auto prefilter = Prefilter::compile(patterns);
    if (!prefilter) return prefilter.error();
    group.prefilter = std::move(*prefilter);
    return group;
  }
};

}  // namespace

Result<RuleSet> RuleSet::build(std::vector<Rule> rules) {
  RuleSet set;
  set.rules_ = std::move(rules);
  std::array<Draft, 4> any;
  std::array<std::map<std::uint16_t, Draft>, 2> by_port;
  for (std::uint32_t i = 0; i < set.rules_.size(); ++i) {
    const Rule& rule = set.rules_[i];
    set.needs_flows_ = set.needs_flows_ || rule.needs_flow();
    auto ports = few_ports(rule.destination_port, kPortsMost);
    if (ports.empty()) ports = few_ports(rule.source_port, kPortsMost);
    if (ports.empty()) {
      any.at(static_cast<std::size_t>(rule.protocol)).add(rule, i);
      continue;
    }
    for (const auto port : ports)
      by_port[rule.protocol == Protocol::udp ? 1 : 0][port].add(rule, i);
  }
  for (std::size_t i = 0; i < any.size(); ++i) {
    if (any.at(i).always.empty() && any.at(i).wanted.empty()) continue;
    auto group = std::move(any.at(i)).compile();
    if (!group) return group.error();
    set.any_.at(i) = static_cast<std::uint16_t>(set.groups_.size());
    set.groups_.push_back(std::move(*group));
  }
  for (std::size_t i = 0; i < by_port.size(); ++i) {
    for (auto& [port, draft] : by_port.at(i)) {
      auto& ports = set.by_port_.at(i);
      if (ports.empty()) ports.resize(65536, kNone);
      auto group = std::move(draft).compile();
      if (!group) return group.error();
      if (set.groups_.size() == kNone) return Error("the rules name too many ports");
      ports[port] = static_cast<std::uint16_t>(set.groups_.size());
      set.groups_.push_back(std::move(*group));
    }
  }
  return set;
}

std::size_t RuleSet::memory_bytes() const {
  std::size_t sum = rules_.size() * sizeof(Rule);
  for (const auto& ports : by_port_) sum += ports.size() * sizeof(std::uint16_t);
  for (const auto& group : groups_)
    if (group.prefilter) sum += group.prefilter->memory_bytes();
  return sum;
}

}  // namespace osect::signature
