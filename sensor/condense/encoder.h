// Batches of the spool to batches of the wire, against the dictionary that the cloud holds;
// proto/osect/v1/uplink.proto.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string_view>

#include "base/result.h"
#include "sensor/condense/dictionary.h"
#include "sensor/condense/pack.h"

namespace osect::v1 {
class Batch;
class DictionaryState;
}  // namespace osect::v1

namespace osect::condense {

// Owned by the uplink thread. One dictionary a sensor, append-only within an epoch. Everything a
// stream said that was not acknowledged may be unknown to the cloud: at the start of a stream the
// encoder goes back to what the cloud holds.
class Encoder {
 public:
  // Draws an epoch: any number that was never drawn before.
  using DrawEpoch = std::function<std::uint64_t()>;

  explicit Encoder(DrawEpoch draw_epoch, std::uint32_t entries_max = 65'536);

  // For Hello: the epoch and what is known to be committed of it.
  [[nodiscard]] v1::DictionaryState state() const;
  // A stream begins: forgets what lies beyond the cloud's counts, or starts a new epoch when they
  // are no prefix.
  void resume(const v1::DictionaryState& cloud);
  // The next batch of the stream. Fails only when the spooled batch is not one; the encoder is then
  // as before.
  Result<> encode(std::uint64_t sequence, std::string_view alone, v1::Batch& out);
  // Likewise, of a batch that was never spooled.
  void encode(std::uint64_t sequence, const Content& content, v1::Batch& out);
  // This sequence and all before it are committed.
  void acknowledge(std::uint64_t sequence);

 private:
  struct Sent {
    std::uint64_t sequence = 0;
    std::uint64_t epoch = 0;
    DictionaryCounts counts;
  };

  void start_epoch();

  DrawEpoch draw_epoch_;
  std::uint32_t entries_max_;
  std::uint64_t epoch_ = 0;
  Dictionary dictionary_;
  References references_;
  DictionaryCounts committed_;
  std::deque<Sent> in_flight_;
};

// Drawn from the kernel's random numbers.
[[nodiscard]] std::uint64_t random_epoch();

}  // namespace osect::condense
