// A sensor's side of the uplink and of enrolment for tests: real gRPC over real TLS, one call after
// the other.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "osect/v1/uplink.pb.h"

namespace osect::ingest::testing {

struct EnrolAnswer {
  bool is_ok = false;
  std::string why;
  v1::EnrollResponse response;
};
[[nodiscard]] EnrolAnswer enroll(std::uint16_t port, const std::string& authority_pem,
                                 const std::string& code, const std::string& request_pem);

struct Identity {
  std::string authority_pem;
  std::string certificate_pem;  // both "": no client certificate
  std::string key_pem;
};

// One stream. Ends when destroyed.
class Uplink {
 public:
  Uplink(std::uint16_t port, const Identity& identity);
  ~Uplink();
  Uplink(const Uplink&) = delete;
  Uplink& operator=(const Uplink&) = delete;

  // Says Hello; nothing when the stream ended instead of a Welcome.
  std::optional<v1::Welcome> hello();
  bool send(const v1::Batch& batch);
  bool ask_for_renewal(const std::string& request_pem);
  std::optional<v1::CloudMessage> receive();
  // After the stream ended: gRPC's words, "PERMISSION_DENIED: the sensor is revoked".
  std::string status();

 private:
  class Call;
  std::unique_ptr<Call> call_;
};

}  // namespace osect::ingest::testing
