// Flows by their place in decode's table.
#include "sensor/signature/flow_memory.h"

namespace osect::signature {

FlowMemory::Key FlowMemory::key_of(const decode::Flow& flow) {
  return {reinterpret_cast<std::uintptr_t>(&flow)};  // NOLINT: a place as a number
}

void FlowMemory::Entry::advance(std::uint8_t flags, bool is_from_opener) {
  const bool is_syn = (flags & decode::tcp_flag::kSyn) != 0;
  const bool is_ack = (flags & decode::tcp_flag::kAck) != 0;
  if (stage == Stage::none && is_syn && !is_ack && is_from_opener) {
    stage = Stage::opened;
  } else if (stage == Stage::opened && is_syn && is_ack && !is_from_opener) {
    stage = Stage::answered;
  } else if (stage == Stage::answered && is_ack && !is_syn &&
             (flags & decode::tcp_flag::kRst) == 0 && is_from_opener) {
    stage = Stage::established;
  }
}

FlowMemory::Entry& FlowMemory::of(const decode::Segment& segment, std::uint64_t& evicted) {
  const Key key = key_of(*segment.flow);
  std::uint32_t slot = table_.find(key, hasher_);
  if (slot == observe::kNoSlot) {
    slot = table_.add(key, hasher_, [&](const Entry&) { ++evicted; });
    table_[slot].opener = segment.from;
  }
  table_[slot].last = segment.time;
  return table_[slot];
}

void FlowMemory::forget(const decode::Flow& flow) {
  const std::uint32_t slot = table_.find(key_of(flow), hasher_);
  if (slot != observe::kNoSlot) table_.erase(slot, hasher_);
}

}  // namespace osect::signature
