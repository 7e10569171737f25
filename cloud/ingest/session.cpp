// Decides what happens to each message of a stream.
#include "cloud/ingest/session.h"

#include <fmt/format.h>

#include "base/log.h"
#include "cloud/store/queries/ingest.h"
#include "osect/v1/uplink.pb.h"

namespace osect::ingest {

Verdict Session::open(const v1::Hello& hello, v1::Welcome& welcome) {
  Sensor sensor;
  {
    auto transaction = pool_.begin({});
    if (!transaction) return {Verdict::Kind::later, transaction.error().message};
    const auto found = transaction->run(store::query::kFindSensor, {uuid_});
    if (!found && transaction->trouble() == store::Trouble::unavailable)
      return {Verdict::Kind::later, found.error().message};
    if (!found || found->empty())
      return {Verdict::Kind::revoked, "the certificate names no sensor"};
    const store::Row row = (*found)[0];
    if (row.text(3) != "active")
      return {Verdict::Kind::revoked, fmt::format("the sensor {} is {}", row.text(4), row.text(3))};
    sensor = {uuid_, row.integer(0), row.integer(1), row.integer(2), address_};
  }
  writer_.emplace(pool_, std::move(sensor), hello.version().substr(0, 100));
  Dictionary dictionary;
  if (auto read = writer_->read(dictionary); !read)
    return {Verdict::Kind::later, read.error().message};
  const DictionaryCounts counts = dictionary.counts();
  welcome.set_committed_sequence(writer_->committed_sequence());
  auto& state = *welcome.mutable_dictionary();
  state.set_epoch(counts.epoch);
  state.set_texts(counts.texts);
  state.set_hosts(counts.hosts);
  state.set_conversations(counts.conversations);
  state.set_operations(counts.operations);
  decoder_.emplace(std::move(dictionary));
  return {};
}

Verdict Session::renew(const v1::Renewal& request, const Authority& authority,
                       v1::Renewed& renewed) {
  if (is_renewed_) return {Verdict::Kind::ended, "a stream renews its certificate once"};
  const auto certificate = authority.issue_sensor(request.certificate_request_pem(), uuid_);
  if (!certificate) {
    renewed.set_refusal(certificate.error().message);
    return {};
  }
  auto transaction = pool_.begin({.organization = sensor().organization});
  if (!transaction) return {Verdict::Kind::later, transaction.error().message};
  const auto active = transaction->run(store::query::kRenewSensor,
                                       {sensor().organization, sensor().id, certificate->serial});
  if (active && active->empty()) return {Verdict::Kind::revoked, "the sensor is revoked"};
  const auto noted = transaction->run(
      store::query::kAuditRenewal, {sensor().organization, uuid_, certificate->serial, address_});
  for (const auto* answer : {&active, &noted})
    if (!*answer) return {Verdict::Kind::later, answer->error().message};
  if (auto done = transaction->commit(); !done) return {Verdict::Kind::later, done.error().message};
  is_renewed_ = true;
  renewed.set_certificate_pem(certificate->pem);
  log::info("The certificate of sensor {} was renewed", uuid_);
  return {};
}

Verdict Session::take(const v1::Batch& message) {
  if (message.sequence() <= writer_->committed_sequence()) return {};
  if (reason_) return quarantine(message, *reason_);
  if (!waiting_) {
    auto decoded = decoder_->decode(message);
    if (!decoded) return quarantine(message, decoded.error().message);
    waiting_ = std::move(*decoded);
  }
  std::string why;
  const Outcome outcome = writer_->write(*waiting_, decoder_->dictionary(), why);
  switch (outcome) {
    case Outcome::committed:
      waiting_.reset();
      return {};
    case Outcome::unavailable:
      return {Verdict::Kind::later, why};
    case Outcome::stale:
      return {Verdict::Kind::ended, "another stream of this sensor went on"};
    case Outcome::revoked:
      return {Verdict::Kind::revoked, "the sensor is revoked"};
    case Outcome::refused:
      return quarantine(message, why);
  }
  return {Verdict::Kind::ended, why};
}

Verdict Session::quarantine(const v1::Batch& message, const std::string& reason) {
  reason_ = reason;
  std::string why;
  switch (writer_->quarantine(message.sequence(), reason, message.records(), why)) {
    case Outcome::committed:
      log::error("Batch {} of sensor {} was refused and kept aside: {}", message.sequence(), uuid_,
                 reason);
      return {Verdict::Kind::refused, reason};
    case Outcome::unavailable:
      return {Verdict::Kind::later, why};
    case Outcome::revoked:
      return {Verdict::Kind::revoked, "the sensor is revoked"};
    case Outcome::stale:
    case Outcome::refused:
      break;
  }
  return {Verdict::Kind::ended, why};
}

}  // namespace osect::ingest
