// Bytes of a sensor to a Batch: trusts nothing; proto/osect/v1/record.proto and uplink.proto.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cloud/ingest/batch.h"

namespace osect::v1 {
class Announced;
class Batch;
}  // namespace osect::v1

namespace osect::ingest {

// What the dictionary of one sensor holds. Append-only within an epoch.
class Dictionary {
 public:
  [[nodiscard]] DictionaryCounts counts() const;
  [[nodiscard]] const std::string& text(std::uint32_t id) const { return texts_[id]; }
  [[nodiscard]] const Host& host(std::uint32_t id) const { return hosts_[id]; }
  [[nodiscard]] const ConversationKey& conversation(std::uint32_t id) const {
    return conversations_[id];
  }
  [[nodiscard]] const OperationKey& operation(std::uint32_t id) const { return operations_[id]; }

  void start(std::uint64_t epoch);
  // Takes all of the announcements or says what is wrong with them; the dictionary is then to be
  // thrown away.
  Result<> add(const v1::Announced& announced);

 private:
  Result<> add_texts(const v1::Announced& announced);
  Result<> add_hosts(const v1::Announced& announced);
  Result<> add_conversations(const v1::Announced& announced);
  Result<> add_operations(const v1::Announced& announced);

  // Position 0 of each is "none": a host without any address, the empty text.
  std::uint64_t epoch_ = 0;
  std::vector<std::string> texts_{1};
  std::vector<Host> hosts_{1};
  std::vector<ConversationKey> conversations_{1};
  std::vector<OperationKey> operations_{1};
};

// Decodes the batches of one stream in their order. Bounded whatever the bytes are. After a failure
// the stream must end: dictionary and references are no longer those of the sensor.
class Decoder {
 public:
  explicit Decoder(Dictionary dictionary) : dictionary_(std::move(dictionary)) {}

  [[nodiscard]] const Dictionary& dictionary() const { return dictionary_; }
  Result<Batch> decode(const v1::Batch& message);

 private:
  friend class Columns;
  struct Reference {
    std::uint64_t packets_up = 0;
    std::uint64_t packets_down = 0;
    std::uint64_t bytes_up = 0;
    std::uint64_t bytes_down = 0;
  };
  struct OperationReference {
    std::uint64_t count = 0;
    std::uint64_t errors = 0;
    std::uint64_t cycle_us = 0;
    std::uint64_t jitter_us = 0;
  };

  Dictionary dictionary_;
  std::vector<Reference> references_;
  std::vector<OperationReference> operation_references_;
  // Position in the batch's endpoints by host, used within one decode.
  std::vector<std::uint32_t> endpoint_at_;
};

}  // namespace osect::ingest
