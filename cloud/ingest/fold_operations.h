// Adds what was counted to the packed hours of a sensor's operations. docs/decisions/0009.
#pragma once

#include <cstdint>
#include <map>

#include "base/result.h"
#include "cloud/ingest/fold_volumes.h"
#include "cloud/store/packed.h"
#include "cloud/store/pool.h"

namespace osect::ingest {

// Counters by the beginning of the hour in milliseconds since 1970-01-01 UTC, and by operation.
using CountedOperations = std::map<std::int64_t, std::map<std::int64_t, store::Packed::Operation>>;

// Adds to operation_hour. The caller keeps others from folding this sensor until the transaction
// ends.
Result<> fold_operations(store::Transaction& transaction, const VolumesOf& of,
                         const CountedOperations& hours);

}  // namespace osect::ingest
