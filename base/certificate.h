// Keys, X.509 certificates (RFC 5280) and requests (PKCS #10, RFC 2986) as both ends of the uplink
// use them, by OpenSSL 3. Brings OpenSSL's headers along: for .cpp files.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace osect {

// Frees an object of OpenSSL with its own function.
template <auto kFree>
struct Freeing {
  template <typename T>
  void operator()(T* pointer) const {
    kFree(pointer);
  }
};
using OpensslBio = std::unique_ptr<BIO, Freeing<BIO_free_all>>;
using OpensslKey = std::unique_ptr<EVP_PKEY, Freeing<EVP_PKEY_free>>;
using OpensslCertificate = std::unique_ptr<X509, Freeing<X509_free>>;
using OpensslRequest = std::unique_ptr<X509_REQ, Freeing<X509_REQ_free>>;

// What OpenSSL, or where it is silent the system, says about the call that just failed.
[[nodiscard]] Error openssl_error(std::string_view what);

// EC P-256.
[[nodiscard]] Result<OpensslKey> make_key();
struct KeyAndRequest {
  std::string key_pem;
  std::string request_pem;  // without names: the issuer knows whom it issues to
};
[[nodiscard]] Result<KeyAndRequest> make_key_and_request();
[[nodiscard]] Result<std::string> make_request(EVP_PKEY* key);  // PEM, without names

[[nodiscard]] Result<OpensslKey> read_key(const std::string& pem);
[[nodiscard]] Result<OpensslCertificate> read_certificate(const std::string& pem);
[[nodiscard]] Result<OpensslRequest> read_request(const std::string& pem);
[[nodiscard]] std::string to_pem(const EVP_PKEY* key);  // PKCS #8, not encrypted
[[nodiscard]] std::string to_pem(const X509* certificate);
[[nodiscard]] std::string to_pem(const X509_REQ* request);

// By which a key is recognised before it is trusted: the first ten bytes of SHA-256 of the
// certificate's public key (DER), as 16 letters of Crockford's base 32.
[[nodiscard]] Result<std::string> pin_of(const std::string& certificate_pem);

}  // namespace osect
