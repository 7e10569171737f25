// Links into chains, and stages.toml.
#include "cloud/alert/chain.h"

#include <toml++/toml.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <sstream>

#include "cloud/alert/stages_text.h"

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

Result<Stages> fail(const std::string& what) {
  return Error{"stages.toml: " + what};
}

}  // namespace

std::size_t Stages::find(std::string_view rule) const {
  const auto at = std::find_if(in_order.begin(), in_order.end(), [&](const Stage& stage) {
    return std::find(stage.rules.begin(), stage.rules.end(), rule) != stage.rules.end();
  });
  return static_cast<std::size_t>(at - in_order.begin());
}

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

Result<Stages> read_stages(std::string_view text) {
  try {
    const toml::table file = toml::parse(text);
    Stages out;
    const auto number = [&](std::string_view name) {
      return file[name].value<std::int64_t>().value_or(0);
    };
    out.within = number("within_hours") * 60 * kMinuteNs;
    out.least = static_cast<std::size_t>(number("stages_least"));
    out.grave_from = number("grave_from");
    if (out.within <= 0 || out.least < 1 || out.grave_from < 1)
      return fail("within_hours, stages_least and grave_from are numbers from 1 up");
    const toml::array* const all = file["stage"].as_array();
    if (all == nullptr) return fail("there is no [[stage]]");
    for (const auto& node : *all) {
      const toml::table& one = *node.as_table();
      Stage stage{.id = one["id"].value_or(std::string()),
                  .name = {one["ja"].value_or(std::string()), one["en"].value_or(std::string())},
                  .rules = {},
                  .begins = one["begins"].value_or(true)};
      if (const toml::array* const rules = one["rules"].as_array())
        for (const auto& rule : *rules) stage.rules.push_back(rule.value_or(std::string()));
      if (stage.id.empty() || stage.name.ja.empty() || stage.name.en.empty() || stage.rules.empty())
        return fail("a stage has id, ja, en and rules");
      for (const std::string& rule : stage.rules)
        if (out.find(rule) != out.in_order.size()) return fail(rule + " is at two stages");
      out.in_order.push_back(std::move(stage));
    }
    return out;
  } catch (const toml::parse_error& error) {
    std::ostringstream where;
    where << error.source().begin << ": " << error.description();
    return fail(where.str());
  }
}

const Stages& stages() {
  static const Stages known = read_stages(stages_text).value();
  return known;
}

}  // namespace osect::alert
