// Who or what had how much of a series: the largest as lines, the others as one.
#pragma once

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "cloud/api/traffic_series.h"

namespace osect::api {

constexpr std::int64_t kLinesMax = 6;

// The keys with most.
template <typename Key>
std::vector<std::pair<std::int64_t, Key>> largest(std::vector<std::pair<std::int64_t, Key>> keys) {
  const auto end =
      keys.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(kLinesMax, keys.size()));
  std::partial_sort(keys.begin(), end, keys.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  keys.erase(end, keys.end());
  return keys;
}

// Two counters of each key in each bucket, of which the largest keys become lines.
template <typename Key>
class Shares {
 public:
  explicit Shares(const Buckets& buckets) : buckets_(buckets) {}

  void add(const Key& key, std::size_t bucket, std::int64_t first, std::int64_t second) {
    Cell& cell = cells_of(key)[bucket];
    cell.first += first;
    cell.second += second;
  }
  // The same by what owner(key) says of each key.
  template <typename Owner>
  [[nodiscard]] Shares by(const Owner& owner) const {
    Shares out(buckets_);
    for (const auto& [key, place] : places_) {
      Cell* const into = out.cells_of(owner(key));
      const Cell* const from = cells_.data() + place;
      for (std::size_t i = 0; i < buckets_.count; ++i) {
        into[i].first += from[i].first;
        into[i].second += from[i].second;
      }
    }
    return out;
  }
  std::map<Key, Line> take(Line& others) {
    std::vector<std::pair<std::int64_t, Key>> volumes;
    volumes.reserve(places_.size());
    for (const auto& [key, place] : places_) {
      std::int64_t sum = 0;
      for (std::size_t i = 0; i < buckets_.count; ++i) sum += cells_[place + i].first;
      volumes.emplace_back(sum, key);
    }
    std::map<Key, Line> out;
    for (const auto& [sum, key] : largest(std::move(volumes)))
      out.emplace(key, Line(buckets_.count));
    for (const auto& [key, place] : places_) {
      const auto line = out.find(key);
      Line& into = line == out.end() ? others : line->second;
      for (std::size_t i = 0; i < buckets_.count; ++i)
        into.add(i, cells_[place + i].first, cells_[place + i].second);
    }
    return out;
  }

 private:
  using Cell = std::pair<std::int64_t, std::int64_t>;

  Cell* cells_of(const Key& key) {
    const auto [at, is_new] = places_.try_emplace(key, cells_.size());
    if (is_new) cells_.resize(cells_.size() + buckets_.count);
    return cells_.data() + at->second;
  }

  const Buckets& buckets_;
  boost::unordered_flat_map<Key, std::size_t> places_;  // of a key's first cell
  std::vector<Cell> cells_;
};

template <typename Key>
std::vector<Line> in_order(std::map<Key, Line>&& lines, Line&& others) {
  std::vector<Line> out;
  out.reserve(lines.size() + 1);
  for (auto& [key, line] : lines) out.push_back(std::move(line));
  std::stable_sort(out.begin(), out.end(),
                   [](const Line& a, const Line& b) { return a.total_first() > b.total_first(); });
  if (others.total_first() + others.total_second() > 0) out.push_back(std::move(others));
  return out;
}

inline Line others_line(const Buckets& buckets) {
  Line out(buckets.count);
  out.key = "others";
  out.name = "others";
  return out;
}

}  // namespace osect::api
