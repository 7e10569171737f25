// Keeps what a dissector notes of a flow.
#include "sensor/dissect/notes.h"

namespace osect::dissect {

void Notes::keep(std::uint32_t key, std::uint32_t value) {
  if (list_ == nullptr) return;
  for (std::uint32_t at = list_->first; at != kNone; at = (*pool_)[at].next) {
    if ((*pool_)[at].key != key) continue;
    (*pool_)[at].value = value;
    return;
  }
  if (list_->count == kNotesMax) drop_oldest();
  std::uint32_t at = pool_->try_take();
  if (at == kNone) {
    if (list_->count == 0) return;
    drop_oldest();
    at = pool_->try_take();
  }
  (*pool_)[at] = {key, value, list_->first};
  list_->first = at;
  ++list_->count;
}

std::optional<std::uint32_t> Notes::find(std::uint32_t key) const {
  if (list_ == nullptr) return std::nullopt;
  for (std::uint32_t at = list_->first; at != kNone; at = (*pool_)[at].next)
    if ((*pool_)[at].key == key) return (*pool_)[at].value;
  return std::nullopt;
}

void Notes::forget() {
  while (list_->first != kNone) {
    const std::uint32_t at = list_->first;
    list_->first = (*pool_)[at].next;
    pool_->give_back(at);
  }
  list_->count = 0;
}

void Notes::drop_oldest() {
  std::uint32_t* link = &list_->first;
  while ((*pool_)[*link].next != kNone) link = &(*pool_)[*link].next;
  pool_->give_back(*link);
  *link = kNone;
  --list_->count;
}

}  // namespace osect::dissect
