// The built-in certificate authority and the one-time codes of enrolment. EC P-256, X.509 v3 (RFC
// 5280).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

struct evp_pkey_st;
struct x509_st;

namespace osect::ingest {

struct Certificate {
  std::string pem;
  std::string serial;  // hexadecimal
};

struct ServerIdentity {
  std::string certificate_pem;
  std::string key_pem;
};

// "ABCD-EFGH-JKMN-PQRS-0123456789ABCDEF": 80 random bits, then the pin of the authority's key, by
// which a sensor recognises the right cloud before it trusts it. Crockford's base 32.
struct OneTimeCode {
  std::string text;  // shown once, never stored
  std::string hash;  // of the secret: enrolment_code.code_hash
};

// Immutable once opened; any thread may use it.
class Authority {
 public:
  // Reads authority.key and authority.crt in the directory; makes both, readable by their owner
  // only, when there are none.
  static Result<Authority> open(const std::string& directory);

  [[nodiscard]] const std::string& certificate_pem() const { return certificate_pem_; }
  [[nodiscard]] OneTimeCode make_code() const;
  // For servers known by these DNS names and IP addresses; a fresh key, one year.
  [[nodiscard]] Result<ServerIdentity> issue_server(const std::vector<std::string>& names) const;
  // For the key of a PKCS #10 request; whatever names the request holds are ignored. One year.
  [[nodiscard]] Result<Certificate> issue_sensor(const std::string& request_pem,
                                                 const std::string& uuid) const;

 private:
  std::shared_ptr<evp_pkey_st> key_;
  std::shared_ptr<x509_st> certificate_;
  std::string certificate_pem_;
  std::string pin_;
};

// The hash under which a code that a sensor sent would be found; fails on what cannot be a code.
// Letters of either case, the look-alikes O, I and L, spaces and dashes are understood.
[[nodiscard]] Result<std::string> hash_of_code(const std::string& text);

}  // namespace osect::ingest
