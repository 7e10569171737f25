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

// When the certificate stops being valid.
Result<TimeNs> expiry_of(const std::string& certificate_pem);

// What a server shows in its TLS handshake, unverified: to be held against a fingerprint.
struct ServerChain {
  std::vector<std::string> certificates_pem;  // the server's own first
  std::vector<std::string> names;             // of the server's own: DNS names and IP addresses
};
Result<ServerChain> read_server_chain(const std::string& host, const std::string& port);

}  // namespace osect::uplink
