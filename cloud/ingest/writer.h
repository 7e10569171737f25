// One batch into the database: one transaction, exactly once, in the organization of the
// certificate's sensor.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "cloud/ingest/batch.h"
#include "cloud/ingest/decoder.h"
#include "cloud/store/pool.h"

namespace osect::ingest {

// Who a sensor is, as its row says; nothing here comes from a message.
struct Sensor {
  std::string uuid;
  std::int64_t organization = 0;
  std::int64_t site = 0;
  std::int64_t id = 0;
  std::string address;
};

enum class Outcome : std::uint8_t {
  committed,
  unavailable,  // the database is; the same batch may be tried again
  refused,      // the database will never take it
  stale,  // another stream of this sensor committed meanwhile: start again from what is committed
  revoked,
};

// What the ids of a sensor's dictionary are in the database; position 0 is "none".
struct Ids {
  std::vector<std::int64_t> endpoints{0};
  std::vector<bool> has_sent{false};
  std::vector<std::int64_t> conversations{0};
  std::vector<std::int64_t> operations{0};
};

// Belongs to one stream; used by one worker thread at a time.
class Writer {
 public:
  Writer(store::Pool& pool, Sensor sensor, std::string version)
      : pool_(pool), sensor_(std::move(sensor)), version_(std::move(version)) {}

  // Reads what is committed of the sensor: its sequence, and into `dictionary` what the cloud holds
  // of it.
  Result<> read(Dictionary& dictionary);
  [[nodiscard]] std::uint64_t committed_sequence() const { return committed_; }

  // Commits the batch, decoded against the dictionary, or leaves everything as it was. `why` says
  // what failed.
  Outcome write(const Batch& batch, const Dictionary& dictionary, std::string& why);
  // Commits that the batch was refused: kept aside, counted as committed, the dictionary untouched.
  Outcome quarantine(std::uint64_t sequence, const std::string& reason, const std::string& payload,
                     std::string& why);

  [[nodiscard]] const Sensor& sensor() const { return sensor_; }

 private:
  Outcome explain_standstill(store::Transaction& transaction);

  store::Pool& pool_;
  const Sensor sensor_;
  const std::string version_;
  std::uint64_t committed_ = 0;
  std::uint64_t epoch_ = 0;
  Ids ids_;
};

}  // namespace osect::ingest
