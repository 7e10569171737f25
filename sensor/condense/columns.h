// What packing and unpacking share: times as ticks, differences, what conversations imply;
// proto/osect/v1/record.proto.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>

#include "sensor/condense/content.h"

namespace osect::condense {

constexpr TimeNs kMillisecondNs = 1'000'000;
constexpr std::uint32_t kNoveltyTickMs = 1;
constexpr std::uint32_t kCountersTickMs = 1000;

// Differences are taken modulo 2^64, so that no pair of values is out of range.
inline std::int64_t difference(std::uint64_t value, std::uint64_t expected) {
  return static_cast<std::int64_t>(value - expected);
}
inline std::uint64_t sum(std::int64_t coded, std::uint64_t expected) {
  return static_cast<std::uint64_t>(coded) + expected;
}

inline TimeNs floor_to(TimeNs time, TimeNs unit) {
  const TimeNs rest = time % unit;
  return time - (rest < 0 ? rest + unit : rest);
}

// The times of a batch and the coding of rows' times within them.
struct Span {
  TimeNs begin = 0;
  TimeNs end = 0;
  TimeNs tick = kMillisecondNs;

  static Span of(const Content& content) {
    const auto tick = TimeNs{content.kind == Kind::novelty ? kNoveltyTickMs : kCountersTickMs};
    return {floor_to(content.rows.begin, kMillisecondNs),
            floor_to(content.rows.end + kMillisecondNs - 1, kMillisecondNs), tick * kMillisecondNs};
  }
  [[nodiscard]] std::uint64_t first(TimeNs time) const {
    return static_cast<std::uint64_t>((std::clamp(time, begin, end) - begin) / tick);
  }
  [[nodiscard]] std::uint64_t tail(TimeNs time) const {
    return static_cast<std::uint64_t>((end - std::clamp(time, begin, end)) / tick);
  }
  // False when the ticks lead out of the batch.
  bool times(std::uint64_t first_ticks, std::uint64_t tail_ticks, TimeNs& first_out,
             TimeNs& last_out) const {
    const auto most = static_cast<std::uint64_t>((end - begin) / tick);
    if (first_ticks > most || tail_ticks > most) return false;
    first_out = begin + static_cast<TimeNs>(first_ticks) * tick;
    last_out = std::max(first_out, end - static_cast<TimeNs>(tail_ticks) * tick);
    return true;
  }
};

// What the conversations of a batch say about the endpoints that sent in them.
struct Sent {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
  TimeNs first = std::numeric_limits<TimeNs>::max();
  TimeNs last = std::numeric_limits<TimeNs>::min();
};
using SentByHost = std::map<std::uint32_t, Sent>;

inline void count_sent(SentByHost& sent, std::uint32_t host, std::uint64_t packets,
                       std::uint64_t bytes, TimeNs first, TimeNs last) {
  if (packets == 0 || host == 0) return;
  auto& s = sent[host];
  s.packets += packets;
  s.bytes += bytes;
  s.first = std::min(s.first, first);
  s.last = std::max(s.last, last);
}

}  // namespace osect::condense
