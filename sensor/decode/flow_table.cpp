// Open addressing with backward-shift deletion; age lists through the entries.
#include "sensor/decode/flow_table.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <new>
#include <random>

namespace osect::decode {
namespace {

constexpr std::size_t kBucketsFirst = 1024;

}  // namespace

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
      buckets_most_(std::bit_ceil(capacity_ * 2)),
      mask_(std::min(buckets_most_, kBucketsFirst) - 1),
      buckets_(static_cast<Bucket*>(std::calloc(buckets_most_, sizeof(Bucket)))),
      entries_(static_cast<Entry*>(::operator new(capacity_ * sizeof(Entry)))) {
  if (buckets_ == nullptr) throw std::bad_alloc();
}

void FlowTable::put(std::uint32_t hash, std::uint32_t slot) {
  std::size_t i = hash & mask_;
  while (buckets_[i].slot != 0) i = (i + 1) & mask_;
  buckets_[i] = {.hash = hash, .slot = slot + 1};
}

// Takes twice as many buckets into use.
void FlowTable::spread() {
  std::fill_n(buckets_.get(), mask_ + 1, Bucket{});
  mask_ = 2 * mask_ + 1;
  for (const List& list : lists_)
    for (std::uint32_t slot = list.oldest; slot != kNoSlot; slot = entries_[slot].newer)
      put(entries_[slot].hash, slot);
}

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
  if (2 * size_ > mask_) spread();
  put(hash, slot);
  link(entry, patience, now);
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
