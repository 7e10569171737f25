// Enrolment: a one-time code and a certificate request become a certificate.
#pragma once

#include <array>
#include <chrono>
#include <map>
#include <mutex>
#include <string>

#include "base/result.h"
#include "cloud/ingest/authority.h"
#include "cloud/store/pool.h"

namespace osect::ingest {

struct Enrolled {
  std::string certificate_pem;
  std::string sensor_name;
  std::string site_name;
};

// Why an enrolment failed, so that the caller can answer in gRPC's words.
struct EnrolmentFailure {
  enum class Kind : std::uint8_t { wrong_code, too_many_attempts, bad_request, unavailable };
  Kind kind = Kind::unavailable;
  std::string why;
};

// Any thread; blocks on the database.
class Enrolment {
 public:
  Enrolment(store::Pool& pool, const Authority& authority) : pool_(pool), authority_(authority) {}

  // Uses up the code, makes the sensor active and issues its certificate, all or nothing. Whether a
  // code was never made, is used up or expired is not told.
  Result<Enrolled> enroll(const std::string& code, const std::string& request_pem,
                          const std::string& version, const std::string& address,
                          EnrolmentFailure& failure);

 private:
  bool is_too_often(const std::string& address);

  store::Pool& pool_;
  const Authority& authority_;
  std::mutex mutex_;
  // Attempts by address within the current minute; all addresses are forgotten with the minute.
  std::map<std::string, int> attempts_;
  std::chrono::steady_clock::time_point minute_{};
};

}  // namespace osect::ingest
