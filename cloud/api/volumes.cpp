// A range is read in as few packed values as cover it: whole days inside, hours at the ends.
#include "cloud/api/volumes.h"

#include <algorithm>

#include "base/log.h"
#include "cloud/store/queries/traffic_read.h"

namespace osect::api {
namespace query = store::query;
namespace {

using store::Volumes;

constexpr TimeNs kHourNs = 60 * kMinuteNs;
constexpr TimeNs kDayNs = 24 * kHourNs;
constexpr TimeNs kOfMinutesNs = 3 * kHourNs;
constexpr TimeNs kOfHoursNs = 14 * kDayNs;

TimeNs floor_to(TimeNs time, TimeNs width) {
  return time / width * width;
}
TimeNs ceil_to(TimeNs time, TimeNs width) {
  return floor_to(time + width - 1, width);
}

std::vector<store::Param> params_of(const Context& context, const Scope& scope,
                                    const Range& range) {
  return {context.organization, scope.site, scope.sensor, rfc3339(range.from), rfc3339(range.to)};
}

}  // namespace

std::size_t VolumeSum::place(const Volumes::Service& service) {
  const auto [at, is_new] = services_.try_emplace(service, sum_.services.size());
  if (is_new) sum_.services.push_back(service);
  return at->second;
}

Volumes::Row& VolumeSum::row(const Volumes::Row& like, std::size_t service) {
  const auto [at, is_new] = places_.try_emplace(like.conversation, sum_.rows.size());
  if (is_new)
    sum_.rows.push_back({.conversation = like.conversation,
                         .client = like.client,
                         .server = like.server,
                         .service = service});
  return sum_.rows[at->second];
}

void VolumeSum::add(const Volumes& volumes) {
  std::vector<std::size_t> services;
  services.reserve(volumes.services.size());
  for (const auto& service : volumes.services) services.push_back(place(service));
  if (sum_.rows.empty()) {
    sum_.rows.reserve(2 * volumes.rows.size());
    places_.reserve(2 * volumes.rows.size());
  }
  // Packed rows ascend by conversation and the sum's do mostly: the row behind the last one is
  // likely the next, and needs no search.
  std::size_t next = 0;
  for (const Volumes::Row& more : volumes.rows) {
    const bool is_next =
        next < sum_.rows.size() && sum_.rows[next].conversation == more.conversation;
    Volumes::Row& sum = is_next ? sum_.rows[next] : row(more, services[more.service]);
    next = static_cast<std::size_t>(&sum - sum_.rows.data()) + 1;
    sum.packets_up += more.packets_up;
    sum.packets_down += more.packets_down;
    sum.bytes_up += more.bytes_up;
    sum.bytes_down += more.bytes_down;
    sum.flows += more.flows;
  }
}

bool VolumeSum::add(const store::Packed::Conversation& counters) {
  const auto at = places_.find(counters.id);
  if (at == places_.end()) return false;
  Volumes::Row& sum = sum_.rows[at->second];
  sum.packets_up += counters.packets_up;
  sum.packets_down += counters.packets_down;
  sum.bytes_up += counters.bytes_up;
  sum.bytes_down += counters.bytes_down;
  sum.flows += counters.flows;
  return true;
}

void VolumeSum::introduce(const Volumes::Row& like, const Volumes::Service& service) {
  row(like, place(service));
}

Volumes VolumeSum::take() {
  std::erase_if(sum_.rows, [](const Volumes::Row& row) {
    return row.packets_up + row.packets_down + row.flows == 0;
  });
  places_.clear();
  return std::move(sum_);
}

const Volumes::Row* VolumeSum::find(std::int64_t conversation) const {
  const auto at = places_.find(conversation);
  return at == places_.end() ? nullptr : &sum_.rows[at->second];
}

Devices::Devices(Context& context, std::optional<std::int64_t> site) {
  read(context, {context.organization, site, nullptr, nullptr, nullptr});
}

Devices::Devices(Context& context, const Scope& scope, const Range& range) {
  read(context,
       {context.organization, scope.site, scope.sensor, rfc3339(range.from), rfc3339(range.to)});
  std::sort(seen_.begin(), seen_.end());
  seen_.erase(std::unique(seen_.begin(), seen_.end()), seen_.end());
}

void Devices::read(Context& context, std::initializer_list<store::Param> params) {
  const auto rows = context.ask(query::kTrafficDevices, params);
  devices_.reserve(rows.size());
  for (const auto row : rows) {
    devices_.emplace(row.integer(0), row.integer(1));
    if (row.boolean(2)) seen_.push_back(row.integer(1));
  }
}

void visit_volumes(Context& context, const Scope& scope, Grain grain, const Range& range,
                   const std::function<void(TimeNs at, const Volumes&)>& visit) {
  if (range.from >= range.to) return;
  const auto rows = context.ask(grain == Grain::hour ? query::kTrafficHours : query::kTrafficDays,
                                params_of(context, scope, range));
  for (const auto row : rows) {
    const auto volumes = store::unpack_volumes(row.bytes(1));
    if (volumes)
      visit(row.time(0), *volumes);
    else
      log::error("Packed traffic cannot be read: {}", volumes.error().message);
  }
}

Minutes read_minutes(Context& context, const Scope& scope, const Range& range) {
  const auto rows = context.ask(query::kTrafficMinutePacked, params_of(context, scope, range));
  Minutes out;
  out.reserve(rows.size());
  for (const auto row : rows) {
    auto packed = store::unpack(row.bytes(1));
    if (packed)
      out.emplace_back(row.time(0), std::move(*packed));
    else
      log::error("A packed minute of traffic cannot be read: {}", packed.error().message);
  }
  return out;
}

VolumeSum read_subjects(Context& context, const Scope& scope, const Range& range,
                        const Minutes& minutes) {
  VolumeSum out;
  visit_volumes(context, scope, Grain::hour,
                {floor_to(range.from, kHourNs), ceil_to(range.to, kHourNs)},
                [&](TimeNs, const Volumes& volumes) {
                  for (const auto& row : volumes.rows)
                    out.introduce(row, volumes.services[row.service]);
                });
  std::vector<std::int64_t> strangers;  // not folded yet
  for (const auto& [at, packed] : minutes)
    for (const auto& counters : packed.conversations)
      if (out.find(counters.id) == nullptr) strangers.push_back(counters.id);
  std::sort(strangers.begin(), strangers.end());
  strangers.erase(std::unique(strangers.begin(), strangers.end()), strangers.end());
  if (strangers.empty()) return out;
  const auto rows =
      context.ask(query::kTrafficSubjects, {context.organization, store::Param::array(strangers)});
  for (const auto row : rows)
    out.introduce(
        {.conversation = row.integer(0), .client = row.integer(1), .server = row.integer(2)},
        {std::string(row.text(3)), row.integer(4), std::string(row.text(5))});
  return out;
}

Range covered(const Range& range) {
  const TimeNs span = range.to - range.from;
  const TimeNs width = span <= kOfMinutesNs ? kMinuteNs : span <= kOfHoursNs ? kHourNs : kDayNs;
  return {floor_to(range.from, width), ceil_to(range.to, width)};
}

Volumes read_volumes(Context& context, const Scope& scope, const Range& range) {
  if (range.from % kHourNs != 0 || range.to % kHourNs != 0 ||
      range.to - range.from <= kOfMinutesNs) {
    const Minutes minutes = read_minutes(context, scope, range);
    VolumeSum sum = read_subjects(context, scope, range, minutes);
    for (const auto& [at, packed] : minutes)
      for (const auto& counters : packed.conversations) sum.add(counters);
    return sum.take();
  }
  // Whole days if there are any, [first, last), and the hours before and behind them.
  const TimeNs first = std::min(ceil_to(range.from, kDayNs), range.to);
  const TimeNs last = std::max(floor_to(range.to, kDayNs), first);
  VolumeSum sum;
  const auto add = [&](TimeNs, const Volumes& volumes) { sum.add(volumes); };
  visit_volumes(context, scope, Grain::hour, {range.from, first}, add);
  visit_volumes(context, scope, Grain::day, {first, last}, add);
  visit_volumes(context, scope, Grain::hour, {last, range.to}, add);
  return sum.take();
}

}  // namespace osect::api
