// PEM texts by way of OpenSSL's memory BIOs.
#include "base/certificate.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/sha.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <span>

#include "base/crockford.h"

namespace osect {
namespace {

constexpr std::size_t kPinBytes = 10;

template <typename Write>
std::string text_of(const Write& write) {
  const OpensslBio bio(BIO_new(BIO_s_mem()));
  write(bio.get());
  char* data = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(length)};
}

template <typename Owner, auto kRead>
Result<Owner> read_pem(const std::string& pem, std::string_view what) {
  const OpensslBio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  Owner owner(kRead(bio.get(), nullptr, nullptr, nullptr));
  if (!owner) return openssl_error(what);
  return owner;
}

}  // namespace

Error openssl_error(std::string_view what) {
  std::array<char, 256> text{};
  const auto code = ERR_get_error();
  ERR_error_string_n(code, text.data(), text.size());
  ERR_clear_error();
  return Error(code == 0 ? std::string(std::strerror(errno)) : std::string(text.data()))
      .within(what);
}

Result<OpensslKey> make_key() {
  OpensslKey key(EVP_EC_gen("P-256"));
  if (!key) return openssl_error("a key cannot be made");
  return key;
}

Result<KeyAndRequest> make_key_and_request() {
  const auto key = make_key();
  if (!key) return key.error();
  auto request = make_request(key->get());
  if (!request) return request.error();
  return KeyAndRequest{to_pem(key->get()), std::move(*request)};
}

Result<std::string> make_request(EVP_PKEY* key) {
  const OpensslRequest request(X509_REQ_new());
  if (!request || X509_REQ_set_pubkey(request.get(), key) != 1 ||
      X509_REQ_sign(request.get(), key, EVP_sha256()) == 0)
    return openssl_error("a certificate request cannot be made");
  return {boost::system::in_place_value, to_pem(request.get())};
}

Result<OpensslKey> read_key(const std::string& pem) {
  return read_pem<OpensslKey, PEM_read_bio_PrivateKey>(pem, "a key cannot be read");
}

Result<OpensslCertificate> read_certificate(const std::string& pem) {
  return read_pem<OpensslCertificate, PEM_read_bio_X509>(pem, "a certificate cannot be read");
}

Result<OpensslRequest> read_request(const std::string& pem) {
  return read_pem<OpensslRequest, PEM_read_bio_X509_REQ>(pem,
                                                         "a certificate request cannot be read");
}

std::string to_pem(const EVP_PKEY* key) {
  return text_of([&](BIO* bio) {
    PEM_write_bio_PKCS8PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
  });
}

std::string to_pem(const X509* certificate) {
  return text_of([&](BIO* bio) { PEM_write_bio_X509(bio, certificate); });
}

std::string to_pem(const X509_REQ* request) {
  return text_of([&](BIO* bio) { PEM_write_bio_X509_REQ(bio, request); });
}

Result<std::string> pin_of(const std::string& certificate_pem) {
  const auto certificate = read_certificate(certificate_pem);
  if (!certificate) return certificate.error();
  unsigned char* der = nullptr;
  const int length = i2d_PUBKEY(X509_get0_pubkey(certificate->get()), &der);
  if (length <= 0) return openssl_error("the key of a certificate cannot be read");
  std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest{};
  SHA256(der, static_cast<std::size_t>(length), digest.data());
  OPENSSL_free(der);
  return {boost::system::in_place_value, crockford_text(std::span(digest).first(kPinBytes))};
}

}  // namespace osect
