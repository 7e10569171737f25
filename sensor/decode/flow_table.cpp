// Open addressing with backward-shift deletion; age lists through the entries.
#include "sensor/decode/flow_table.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <new>
#include <random>

namespace osect::decode {

HashSeed HashSeed::random() {
  std::random_device device;
  const auto word = [&device] {
    return static_cast<std::uint64_t>(device()) << 32 | static_cast<std::uint64_t>(device());
  };
  return {.a = word() | 1U, .b = word() | 1U};
}

FlowTable::FlowTable(std::size_t flows_max, const HashSeed& seed)
    : capacity_(std::max<std::size_t>(flows_max, 1)),
      seed_(seed),
      mask_(std::bit_ceil(capacity_ * 2) - 1),
      buckets_(new Bucket[mask_ + 1]()),
      entries_(static_cast<Entry*>(::operator new(capacity_ * sizeof(Entry)))) {}

FlowTable::Entry& FlowTable::insert(const FlowKey& key, std::uint32_t hash, Patience patience,
                                    TimeNs now) {
  assert(!is_full());
  std::uint32_t slot = free_;
  if (slot != kNoSlot)
    free_ = entries_[slot].newer;
  else
    slot = static_cast<std::uint32_t>(used_++);
  Entry& entry = *std::construct_at(&entries_[slot]);
  entry.key = key;
  entry.hash = hash;
  link(entry, patience, now);
  std::size_t i = hash & mask_;
  while (buckets_[i].slot != 0) i = (i + 1) & mask_;
  buckets_[i] = {.hash = hash, .slot = slot + 1};
  ++size_;
  return entry;
}

void FlowTable::erase(Entry& entry) {
  const std::uint32_t slot = slot_of(entry);
  std::size_t hole = entry.hash & mask_;
  while (buckets_[hole].slot != slot + 1) hole = (hole + 1) & mask_;
  // Close the hole so that a probe never meets a false end.
  for (std::size_t i = (hole + 1) & mask_; buckets_[i].slot != 0; i = (i + 1) & mask_) {
    const std::size_t home = buckets_[i].hash & mask_;
    if (((i - home) & mask_) >= ((i - hole) & mask_)) {
      buckets_[hole] = buckets_[i];
      hole = i;
    }
  }
  buckets_[hole] = {};
  unlink(entry);
  entry.newer = free_;
  free_ = slot;
  --size_;
}

void FlowTable::move(Entry& entry, Patience patience, TimeNs now) {
  unlink(entry);
  link(entry, patience, now);
}

void FlowTable::link(Entry& entry, Patience patience, TimeNs now) {
  List& list = lists_[static_cast<std::size_t>(patience)];
  const std::uint32_t slot = slot_of(entry);
  entry.patience = patience;
  entry.touched = now;
  entry.newer = kNoSlot;
  entry.older = list.newest;
  if (list.newest != kNoSlot)
    entries_[list.newest].newer = slot;
  else
    list.oldest = slot;
  list.newest = slot;
}

void FlowTable::unlink(Entry& entry) {
  List& list = lists_[static_cast<std::size_t>(entry.patience)];
  (entry.older != kNoSlot ? entries_[entry.older].newer : list.oldest) = entry.newer;
  (entry.newer != kNoSlot ? entries_[entry.newer].older : list.newest) = entry.older;
}

}  // namespace osect::decode
