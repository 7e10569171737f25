// The sensor's side of the session dictionary.
#include "sensor/condense/encoder.h"

#include <random>

#include "osect/v1/record.pb.h"
#include "osect/v1/uplink.pb.h"
#include "sensor/condense/compress.h"

namespace osect::condense {

Encoder::Encoder(DrawEpoch draw_epoch, std::uint32_t entries_max)
    : draw_epoch_(std::move(draw_epoch)), entries_max_(entries_max) {
  start_epoch();
}

void Encoder::start_epoch() {
  epoch_ = draw_epoch_();
  dictionary_ = Dictionary();
  references_.clear();
  committed_ = {};
}

v1::DictionaryState Encoder::state() const {
  v1::DictionaryState state;
  state.set_epoch(epoch_);
  state.set_texts(committed_.texts);
  state.set_hosts(committed_.hosts);
  state.set_conversations(committed_.conversations);
  state.set_operations(committed_.operations);
  return state;
}

void Encoder::resume(const v1::DictionaryState& cloud) {
  in_flight_.clear();
  const DictionaryCounts held{cloud.texts(), cloud.hosts(), cloud.conversations(),
                              cloud.operations()};
  if (cloud.epoch() != epoch_ || !held.is_prefix_of(dictionary_.counts())) {
    start_epoch();
    return;
  }
  dictionary_.truncate(held);
  references_.clear();
  committed_ = held;
}

Result<> Encoder::encode(std::uint64_t sequence, std::string_view alone, v1::Batch& out) {
  auto content = unpack_alone(alone);
  if (!content) return content.error();
  encode(sequence, *content, out);
  return {};
}

void Encoder::encode(std::uint64_t sequence, const Content& content, v1::Batch& out) {
  if (dictionary_.counts().largest() >= entries_max_) start_epoch();
  v1::Records records;
  pack(content, dictionary_, references_, records);
  out.set_sequence(sequence);
  out.set_epoch(epoch_);
  compress(records, Compression::shipped_dictionary, out);
  in_flight_.push_back({sequence, epoch_, dictionary_.counts()});
}

void Encoder::acknowledge(std::uint64_t sequence) {
  while (!in_flight_.empty() && in_flight_.front().sequence <= sequence) {
    if (in_flight_.front().epoch == epoch_) committed_ = in_flight_.front().counts;
    in_flight_.pop_front();
  }
}

std::uint64_t random_epoch() {
  std::random_device device;
  return (std::uint64_t{device()} << 32) | device();
}

}  // namespace osect::condense
