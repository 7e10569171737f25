// The rows that something fell on since the last interval: most rows of a factory are silent in
// most minutes, and to look at each of them would cost more than all their packets.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace osect::observe {

// Of one table whose rows have a member `bool is_touched`. Whoever clears it takes the row off the
// list until it is noted again. One thread; nothing is allocated after the construction.
class TouchedRows {
 public:
  // `rows_max`: the table's capacity.
  explicit TouchedRows(std::size_t rows_max) { slots_.reserve(rows_max); }

  template <typename Row>
  void note(Row& row, std::uint32_t slot) {
    if (row.is_touched) [[likely]]
      return;
    row.is_touched = true;
    add(slot);
  }
  // Calls `visit(row)` for the rows on the list, in the order of the table.
  template <typename Table, typename Visit>
  void for_each(Table& rows, Visit&& visit) {
    if (are_all_) return rows.for_each([&](std::uint32_t, auto& row) { visit(row); });
    std::sort(slots_.begin(), slots_.end());
    slots_.erase(std::unique(slots_.begin(), slots_.end()), slots_.end());
    for (const std::uint32_t slot : slots_)
      if (rows.is_live(slot) && rows[slot].is_touched) visit(rows[slot]);
  }
  // The interval is over: no row is on the list.
  template <typename Table>
  void clear(Table& rows) {
    for_each(rows, [](auto& row) { row.is_touched = false; });
    slots_.clear();
    are_all_ = false;
  }
  [[nodiscard]] std::size_t bytes() const { return slots_.capacity() * sizeof(std::uint32_t); }

 private:
  // Out of line: once an interval for each row.
  [[gnu::noinline]] void add(std::uint32_t slot) {
    if (slots_.size() < slots_.capacity())
      slots_.push_back(slot);
    else
      are_all_ = true;  // so many rows left and were followed by others that the list is full
  }

  // A slot may stand here twice, when its row left and the next one was touched as well.
  std::vector<std::uint32_t> slots_;
  bool are_all_ = false;
};

}  // namespace osect::observe
