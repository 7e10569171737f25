// The baseline in memory.
#include "cloud/detect/baseline.h"

#include <algorithm>

namespace osect::detect {
namespace {

const std::vector<std::string>& operation_fields() {
  static const std::vector<std::string> fields{"client", "server", "protocol", "function",
                                               "access"};
  return fields;
}

// Conditions on what the baseline does not keep (a type, a count) do not tell entries apart.
bool may_be_meant(const Rule& rule, const Sighting& entry) {
  return std::all_of(rule.where.begin(), rule.where.end(), [&](const Condition& one) {
    return !entry.values.contains(one.field) || is_fulfilled(one, entry.values);
  });
}

}  // namespace

void Baseline::add(Sighting entry, bool is_approved) {
  if (entry.record == Record::device) devices_.insert(entry.client);
  if (const auto at = entry.values.find("targets"); at != entry.values.end()) {
    if (const auto range = Targets::parse(std::get<std::string>(at->second)))
      ranges_.emplace_back(*range, entry);
  } else if (is_approved && entry.record == Record::operation)
    approved_.insert(key_of(entry, operation_fields()));
  entries_.push_back(std::move(entry));
  keys_.clear();
}

bool Baseline::knows(const Rule& rule, const Sighting& sighting) const {
  const auto [at, is_new] = keys_.try_emplace(&rule);
  if (is_new)
    for (const Sighting& entry : entries_)
      if (entry.record == rule.record && may_be_meant(rule, entry))
        at->second.insert(key_of(entry, rule.key));
  return at->second.contains(key_of(sighting, rule.key)) || is_in_range(rule, sighting);
}

bool Baseline::is_in_range(const Rule& rule, const Sighting& sighting) const {
  if (std::find(rule.key.begin(), rule.key.end(), "target") == rule.key.end()) return false;
  return std::any_of(ranges_.begin(), ranges_.end(), [&](const auto& one) {
    const Targets& range = one.first;
    const Sighting& entry = one.second;
    if (entry.record != sighting.record || !range.covers(text_of(sighting, "target"))) return false;
    if (!may_be_meant(rule, entry)) return false;
    return std::all_of(rule.key.begin(), rule.key.end(), [&](const std::string& field) {
      return field == "target" || text_of(entry, field) == text_of(sighting, field);
    });
  });
}

bool Baseline::is_approved(const Sighting& occurrence) const {
  return approved_.contains(key_of(occurrence, operation_fields()));
}

}  // namespace osect::detect
