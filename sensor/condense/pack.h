// Rows to columns and back: osect.v1.Records against a dictionary and the rows sent before;
// proto/osect/v1/record.proto.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sensor/condense/content.h"
#include "sensor/condense/dictionary.h"

namespace osect::v1 {
class Batch;
class Records;
}  // namespace osect::v1

namespace osect::condense {

// The last row of each conversation and operation, from which the next one is predicted. Lives as
// long as a stream.
class References {
 public:
  struct Conversation {
    std::uint64_t packets_up = 0;
    std::uint64_t packets_down = 0;
    std::uint64_t bytes_up = 0;
    std::uint64_t bytes_down = 0;
  };
  struct Operation {
    std::uint64_t count = 0;
    std::uint64_t errors = 0;
    std::uint64_t cycle_us = 0;
    std::uint64_t jitter_us = 0;
  };

  // Zeros when there was no row yet; valid until the next call.
  Conversation& conversation(std::uint32_t id) { return at(conversations_, id); }
  Operation& operation(std::uint32_t id) { return at(operations_, id); }
  void clear() {
    conversations_.clear();
    operations_.clear();
  }

 private:
  template <typename Row>
  static Row& at(std::vector<Row>& rows, std::uint32_t id) {
    if (rows.size() <= id) rows.resize(id + std::size_t{1});
    return rows[id];
  }

  std::vector<Conversation> conversations_;
  std::vector<Operation> operations_;
};

// r * n / d rounded to nearest in 128 bits, as record.proto has it.
[[nodiscard]] std::uint64_t scale(std::uint64_t r, std::uint64_t n, std::uint64_t d);

// The columns; what the dictionary lacks is added to it and announced, the references become this
// batch's rows. Rows of one key must have been merged; their times must lie within those of the
// report.
void pack(const Content& content, Dictionary& dictionary, References& references, v1::Records& out);

// The rows again, those of endpoints included that the conversations imply. Fails on columns that
// contradict each other; the dictionary and the references are then to be thrown away.
Result<Content> unpack(const v1::Records& records, Dictionary& dictionary, References& references);

// A batch that stands alone, as the spool keeps it: with its own dictionary, compressed.
[[nodiscard]] std::string pack_alone(const Content& content);
Result<Content> unpack_alone(std::string_view bytes);

}  // namespace osect::condense
