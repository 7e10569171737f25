// Windows that begin with a match and last so many seconds.
#include "sensor/signature/rate.h"

#include <algorithm>

namespace osect::signature {

RateMemory::Key RateMemory::key_of(const Limit& limit, std::uint32_t rule,
                                   const decode::Segment& segment) {
  const auto host = [](const IpAddress& ip) { return observe::HostKey(0, {}, ip); };
  Key key;
  key.rule = rule;
  if (limit.track == Track::source) key.first = host(segment.source);
  if (limit.track == Track::destination) key.first = host(segment.destination);
  if (limit.track == Track::pair) {
    // A pair is the same in both directions.
    const auto [low, high] = std::minmax(segment.source, segment.destination);
    key.first = host(low);
    key.second = host(high);
  }
  return key;
}

bool RateMemory::is_told(const Limit& limit, std::uint32_t rule, const decode::Segment& segment,
                         std::uint64_t& evicted) {
  const Key key = key_of(limit, rule, segment);
  std::uint32_t slot = table_.find(key, hasher_);
  const bool is_first = slot == observe::kNoSlot;
  if (is_first) slot = table_.add(key, hasher_, [&](const Entry&) { ++evicted; });
  Entry& entry = table_[slot];
  entry.last = segment.time;
  if (is_first || segment.time > entry.since + TimeNs{limit.seconds} * kSecondNs) {
    entry.since = segment.time;
    entry.count = 0;
  }
  ++entry.count;
  switch (limit.kind) {
    case LimitKind::limit:
      return entry.count <= limit.count;
    case LimitKind::both:
      return entry.count == limit.count;
    case LimitKind::detection_filter:
      return entry.count > limit.count;
    case LimitKind::threshold:
      if (entry.count < limit.count) return false;
      entry.count = 0;
      return true;
  }
  return true;
}

}  // namespace osect::signature
