// Notes of a flow: numbers that a dissector keeps under numbers from one message to the next, few
// and bounded.
#pragma once

#include <cstdint>
#include <optional>

#include "sensor/dissect/pool.h"

namespace osect::dissect {

struct Note {
  std::uint32_t key;
  std::uint32_t value;
  std::uint32_t next;
};

// A flow's notes, newest first: a list through the pool.
struct NoteList {
  std::uint32_t first = kNone;
  std::uint32_t count = 0;
};

// Of one flow; beyond it, and beyond the pool, its oldest goes.
constexpr std::uint32_t kNotesMax = 64;

// Of nobody: keeps nothing and finds nothing.
class Notes {
 public:
  Notes() = default;
  Notes(Pool<Note>& pool, NoteList& list) : pool_(&pool), list_(&list) {}

  [[nodiscard]] bool is_of_a_flow() const { return list_ != nullptr; }
  // Takes the place of what stood under the key.
  void keep(std::uint32_t key, std::uint32_t value);
  [[nodiscard]] std::optional<std::uint32_t> find(std::uint32_t key) const;
  void forget();

 private:
  void drop_oldest();

  Pool<Note>* pool_ = nullptr;
  NoteList* list_ = nullptr;
};

}  // namespace osect::dissect
