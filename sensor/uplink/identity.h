// Who this sensor is to the cloud: key, certificate and authority in the state directory;
// uplink.proto, enrolment.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace osect::uplink {

struct Identity {
  std::string key_pem;          // EC P-256, never leaves the box
  std::string certificate_pem;  // of this sensor, by the authority
  std::string authority_pem;    // the only one trusted for the cloud
  // The name in the cloud's certificate when the address does not say it; empty: the address does.
  // The authority issues to this cloud alone, and for servers with a purpose of their own, so the
  // name adds nothing to be trusted.
  std::string server_name;
};

constexpr const char* kKeyFile = "sensor.key";
constexpr const char* kCertificateFile = "sensor.crt";
constexpr const char* kAuthorityFile = "authority.crt";
constexpr const char* kServerNameFile = "server_name";

Result<Identity> read_identity(const std::string& directory);
// The directory is made; files are readable by their owner only.
Result<> write_identity(const std::string& directory, const Identity& identity);

struct Validity {
  TimeNs begin = 0;
  TimeNs end = 0;

  // A certificate is renewed in the last third of its time: a sensor that is switched off for
  // months still finds its way back.
  [[nodiscard]] bool is_to_be_renewed(TimeNs now) const { return now >= end - (end - begin) / 3; }
};
Result<Validity> validity_of(const std::string& certificate_pem);

// A request for the identity's own key: it stays, its certificate is made anew.
Result<std::string> make_renewal_request(const Identity& identity);
// In the place of the certificate there is, whole or not at all; refused when it is not one of the
// identity's key by its authority.
Result<> replace_certificate(const std::string& directory, const Identity& identity,
                             const std::string& certificate_pem);

// What a server shows in its TLS handshake, unverified: to be held against a fingerprint.
struct ServerChain {
  std::vector<std::string> certificates_pem;  // the server's own first
  std::vector<std::string> names;             // of the server's own: DNS names and IP addresses
};
Result<ServerChain> read_server_chain(const std::string& host, const std::string& port);

}  // namespace osect::uplink
