// The transactions of a stream.
#include "cloud/ingest/writer.h"

#include "cloud/ingest/transfer.h"
#include "cloud/store/queries/ingest.h"
#include "osect/v1/record.pb.h"

namespace osect::ingest {
namespace {

using store::Param;
using store::Rows;

constexpr std::size_t kQuarantineBytesMax = 1U << 20U;

std::int64_t signed_of(std::uint64_t value) {
  return static_cast<std::int64_t>(value);
}

}  // namespace

Result<> Writer::read(Dictionary& dictionary) {
  auto transaction = pool_.begin({.organization = sensor_.organization});
  if (!transaction) return transaction.error();
  for (const store::Query* query : {&store::query::kStartStream, &store::query::kStartFold})
    if (auto done = transaction->run(*query, {sensor_.organization, sensor_.id}); !done)
      return done.error();
  const auto stream =
      transaction->run(store::query::kReadStream, {sensor_.organization, sensor_.id});
  if (!stream) return stream.error();
  committed_ = static_cast<std::uint64_t>((*stream)[0].integer(0));
  epoch_ = static_cast<std::uint64_t>((*stream)[0].integer(1));
  const auto rows = transaction->run(store::query::kReadDictionary,
                                     {sensor_.organization, sensor_.id, signed_of(epoch_)});
  if (!rows) return rows.error();
  ids_ = {};
  dictionary.start(epoch_);
  for (const store::Row row : *rows) {
    v1::Announced announced;
    if (!announced.ParseFromString(row.bytes(0)))
      return Error("the dictionary of the sensor is damaged");
    if (auto added = dictionary.add(announced); !added)
      return added.error().within("the dictionary of the sensor");
    for (const std::int64_t id : row.integers(1)) ids_.endpoints.push_back(id);
    for (const std::int64_t id : row.integers(2)) ids_.conversations.push_back(id);
    for (const std::int64_t id : row.integers(3)) ids_.operations.push_back(id);
  }
  // Who has sent is not remembered here: noting it again costs one update that finds nothing to do.
  ids_.has_sent.assign(ids_.endpoints.size(), false);
  const DictionaryCounts counts = dictionary.counts();
  if (ids_.endpoints.size() != counts.hosts + 1 ||
      ids_.conversations.size() != counts.conversations + 1 ||
      ids_.operations.size() != counts.operations + 1)
    return Error("the dictionary of the sensor is damaged");
  return transaction->commit();
}

Outcome Writer::write(const Batch& batch, const Dictionary& dictionary, std::string& why) {
  auto transaction = pool_.begin({.organization = sensor_.organization});
  if (!transaction) {
    why = transaction.error().message;
    return Outcome::unavailable;
  }
  Ids ids;
  try {
    const Rows advanced =
        take(transaction->run(store::query::kAdvanceStream,
                              {sensor_.organization, sensor_.id, signed_of(batch.sequence),
                               signed_of(dictionary.counts().epoch), signed_of(committed_)}));
    if (advanced.affected() != 1) return explain_standstill(*transaction);
    ids = transfer(sensor_, version_, ids_, *transaction, batch, dictionary);
    if (auto done = transaction->commit(); !done) throw Stopped{done.error()};
  } catch (const Stopped& stopped) {
    why = stopped.error.message;
    return transaction->trouble() == store::Trouble::unavailable ? Outcome::unavailable
                                                                 : Outcome::refused;
  }
  ids_ = std::move(ids);
  committed_ = batch.sequence;
  epoch_ = dictionary.counts().epoch;
  return Outcome::committed;
}

Outcome Writer::quarantine(std::uint64_t sequence, const std::string& reason,
                           const std::string& payload, std::string& why) {
  auto transaction = pool_.begin({.organization = sensor_.organization});
  if (!transaction) {
    why = transaction.error().message;
    return Outcome::unavailable;
  }
  try {
    const Rows advanced = take(transaction->run(
        store::query::kAdvanceStream, {sensor_.organization, sensor_.id, signed_of(sequence),
                                       signed_of(epoch_), signed_of(committed_)}));
    if (advanced.affected() != 1) return explain_standstill(*transaction);
    take(
        transaction->run(store::query::kQuarantine,
                         {sensor_.organization, sensor_.id, signed_of(sequence), reason,
                          Param::bytes(std::string_view(payload).substr(0, kQuarantineBytesMax))}));
    if (auto done = transaction->commit(); !done) throw Stopped{done.error()};
  } catch (const Stopped& stopped) {
    why = stopped.error.message;
    return transaction->trouble() == store::Trouble::unavailable ? Outcome::unavailable
                                                                 : Outcome::refused;
  }
  committed_ = sequence;
  return Outcome::committed;
}

Outcome Writer::explain_standstill(store::Transaction& transaction) {
  const auto found = transaction.run(store::query::kFindSensor, {sensor_.uuid});
  if (!found) return Outcome::unavailable;
  return found->empty() || (*found)[0].text(3) != "active" ? Outcome::revoked : Outcome::stale;
}

}  // namespace osect::ingest
