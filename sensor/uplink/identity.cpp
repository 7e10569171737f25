// The files of an identity, and the one handshake that trusts nobody yet; X.509 (RFC 5280).
#include "sensor/uplink/identity.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <memory>

#include "base/address.h"
#include "base/certificate.h"
#include "base/file.h"

namespace osect::uplink {
namespace {

using Context = std::unique_ptr<SSL_CTX, Freeing<SSL_CTX_free>>;
using Names = std::unique_ptr<GENERAL_NAMES, Freeing<GENERAL_NAMES_free>>;

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

Result<Validity> validity_of(const std::string& certificate_pem) {
  const auto certificate = read_certificate(certificate_pem);
  if (!certificate) return certificate.error();
  std::tm begin{};
  std::tm end{};
  if (ASN1_TIME_to_tm(X509_get0_notBefore(certificate->get()), &begin) != 1 ||
      ASN1_TIME_to_tm(X509_get0_notAfter(certificate->get()), &end) != 1)
    return openssl_error("the time of a certificate cannot be read");
  return Validity{TimeNs{::timegm(&begin)} * kSecondNs, TimeNs{::timegm(&end)} * kSecondNs};
}

Result<std::string> make_renewal_request(const Identity& identity) {
  const auto key = read_key(identity.key_pem);
  if (!key) return key.error();
  return make_request(key->get());
}

Result<> replace_certificate(const std::string& directory, const Identity& identity,
                             const std::string& certificate_pem) {
  const auto certificate = read_certificate(certificate_pem);
  if (!certificate) return certificate.error();
  const auto authority = read_certificate(identity.authority_pem);
  if (!authority) return authority.error();
  const auto key = read_key(identity.key_pem);
  if (!key) return key.error();
  if (X509_check_private_key(certificate->get(), key->get()) != 1)
    return Error("the new certificate is not one of this sensor's key");
  if (X509_verify(certificate->get(), X509_get0_pubkey(authority->get())) != 1)
    return Error("the new certificate is not by the authority this sensor trusts");
  return write_private(std::filesystem::path(directory) / kCertificateFile, certificate_pem);
}

Result<ServerChain> read_server_chain(const std::string& host, const std::string& port) {
  const Context context(SSL_CTX_new(TLS_client_method()));
  // Nothing is trusted yet: the chain is what is asked for, and nothing is sent to whoever shows
  // it.
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
  // gRPC servers end a handshake that does not offer HTTP/2.
  constexpr std::array<unsigned char, 3> kHttp2 = {2, 'h', '2'};
  SSL_CTX_set_alpn_protos(context.get(), kHttp2.data(), kHttp2.size());
  const OpensslBio bio(BIO_new_ssl_connect(context.get()));
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
    chain.certificates_pem.push_back(to_pem(certificate));
  }
  return chain;
}

}  // namespace osect::uplink
