// The traffic of a scope and range by conversation, added up from packed minutes, hours and days.
// docs/decisions/0009.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "cloud/api/context.h"
#include "cloud/store/packed.h"
#include "cloud/store/volumes.h"

namespace osect::api {

struct Scope {
  std::optional<std::int64_t> site;
  std::optional<std::int64_t> sensor;
};

// Adds volumes up by conversation.
class VolumeSum {
 public:
  void add(const store::Volumes& volumes);
  // Counters of a conversation that is known from add(); false when it is not.
  bool add(const store::Packed::Conversation& counters);
  // Makes a conversation known, without traffic.
  void introduce(const store::Volumes::Row& row, const store::Volumes::Service& service);
  // Conversations with traffic.
  [[nodiscard]] store::Volumes take();
  [[nodiscard]] const store::Volumes::Row* find(std::int64_t conversation) const;
  [[nodiscard]] const store::Volumes::Service& service(const store::Volumes::Row& row) const {
    return sum_.services[row.service];
  }

 private:
  store::Volumes::Row& row(const store::Volumes::Row& like, std::size_t service);
  std::size_t place(const store::Volumes::Service& service);

  store::Volumes sum_;
  boost::unordered_flat_map<std::int64_t, std::size_t> places_;  // conversation: in sum_.rows
  std::map<store::Volumes::Service, std::size_t> services_;
};

// Which device an endpoint belongs to.
class Devices {
 public:
  Devices(Context& context, std::optional<std::int64_t> site);
  // Also remembers which of them a sensor of the scope saw in the range.
  Devices(Context& context, const Scope& scope, const Range& range);
  // Minus the endpoint when it belongs to none yet.
  [[nodiscard]] std::int64_t of(std::int64_t endpoint) const {
    const auto at = devices_.find(endpoint);
    return at == devices_.end() ? -endpoint : at->second;
  }
  // Ascending, each once.
  [[nodiscard]] const std::vector<std::int64_t>& seen() const { return seen_; }

 private:
  void read(Context& context, std::initializer_list<store::Param> params);

  boost::unordered_flat_map<std::int64_t, std::int64_t> devices_;
  std::vector<std::int64_t> seen_;
};

// Visits each packed hour or day that begins in the range. What cannot be read is logged and left
// out.
enum class Grain : std::uint8_t { hour, day };
void visit_volumes(Context& context, const Scope& scope, Grain grain, const Range& range,
                   const std::function<void(TimeNs at, const store::Volumes&)>& visit);

// The packed minutes of the range with their times.
using Minutes = std::vector<std::pair<TimeNs, store::Packed>>;
[[nodiscard]] Minutes read_minutes(Context& context, const Scope& scope, const Range& range);
// Knows the sides and service of each conversation of these minutes, without traffic.
[[nodiscard]] VolumeSum read_subjects(Context& context, const Scope& scope, const Range& range,
                                      const Minutes& minutes);

// The range in whole minutes up to 3 hours, in whole hours up to 14 days, in whole UTC days beyond;
// what read_volumes() answers for.
[[nodiscard]] Range covered(const Range& range);
// Of such a range.
[[nodiscard]] store::Volumes read_volumes(Context& context, const Scope& scope, const Range& range);

}  // namespace osect::api
