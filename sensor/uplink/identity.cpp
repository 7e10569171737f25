// Keys and certificates by OpenSSL 3; X.509 (RFC 5280), PKCS #10 (RFC 2986).
#include "sensor/uplink/identity.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <span>

#include "base/address.h"

namespace osect::uplink {
namespace {

template <auto kFree>
struct Freeing {
  template <typename T>
  void operator()(T* pointer) const {
    kFree(pointer);
  }
};
using Bio = std::unique_ptr<BIO, Freeing<BIO_free_all>>;
using Key = std::unique_ptr<EVP_PKEY, Freeing<EVP_PKEY_free>>;
using Cert = std::unique_ptr<X509, Freeing<X509_free>>;
using Request = std::unique_ptr<X509_REQ, Freeing<X509_REQ_free>>;
using Context = std::unique_ptr<SSL_CTX, Freeing<SSL_CTX_free>>;
using Names = std::unique_ptr<GENERAL_NAMES, Freeing<GENERAL_NAMES_free>>;

Error openssl_error(std::string_view what) {
  std::array<char, 256> text{};
  const auto code = ERR_get_error();
  ERR_error_string_n(code, text.data(), text.size());
  ERR_clear_error();
  return Error(code == 0 ? std::string(std::strerror(errno)) : std::string(text.data()))
      .within(what);
}

template <typename Write>
std::string to_pem(const Write& write) {
  const Bio bio(BIO_new(BIO_s_mem()));
  write(bio.get());
  char* data = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(length)};
}

Cert certificate_from(const std::string& pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return Cert(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
}

Result<std::string> read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return Error(fmt::format("cannot read {}: {}", path.string(), std::strerror(errno)));
  return {boost::system::in_place_value, std::istreambuf_iterator<char>(in),
          std::istreambuf_iterator<char>()};
}

// Whole or not at all, also when the power fails in between.
Result<> write_private(const std::filesystem::path& path, const std::string& text) {
  const std::string temporary = path.string() + ".tmp";
  const int file =
      ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) return Error(fmt::format("cannot make {}: {}", temporary, std::strerror(errno)));
  const bool is_written =
      ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
      ::fsync(file) == 0;
  ::close(file);
  if (!is_written || ::rename(temporary.c_str(), path.c_str()) != 0)
    return Error(fmt::format("cannot write {}: {}", path.string(), std::strerror(errno)));
  return {};
}

std::string base32(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  std::string out;
  unsigned bits = 0;
  unsigned count = 0;
  for (const std::uint8_t byte : bytes) {
    bits = (bits << 8U) | byte;
    for (count += 8; count >= 5; count -= 5) out += kAlphabet[(bits >> (count - 5)) & 31U];
  }
  return out;
}

std::vector<std::string> names_of(X509* certificate) {
  std::vector<std::string> names;
  const Names alternatives(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; i < sk_GENERAL_NAME_num(alternatives.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(alternatives.get(), i);
    if (name->type == GEN_DNS) {
      const auto* data = ASN1_STRING_get0_data(name->d.dNSName);
      names.emplace_back(data, data + ASN1_STRING_length(name->d.dNSName));
    } else if (name->type == GEN_IPADD) {
      const auto* data = ASN1_STRING_get0_data(name->d.iPAddress);
      const auto length = static_cast<std::size_t>(ASN1_STRING_length(name->d.iPAddress));
      names.push_back(IpAddress::from_bytes({data, length}).text());
    }
  }
  return names;
}

}  // namespace

Result<Identity> read_identity(const std::string& directory) {
  const std::filesystem::path path(directory);
  Identity identity;
  for (const auto& [name, field] : {std::pair{kKeyFile, &identity.key_pem},
                                    std::pair{kCertificateFile, &identity.certificate_pem},
                                    std::pair{kAuthorityFile, &identity.authority_pem}}) {
    auto text = read_file(path / name);
    if (!text)
      return Error(fmt::format("this sensor is not enrolled ({}); run osect-sensor enroll",
                               text.error().message));
    *field = std::move(*text);
  }
  if (auto name = read_file(path / kServerNameFile)) identity.server_name = std::move(*name);
  return identity;
}

Result<> write_identity(const std::string& directory, const Identity& identity) {
  const std::filesystem::path path(directory);
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return Error(fmt::format("cannot make {}: {}", directory, error.message()));
  // The certificate goes last: whoever finds it finds the rest.
  for (const auto& [name, text] :
       {std::pair{kKeyFile, &identity.key_pem}, std::pair{kAuthorityFile, &identity.authority_pem},
        std::pair{kServerNameFile, &identity.server_name},
        std::pair{kCertificateFile, &identity.certificate_pem}})
    if (auto written = write_private(path / name, *text); !written) return written;
  return {};
}

Result<TimeNs> expiry_of(const std::string& certificate_pem) {
  const Cert certificate = certificate_from(certificate_pem);
  std::tm time{};
  if (!certificate || ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &time) != 1)
    return openssl_error("the certificate cannot be read");
  return TimeNs{::timegm(&time)} * kSecondNs;
}

Result<KeyAndRequest> make_key_and_request() {
  const Key key(EVP_EC_gen("P-256"));
  const Request request(X509_REQ_new());
  if (!key || !request || X509_REQ_set_pubkey(request.get(), key.get()) != 1 ||
      X509_REQ_sign(request.get(), key.get(), EVP_sha256()) == 0)
    return openssl_error("a key cannot be made");
  return KeyAndRequest{to_pem([&](BIO* bio) {
                         PEM_write_bio_PKCS8PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr,
                                                       nullptr);
                       }),
                       to_pem([&](BIO* bio) { PEM_write_bio_X509_REQ(bio, request.get()); })};
}

Result<ServerChain> read_server_chain(const std::string& host, const std::string& port) {
  const Context context(SSL_CTX_new(TLS_client_method()));
  // Nothing is trusted yet: the chain is what is asked for, and nothing is sent to whoever shows
  // it.
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
  // gRPC servers end a handshake that does not offer HTTP/2.
  constexpr std::array<unsigned char, 3> kHttp2 = {2, 'h', '2'};
  SSL_CTX_set_alpn_protos(context.get(), kHttp2.data(), kHttp2.size());
  const Bio bio(BIO_new_ssl_connect(context.get()));
  // What the macros BIO_set_conn_hostname and their like do, without their casts.
  std::string host_copy = host;
  std::string port_copy = port;
  BIO_ctrl(bio.get(), BIO_C_SET_CONNECT, 0, host_copy.data());
  BIO_ctrl(bio.get(), BIO_C_SET_CONNECT, 1, port_copy.data());
  SSL* ssl = nullptr;
  BIO_get_ssl(bio.get(), &ssl);
  if (!IpAddress::parse(host))
    SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, host_copy.data());
  if (BIO_do_connect_retry(bio.get(), 15, 0) != 1 ||
      BIO_ctrl(bio.get(), BIO_C_DO_STATE_MACHINE, 0, nullptr) != 1)
    return openssl_error(fmt::format("{}:{} cannot be reached", host, port));
  const STACK_OF(X509)* shown = SSL_get_peer_cert_chain(ssl);
  ServerChain chain;
  for (int i = 0; i < sk_X509_num(shown); ++i) {
    X509* certificate = sk_X509_value(shown, i);
    if (i == 0) chain.names = names_of(certificate);
    chain.certificates_pem.push_back(
        to_pem([&](BIO* out) { PEM_write_bio_X509(out, certificate); }));
  }
  return chain;
}

Result<std::string> pin_of(const std::string& certificate_pem) {
  const Cert certificate = certificate_from(certificate_pem);
  if (!certificate) return openssl_error("a certificate cannot be read");
  unsigned char* der = nullptr;
  const int length = i2d_PUBKEY(X509_get0_pubkey(certificate.get()), &der);
  if (length <= 0) return openssl_error("the key of a certificate cannot be read");
  std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest{};
  SHA256(der, static_cast<std::size_t>(length), digest.data());
  OPENSSL_free(der);
  return {boost::system::in_place_value, base32(std::span(digest).first(10))};
}

}  // namespace osect::uplink
