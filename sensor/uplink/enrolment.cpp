// The one unary call of a sensor's life.
#include "sensor/uplink/enrolment.h"

#include <fmt/format.h>
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>

#include "base/certificate.h"
#include "base/crockford.h"
#include "osect/v1/uplink.grpc.pb.h"
#include "sensor/uplink/identity.h"

namespace osect::uplink {
namespace {

constexpr std::size_t kSecretCharacters = 16;
constexpr std::size_t kPinCharacters = 16;

Result<std::string> find_authority(const ServerChain& chain, const std::string& pin) {
  for (const auto& certificate : chain.certificates_pem) {
    const auto its_pin = pin_of(certificate);
    if (its_pin && *its_pin == pin) return {boost::system::in_place_value, certificate};
  }
  return Error(
      "this is not the cloud that gave the code, or something stands between: its authority is "
      "another one");
}

}  // namespace

Result<Enrolled> enroll(const std::string& host, const std::string& port, const std::string& code,
                        const std::string& version, const std::string& directory) {
  const auto letters = crockford_letters(code);
  if (!letters) return Error("the code has a character that no code has");
  if (letters->size() != kSecretCharacters + kPinCharacters)
    return Error(fmt::format("a code has {} letters and digits, this one {}",
                             kSecretCharacters + kPinCharacters, letters->size()));
  const auto chain = read_server_chain(host, port);
  if (!chain) return chain.error();
  const auto authority = find_authority(*chain, letters->substr(kSecretCharacters));
  if (!authority) return authority.error().within(host + ":" + port);
  auto made = make_key_and_request();
  if (!made) return made.error();

  Identity identity;
  identity.authority_pem = *authority;
  const bool is_named = std::count(chain->names.begin(), chain->names.end(), host) > 0;
  if (!is_named && !chain->names.empty()) identity.server_name = chain->names.front();

  grpc::SslCredentialsOptions tls;
  tls.pem_root_certs = identity.authority_pem;
  grpc::ChannelArguments arguments;
  if (!identity.server_name.empty()) arguments.SetSslTargetNameOverride(identity.server_name);
  const auto stub = v1::Enrolment::NewStub(
      grpc::CreateCustomChannel(host + ":" + port, grpc::SslCredentials(tls), arguments));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
  v1::EnrollRequest request;
  request.set_code(letters->substr(0, kSecretCharacters));
  request.set_certificate_request_pem(made->request_pem);
  request.set_version(version);
  v1::EnrollResponse response;
  const auto status = stub->Enroll(&context, request, &response);
  if (!status.ok())
    return Error(fmt::format("the cloud does not enrol this sensor: {}", status.error_message()));

  // The cloud's word on its authority is the one that was pinned, whatever the answer says.
  identity.key_pem = std::move(made->key_pem);
  identity.certificate_pem = response.certificate_pem();
  if (auto written = write_identity(directory, identity); !written) return written.error();
  return Enrolled{response.sensor_name(), response.site_name()};
}

}  // namespace osect::uplink
