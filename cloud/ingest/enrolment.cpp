// The transaction of an enrolment.
#include "cloud/ingest/enrolment.h"

#include <fmt/format.h>

#include "base/log.h"
#include "cloud/store/queries/connection.h"
#include "cloud/store/queries/ingest.h"

namespace osect::ingest {
namespace {

constexpr int kAttemptsAMinute = 10;
constexpr std::size_t kAddressesMax = 10'000;

}  // namespace

bool Enrolment::is_too_often(const std::string& address) {
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (now - minute_ > std::chrono::minutes(1) || attempts_.size() > kAddressesMax) {
    attempts_.clear();
    minute_ = now;
  }
  return ++attempts_[address] > kAttemptsAMinute;
}

Result<Enrolled> Enrolment::enroll(const std::string& code, const std::string& request_pem,
                                   const std::string& version, const std::string& address,
                                   EnrolmentFailure& failure) {
  using Kind = EnrolmentFailure::Kind;
  const auto fail = [&](Kind kind, std::string why) {
    failure = {kind, why};
    return Error(std::move(why));
  };
  if (is_too_often(address))
    return fail(Kind::too_many_attempts, "too many attempts; wait a minute");
  const auto hash = hash_of_code(code);
  if (!hash) return fail(Kind::wrong_code, hash.error().message);

  std::int64_t organization = 0;
  std::int64_t sensor = 0;
  {
    auto transaction = pool_.begin({});
    if (!transaction) return fail(Kind::unavailable, "the database is away");
    const auto found =
        transaction->run(store::query::kFindCode, {store::Param::bytes(std::string_view(*hash))});
    if (!found) return fail(Kind::unavailable, "the database is away");
    if (found->empty()) {
      log::warn("An enrolment from {} used a code that is not valid", address);
      return fail(Kind::wrong_code, "the code is not valid: used, expired or mistyped");
    }
    organization = (*found)[0].integer(0);
    sensor = (*found)[0].integer(1);
  }
  auto transaction = pool_.begin({.organization = organization});
  if (!transaction) return fail(Kind::unavailable, "the database is away");
  const auto names = transaction->run(store::query::kNameSensor, {organization, sensor});
  if (!names || names->empty()) return fail(Kind::unavailable, "the sensor cannot be read");
  const store::Row row = (*names)[0];
  const std::string uuid(row.text(0));
  const auto certificate = authority_.issue_sensor(request_pem, uuid);
  if (!certificate) return fail(Kind::bad_request, certificate.error().message);
  const auto used = transaction->run(
      store::query::kUseCode, {organization, sensor, store::Param::bytes(std::string_view(*hash))});
  if (!used || used->affected() != 1)
    return fail(Kind::wrong_code, "the code is not valid: used, expired or mistyped");
  const auto active =
      transaction->run(store::query::kEnrolSensor,
                       {organization, sensor, certificate->serial, version.substr(0, 100),
                        address.empty() ? store::Param(nullptr) : store::Param(address)});
  if (!active) return fail(Kind::unavailable, active.error().message);
  if (active->empty()) return fail(Kind::wrong_code, "the sensor is revoked");
  const Enrolled enrolled{certificate->pem, std::string(row.text(1)), std::string(row.text(2))};
  for (const auto& done :
       {transaction->run(store::query::kAuditEnrolment,
                         {organization, uuid, certificate->serial, address}),
        transaction->run(
            store::query::kNotifyOfChange,
            {fmt::format(R"({{"organization":"{}","kind":"sensor"}})", organization)})})
    if (!done) return fail(Kind::unavailable, done.error().message);
  if (auto done = transaction->commit(); !done)
    return fail(Kind::unavailable, done.error().message);
  log::info("Sensor {} enrolled from {}", uuid, address);
  return enrolled;
}

}  // namespace osect::ingest
