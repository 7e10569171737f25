// One stream of one sensor from Hello on: what a message leads to, without the transport.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cloud/ingest/authority.h"
#include "cloud/ingest/batch.h"
#include "cloud/ingest/decoder.h"
#include "cloud/ingest/writer.h"
#include "cloud/store/pool.h"

namespace osect::v1 {
class Batch;
class Hello;
class Renewal;
class Renewed;
class Welcome;
}  // namespace osect::v1

namespace osect::ingest {

// What to do with a batch.
struct Verdict {
  enum class Kind : std::uint8_t {
    acknowledged,  // it is committed, now or before
    refused,       // it is quarantined: say so, end the stream
    later,         // the database is away: the same message again after a while
    ended,         // end the stream without a word about the batch; `why` says why
    revoked,
  };
  Kind kind = Kind::acknowledged;
  std::string why;
};

// Blocks on the database; used by one worker thread at a time.
class Session {
 public:
  Session(store::Pool& pool, std::string uuid, std::string address)
      : pool_(pool), uuid_(std::move(uuid)), address_(std::move(address)) {}

  // Finds the sensor of the certificate and what is committed of it. acknowledged: `welcome` is the
  // answer.
  Verdict open(const v1::Hello& hello, v1::Welcome& welcome);
  // Another certificate for the sensor of this stream, once; refused with `renewed` saying why.
  Verdict renew(const v1::Renewal& request, const Authority& authority, v1::Renewed& renewed);
  // Batches in the order of the stream. After `later` only the same message may follow.
  Verdict take(const v1::Batch& message);

  [[nodiscard]] const Sensor& sensor() const { return writer_->sensor(); }  // once open

 private:
  Verdict quarantine(const v1::Batch& message, const std::string& reason);

  store::Pool& pool_;
  const std::string uuid_;
  const std::string address_;
  std::optional<Writer> writer_;
  std::optional<Decoder> decoder_;
  std::optional<Batch> waiting_;  // decoded, not yet committed
  bool is_renewed_ = false;
  std::optional<std::string> reason_;  // why the waiting message is to be quarantined
};

}  // namespace osect::ingest
