// The statements of one batch within its transaction; private to cloud/ingest.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cloud/ingest/writer.h"

namespace osect::ingest {

// Thrown inside a transaction's statements only and caught where it began: every one may fail, all
// end the same way.
struct Stopped {
  Error error;
};

template <typename T>
T take(Result<T> result) {
  if (!result) throw Stopped{result.error()};
  return std::move(*result);
}

// Writes the batch, decoded against the dictionary, on behalf of the sensor. Returns the ids as
// they are once the transaction is committed; throws Stopped.
[[nodiscard]] Ids transfer(const Sensor& sensor, const std::string& version, const Ids& ids,
                           store::Transaction& transaction, const Batch& batch,
                           const Dictionary& dictionary);

}  // namespace osect::ingest
