// X.509 by OpenSSL 3.
#include "cloud/ingest/authority.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/address.h"
#include "base/certificate.h"
#include "base/crockford.h"
#include "base/file.h"

namespace osect::ingest {
namespace {

constexpr std::size_t kSecretBytes = 10;
constexpr long kYearSeconds = 365L * 86400;

using Number = std::unique_ptr<BIGNUM, Freeing<BN_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freeing<X509_EXTENSION_free>>;

std::string sha256(std::string_view text) {
  std::string out(SHA256_DIGEST_LENGTH, '\0');
  std::size_t length = 0;
  EVP_Q_digest(nullptr, "SHA256", nullptr, text.data(), text.size(),
               // OpenSSL writes unsigned char; the bytes are the same.
               static_cast<unsigned char*>(static_cast<void*>(out.data())), &length);
  return out;
}

bool add_extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  return extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1;
}

struct Wish {
  std::string common_name;
  long seconds = kYearSeconds;
  std::vector<std::pair<int, std::string>> extensions;
};

// A certificate for the subject's key, signed by the issuer's; the issuer is null for a self-signed
// one.
Result<OpensslCertificate> sign(EVP_PKEY* subject_key, X509* issuer, EVP_PKEY* issuer_key,
                                const Wish& wish) {
  OpensslCertificate certificate(X509_new());
  const Number serial(BN_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  if (BN_rand(serial.get(), 127, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) != 1 ||
      BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate.get())) == nullptr)
    return openssl_error("draw a serial number");
  // A sensor's clock may be behind when it enrols.
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -86400L);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), wish.seconds);
  X509_set_pubkey(certificate.get(), subject_key);
  X509_NAME* const name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_NID(
      name, NID_commonName, MBSTRING_UTF8,
      static_cast<const unsigned char*>(static_cast<const void*>(wish.common_name.data())),
      static_cast<int>(wish.common_name.size()), -1, 0);
  X509* const signer = issuer == nullptr ? certificate.get() : issuer;
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(signer));
  for (const auto& [nid, value] : wish.extensions)
    if (!add_extension(certificate.get(), signer, nid, value)) return openssl_error("add " + value);
  if (X509_sign(certificate.get(), issuer_key, EVP_sha256()) == 0)
    return openssl_error("sign a certificate");
  return certificate;
}

Result<> write_private(const std::filesystem::path& path, const std::string& text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0)
    return Error(fmt::format("cannot make {}: {}", path.string(), std::strerror(errno)));
  const bool is_written =
      ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
      ::fsync(file) == 0;
  ::close(file);
  if (!is_written)
    return Error(fmt::format("cannot write {}: {}", path.string(), std::strerror(errno)));
  return {};
}

Result<> create(const std::filesystem::path& key_path,
                const std::filesystem::path& certificate_path) {
  const auto key = make_key();
  if (!key) return key.error();
  std::array<std::uint8_t, 5> tag{};
  RAND_bytes(tag.data(), static_cast<int>(tag.size()));
  const auto certificate = sign(key->get(), nullptr, key->get(),
                                {"OsecT authority " + crockford_text(tag),
                                 20 * kYearSeconds,
                                 {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                                  {NID_key_usage, "critical,keyCertSign,cRLSign"},
                                  {NID_subject_key_identifier, "hash"}}});
  if (!certificate) return certificate.error();
  // The certificate goes last: whoever finds it finds the key.
  if (auto done = write_private(key_path, to_pem(key->get())); !done) return done;
  return write_private(certificate_path, to_pem(certificate->get()));
}

std::string subject_alternatives(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names)
    out += (out.empty() ? "" : ",") + std::string(IpAddress::parse(name) ? "IP:" : "DNS:") + name;
  return out;
}

}  // namespace

Result<Authority> Authority::open(const std::string& directory) {
  const std::filesystem::path key_path = std::filesystem::path(directory) / "authority.key";
  const std::filesystem::path certificate_path = std::filesystem::path(directory) / "authority.crt";
  if (!std::filesystem::exists(key_path) && !std::filesystem::exists(certificate_path))
    if (auto created = create(key_path, certificate_path); !created) return created.error();
  const auto key_pem = read_file(key_path);
  if (!key_pem) return key_pem.error();
  const auto certificate_pem = read_file(certificate_path);
  if (!certificate_pem) return certificate_pem.error();
  auto key = read_key(*key_pem);
  if (!key) return key.error().within(key_path.string());
  auto certificate = read_certificate(*certificate_pem);
  if (!certificate) return certificate.error().within(certificate_path.string());
  if (X509_check_private_key(certificate->get(), key->get()) != 1)
    return Error(fmt::format("{} and {} do not belong together", key_path.string(),
                             certificate_path.string()));
  const auto pin = pin_of(*certificate_pem);
  if (!pin) return pin.error().within(certificate_path.string());
  Authority authority;
  authority.key_ = std::move(*key);
  authority.certificate_ = std::move(*certificate);
  authority.certificate_pem_ = *certificate_pem;
  authority.pin_ = *pin;
  return authority;
}

OneTimeCode Authority::make_code() const {
  std::array<std::uint8_t, kSecretBytes> secret{};
  const bool is_drawn = RAND_bytes(secret.data(), static_cast<int>(secret.size())) == 1;
  assert(is_drawn);
  static_cast<void>(is_drawn);
  const std::string letters = crockford_text(secret);
  return {fmt::format("{}-{}-{}-{}-{}", letters.substr(0, 4), letters.substr(4, 4),
                      letters.substr(8, 4), letters.substr(12, 4), pin_),
          sha256(letters)};
}

Result<std::string> hash_of_code(const std::string& text) {
  const auto letters = crockford_letters(text);
  if (!letters) return Error("the code contains what no code contains");
  if (letters->size() != 32 && letters->size() != 16) return Error("the code has a wrong length");
  return {boost::system::in_place_value, sha256(std::string_view(*letters).substr(0, 16))};
}

Result<ServerIdentity> Authority::issue_server(const std::vector<std::string>& names) const {
  if (names.empty()) return Error("a server certificate needs at least one name");
  const auto key = make_key();
  if (!key) return key.error();
  const auto certificate = sign(key->get(), certificate_.get(), key_.get(),
                                {"OsecT",
                                 kYearSeconds,
                                 {{NID_basic_constraints, "critical,CA:FALSE"},
                                  {NID_key_usage, "critical,digitalSignature"},
                                  {NID_ext_key_usage, "serverAuth"},
                                  {NID_subject_alt_name, subject_alternatives(names)},
                                  {NID_authority_key_identifier, "keyid"}}});
  if (!certificate) return certificate.error();
  return ServerIdentity{to_pem(certificate->get()), to_pem(key->get())};
}

Result<Certificate> Authority::issue_sensor(const std::string& request_pem,
                                            const std::string& uuid) const {
  const auto request = read_request(request_pem);
  if (!request) return request.error();
  EVP_PKEY* const key = X509_REQ_get0_pubkey(request->get());
  if (key == nullptr || X509_REQ_verify(request->get(), key) != 1)
    return Error("the certificate request is not signed by its own key");
  if (EVP_PKEY_is_a(key, "EC") != 1 || EVP_PKEY_get_bits(key) < 256)
    return Error("the key of a certificate request must be an elliptic curve of 256 bits or more");
  const auto certificate = sign(key, certificate_.get(), key_.get(),
                                {uuid,
                                 kYearSeconds,
                                 {{NID_basic_constraints, "critical,CA:FALSE"},
                                  {NID_key_usage, "critical,digitalSignature"},
                                  {NID_ext_key_usage, "clientAuth"},
                                  {NID_authority_key_identifier, "keyid"}}});
  if (!certificate) return certificate.error();
  const Number serial(ASN1_INTEGER_to_BN(X509_get_serialNumber(certificate->get()), nullptr));
  char* const hex = BN_bn2hex(serial.get());
  Certificate out{to_pem(certificate->get()), hex};
  OPENSSL_free(hex);
  return out;
}

}  // namespace osect::ingest
