// The pin against one that the openssl program and sha256sum gave; the rest by OpenSSL's own
// checks.
#include "base/certificate.h"

#include <gtest/gtest.h>

namespace osect {
namespace {

// openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500 -subj /CN=vector
constexpr const char* kCertificate = R"(-----BEGIN CERTIFICATE-----
MIIBeTCCAR+gAwIBAgIUAMHu7wheQ4V3gFLKO1S9+ntJmo4wCgYIKoZIzj0EAwIw
ETEPMA0GA1UEAwwGdmVjdG9yMCAXDTI2MTEyMzA2NTA1MVoYDzIxMjYxMDMwMDY1
MDUxWjARMQ8wDQYDVQQDDAZ2ZWN0b3IwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AAQhuSQzEFYG9gr77bzymsKFsvkAg2fJyUYDArayt88UbFIOxQAXLXiER0jz5F3m
scdPF8ap34Be08inbl2yE+gFo1MwUTAdBgNVHQ4EFgQUtT8A1z4BcARb00e1CO0B
ktsF/mkwHwYDVR0jBBgwFoAUtT8A1z4BcARb00e1CO0BktsF/mkwDwYDVR0TAQH/
BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEA8yW1mrsBW3vVzfPSB25bhyAUn32D
gd4hSdEiVckFJT4CIDZtjvqkQLN+bvT0qnLCSopf68nStmeapWvcTzRIgbwu
-----END CERTIFICATE-----
)";

TEST(Certificate, ThePinIsOfThePublicKey) {
  // openssl x509 -pubkey -noout | openssl pkey -pubin -outform DER | sha256sum, first ten bytes.
  const auto pin = pin_of(kCertificate);
  ASSERT_TRUE(pin) << pin.error().message;
  EXPECT_EQ(*pin, "AAT0TRA1X0YASDNZ");
}

TEST(Certificate, PemIsReadAndWrittenAlike) {
  const auto certificate = read_certificate(kCertificate);
  ASSERT_TRUE(certificate) << certificate.error().message;
  EXPECT_EQ(to_pem(certificate->get()), kCertificate);
}

TEST(Certificate, ARequestIsSignedByItsOwnKey) {
  const auto made = make_key_and_request();
  ASSERT_TRUE(made) << made.error().message;
  const auto key = read_key(made->key_pem);
  const auto request = read_request(made->request_pem);
  ASSERT_TRUE(key && request);
  EXPECT_EQ(X509_REQ_verify(request->get(), key->get()), 1);
  EXPECT_EQ(EVP_PKEY_get_bits(key->get()), 256);
  EXPECT_EQ(to_pem(key->get()), made->key_pem);
  EXPECT_EQ(to_pem(request->get()), made->request_pem);
  EXPECT_NE(make_key_and_request()->key_pem, made->key_pem);
}

TEST(Certificate, SaysWhatCannotBeRead) {
  for (const std::string& bad :
       {std::string(), std::string("no PEM"), std::string(kCertificate, 90)}) {
    EXPECT_TRUE(
        read_certificate(bad).error().message.starts_with("a certificate cannot be read: "));
    EXPECT_TRUE(pin_of(bad).error().message.starts_with("a certificate cannot be read: "));
    EXPECT_TRUE(read_key(bad).error().message.starts_with("a key cannot be read: "));
    EXPECT_TRUE(read_request(bad).error().message.starts_with("a certificate request cannot be "));
  }
  EXPECT_FALSE(read_key(kCertificate));
}

}  // namespace
}  // namespace osect
