// zstd for batches: in the spool without, on the wire with the dictionary that ships
// (proto/records.zdict).
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace osect::v1 {
class Batch;
class Records;
}  // namespace osect::v1

namespace osect::condense {

// A batch of hostile size is refused before it is unpacked.
constexpr std::size_t kRecordsBytesMax = 64U << 20;

enum class Compression : unsigned char { alone, shipped_dictionary };

// Sets records and compression of the batch.
void compress(const v1::Records& records, Compression compression, v1::Batch& out);
Result<> decompress(const v1::Batch& batch, v1::Records& out);

}  // namespace osect::condense
