// A fixed number of places for values of one type, handed out by index; memory is reserved at start
// and touched on first use.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <type_traits>

#include "sensor/decode/flow.h"

namespace osect::dissect {

constexpr std::uint32_t kNone = decode::kNoSlot;

// Never grows. Indices stay valid until they are given back. One thread.
template <typename T>
class Pool {
  static_assert(std::is_trivially_destructible_v<T>);

 public:
  explicit Pool(std::size_t capacity)
      : capacity_(static_cast<std::uint32_t>(capacity)),
        places_(std::make_unique_for_overwrite<Place[]>(capacity)) {}

  // A place holding a default-initialised T, or kNone when all are taken.
  [[nodiscard]] std::uint32_t try_take() {
    std::uint32_t at = free_;
    if (at != kNone) {
      free_ = places_[at].next_free;
    } else if (touched_ < capacity_) {
      at = touched_++;
    } else {
      return kNone;
    }
    // Not T(): that would clear the whole of a large place whose user fills what it needs.
    new (&places_[at].value) T;
    ++in_use_;
    return at;
  }
  void give_back(std::uint32_t at) {
    places_[at].next_free = free_;
    free_ = at;
    --in_use_;
  }

  [[nodiscard]] T& operator[](std::uint32_t at) { return places_[at].value; }
  [[nodiscard]] std::uint32_t capacity() const { return capacity_; }
  [[nodiscard]] std::uint32_t in_use() const { return in_use_; }
  [[nodiscard]] std::size_t memory_bytes() const { return capacity_ * sizeof(Place); }

 private:
  union Place {
    Place() {}  // NOLINT(modernize-use-equals-default): leaves the memory untouched, which a
                // defaulted one may not
    T value;
    std::uint32_t next_free;
  };

  std::uint32_t capacity_;
  std::uint32_t touched_ = 0;  // places beyond were never used
  std::uint32_t in_use_ = 0;
  std::uint32_t free_ = kNone;
  std::unique_ptr<Place[]> places_;
};

}  // namespace osect::dissect
