// A hash table of fixed capacity with stable slots: what observe keeps its rows in. A full one
// drops the row that was silent longest among a few; docs/architecture.md, "every table has a cap,
// an eviction rule and a counter".
#pragma once

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <span>
#include <type_traits>

#include "base/clock.h"
#include "sensor/decode/flow.h"

namespace osect::observe {

using decode::kNoSlot;

// A fast hash whose result nobody outside can foresee: addresses and texts on the wire are the
// attacker's choice.
class Hasher {
 public:
  // Seeds from the system's randomness.
  Hasher();

  [[nodiscard]] std::uint64_t operator()(std::span<const std::uint64_t> words) const {
    std::uint64_t hash = seed_[0];
    for (const auto word : words) hash = mix(hash ^ word, seed_[1]);
    return mix(hash, seed_[2]);
  }

 private:
  static std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  }

  std::array<std::uint64_t, 3> seed_;
};

// Zeroed memory that becomes resident only where it is written to: a table costs what it holds.
template <typename T>
class ZeroedArray {
 public:
  explicit ZeroedArray(std::size_t size)
      : size_(size), data_(static_cast<T*>(std::calloc(size, sizeof(T)))) {
    static_assert(std::is_trivially_copyable_v<T>);
    if (data_ == nullptr) throw std::bad_alloc();
  }
  T& operator[](std::size_t i) { return data_.get()[i]; }
  const T& operator[](std::size_t i) const { return data_.get()[i]; }
  [[nodiscard]] std::size_t bytes() const { return size_ * sizeof(T); }

 private:
  struct Free {
    void operator()(T* p) const { std::free(p); }
  };
  std::size_t size_;
  std::unique_ptr<T[], Free> data_;
};

// Row has members `Key key` and `TimeNs last`; Key has `hash(const Hasher&)` and `==`. A slot stays
// the row's for as long as the row lives; serial() tells whether it is still the same row. Owned
// and used by one thread.
template <typename Key, typename Row>
class Table {
 public:
  explicit Table(std::size_t capacity)
      : capacity_(static_cast<std::uint32_t>(capacity)),
        mask_(static_cast<std::uint32_t>(std::min(std::bit_ceil(capacity * 2), kIndexFirst) - 1)),
        cells_(capacity),
        index_(std::bit_ceil(capacity * 2)) {
    assert(capacity > 0 && capacity < kNoSlot / 4);
  }

  [[nodiscard]] std::uint32_t find(const Key& key, const Hasher& hasher) const {
    const std::uint64_t hash = key.hash(hasher);
    for (std::uint32_t at = home(hash); index_[at].slot != 0; at = (at + 1) & mask_) {
      if (index_[at].tag == tag(hash) && cells_[index_[at].slot - 1].row.key == key)
        return index_[at].slot - 1;
    }
    return kNoSlot;
  }

  // A row for a key that is not in the table. `on_evict(const Row&)` sees the row that makes room,
  // if one must.
  template <typename OnEvict>
  std::uint32_t add(const Key& key, const Hasher& hasher, OnEvict&& on_evict) {
    if (size_ == capacity_) {
      const std::uint32_t victim = silent_longest();
      on_evict(static_cast<const Row&>(cells_[victim].row));
      erase(victim, hasher);
    }
    const std::uint32_t slot = free_ != 0 ? free_ - 1 : used_++;
    Cell& cell = cells_[slot];
    if (free_ != 0) free_ = cell.next_free;
    if (2 * size_ > mask_) spread(hasher);
    cell.row = Row{};
    cell.row.key = key;
    cell.serial = next_serial_++;
    cell.is_live = true;
    ++size_;
    insert(key.hash(hasher), slot);
    return slot;
  }

  void erase(std::uint32_t slot, const Hasher& hasher) {
    Cell& cell = cells_[slot];
    assert(cell.is_live);
    std::uint32_t at = home(cell.row.key.hash(hasher));
    while (index_[at].slot != slot + 1) at = (at + 1) & mask_;
    close_gap(at, hasher);
    cell.is_live = false;
    cell.next_free = free_;
    free_ = slot + 1;
    --size_;
  }

  Row& operator[](std::uint32_t slot) { return cells_[slot].row; }
  const Row& operator[](std::uint32_t slot) const { return cells_[slot].row; }
  [[nodiscard]] bool is_live(std::uint32_t slot) const { return cells_[slot].is_live; }
  [[nodiscard]] std::uint32_t serial(std::uint32_t slot) const { return cells_[slot].serial; }
  // The row when it is still the same one, else null.
  [[nodiscard]] Row* find(std::uint32_t slot, std::uint32_t serial) {
    Cell& cell = cells_[slot];
    return cell.is_live && cell.serial == serial ? &cell.row : nullptr;
  }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }
  [[nodiscard]] std::size_t bytes() const { return cells_.bytes() + index_.bytes(); }

  // `visit(slot, row)` for every row; it may erase the row it is shown.
  template <typename Visit>
  void for_each(Visit&& visit) {
    for (std::uint32_t slot = 0; slot < used_; ++slot)
      if (cells_[slot].is_live) visit(slot, cells_[slot].row);
  }
  template <typename Visit>
  void for_each(Visit&& visit) const {
    for (std::uint32_t slot = 0; slot < used_; ++slot)
      if (cells_[slot].is_live) visit(slot, cells_[slot].row);
  }

 private:
  struct Cell {
    Row row;
    std::uint32_t serial;
    std::uint32_t next_free;  // slot + 1; 0: none
    bool is_live;
  };
  struct Entry {
    std::uint32_t tag;
    std::uint32_t slot;  // slot + 1; 0: empty
  };
  static constexpr std::uint32_t kSample = 16;
  static constexpr std::size_t kIndexFirst = 256;

  [[nodiscard]] std::uint32_t home(std::uint64_t hash) const {
    return static_cast<std::uint32_t>(hash) & mask_;
  }
  static std::uint32_t tag(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }

  void insert(std::uint64_t hash, std::uint32_t slot) {
    std::uint32_t at = home(hash);
    while (index_[at].slot != 0) at = (at + 1) & mask_;
    index_[at] = {tag(hash), slot + 1};
  }
  // Takes twice as much of the index into use; the new cell is not live yet.
  void spread(const Hasher& hasher) {
    for (std::uint32_t at = 0; at <= mask_; ++at) index_[at] = {};
    mask_ = 2 * mask_ + 1;
    for_each([&](std::uint32_t slot, const Row& row) { insert(row.key.hash(hasher), slot); });
  }
  // Linear probing without tombstones: what follows moves up unless it would pass its home.
  void close_gap(std::uint32_t gap, const Hasher& hasher) {
    for (std::uint32_t at = (gap + 1) & mask_; index_[at].slot != 0; at = (at + 1) & mask_) {
      const std::uint32_t wanted = home(cells_[index_[at].slot - 1].row.key.hash(hasher));
      if (((at - wanted) & mask_) < ((at - gap) & mask_)) continue;
      index_[gap] = index_[at];
      gap = at;
    }
    index_[gap] = {};
  }
  // The hand goes round, so that every row is looked at in turn.
  std::uint32_t silent_longest() {
    std::uint32_t oldest = kNoSlot;
    for (std::uint32_t i = 0; i < kSample || oldest == kNoSlot; ++i) {
      hand_ = hand_ + 1 < capacity_ ? hand_ + 1 : 0;
      if (!cells_[hand_].is_live) continue;
      if (oldest == kNoSlot || cells_[hand_].row.last < cells_[oldest].row.last) oldest = hand_;
    }
    return oldest;
  }

  std::uint32_t capacity_;
  // Of the part of the index that is in use, as much as there have been rows for: few rows spread
  // over a large index cost a cache miss each.
  std::uint32_t mask_;
  ZeroedArray<Cell> cells_;
  ZeroedArray<Entry> index_;
  std::uint32_t used_ = 0;
  std::uint32_t free_ = 0;  // slot + 1 of the first free cell below used_
  std::uint32_t size_ = 0;
  std::uint32_t hand_ = 0;
  std::uint32_t next_serial_ = 1;
};

}  // namespace osect::observe
