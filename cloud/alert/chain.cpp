// Links into chains.
#include "cloud/alert/chain.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

namespace osect::alert {
namespace {

bool has(const std::vector<detect::Side>& sides, detect::Side side) {
  return side != 0 && std::find(sides.begin(), sides.end(), side) != sides.end();
}

bool share_target(const Link& a, const Link& b) {
  return std::any_of(a.targets.begin(), a.targets.end(),
                     [&](detect::Side side) { return has(b.targets, side); });
}

bool are_linked(const Stages& stages, const Link& a, const Link& b) {
  const Link& earlier = a.first <= b.first ? a : b;
  const Link& later = a.first <= b.first ? b : a;
  if (later.first > earlier.last + stages.within) return false;
  if (a.actor != 0 && a.actor == b.actor) return true;
  // What was reached goes on by itself: a way from machine to machine, or the end of it.
  if (has(earlier.targets, later.actor)) return true;
  // Somebody else at the same machine is the same story only where it is told on.
  return later.stage > earlier.stage && share_target(a, b);
}

std::vector<std::size_t> components(const Stages& stages, std::span<const Link> links) {
  std::vector<std::size_t> parent(links.size());
  std::iota(parent.begin(), parent.end(), std::size_t{0});
  const auto root = [&](std::size_t at) {
    while (parent[at] != at) at = parent[at] = parent[parent[at]];
    return at;
  };
  for (std::size_t i = 0; i < links.size(); ++i)
    for (std::size_t j = i + 1; j < links.size(); ++j)
      if (root(i) != root(j) && are_linked(stages, links[i], links[j])) parent[root(i)] = root(j);
  std::vector<std::size_t> out(links.size());
  for (std::size_t i = 0; i < links.size(); ++i) out[i] = root(i);
  return out;
}

}  // namespace

std::vector<Chain> chains_of(const Stages& stages, std::span<const Link> links) {
  std::map<std::size_t, std::vector<std::size_t>> members;
  const auto component = components(stages, links);
  for (std::size_t i = 0; i < links.size(); ++i) members[component[i]].push_back(i);
  std::vector<Chain> out;
  for (auto& [unused, places] : members) {
    std::sort(places.begin(), places.end(), [&](std::size_t a, std::size_t b) {
      return std::pair(links[a].first, links[a].alert) < std::pair(links[b].first, links[b].alert);
    });
    std::set<std::size_t> reached;
    std::map<std::int64_t, std::vector<std::size_t>> by_incident;
    for (const std::size_t at : places) {
      by_incident[links[at].incident].push_back(at);
      if (stages.in_order[links[at].stage].begins) reached.insert(links[at].stage);
    }
    const auto fresh = by_incident.extract(0);
    if (by_incident.empty()) {
      if (reached.size() >= stages.least) out.push_back({0, places});
      continue;
    }
    if (!fresh.empty()) {
      auto& oldest = by_incident.begin()->second;
      oldest.insert(oldest.end(), fresh.mapped().begin(), fresh.mapped().end());
    }
    for (auto& [incident, own] : by_incident) {
      std::sort(own.begin(), own.end(),
                [&](std::size_t a, std::size_t b) { return links[a].first < links[b].first; });
      out.push_back({incident, std::move(own)});
    }
  }
  return out;
}

}  // namespace osect::alert
