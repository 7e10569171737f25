// TLS fingerprints against published examples and tshark's reading of our own captures.
#include <gmock/gmock.h>

#include "sensor/dissect/digest.h"
#include "sensor/dissect/testing.h"
#include "sensor/dissect/tls_hello.h"

namespace osect::dissect::testing {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

tls_hello::Hello hello_of(std::initializer_list<std::uint16_t> ciphers,
                          std::initializer_list<std::uint16_t> extensions,
                          std::initializer_list<std::uint16_t> signatures) {
  tls_hello::Hello hello;
  hello.version = 0x0303;
  hello.version_chosen = 0x0304;
  for (const auto x : ciphers) hello.ciphers.add(x);
  for (const auto x : extensions) hello.extensions.add(x);
  for (const auto x : signatures) hello.signatures.add(x);
  return hello;
}

std::string ja4(const tls_hello::Hello& hello) {
  Text<64> text;
  tls_hello::write_ja4(text, hello);
  return std::string(text.text());
}

// The worked example of the JA4 specification (technical details, "JA4_r").
TEST(Tls, Ja4IsTheOneOfItsSpecification) {
  auto hello = hello_of({0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8,
                         0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035},
                        {0x001b, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017, 0x002d, 0x000d, 0x0005,
                         0x0023, 0x0012, 0x002b, 0xff01, 0x000b, 0x000a, 0x0015},
                        {0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601});
  hello.server_name = "example.com";
  hello.protocol = "h2";
  EXPECT_EQ(ja4(hello), "t13d1516h2_8daaf6152771_e5627efa2ab1");
}

TEST(Tls, Ja4OfAHelloWithoutAnythingOptional) {
  auto hello = hello_of({}, {}, {});
  hello.version_chosen = 0x0301;
  EXPECT_EQ(ja4(hello), "t10i000000_000000000000_000000000000");
}

TEST(Tls, GreaseIsNoPartOfAFingerprint) {
  EXPECT_EQ(ja4(hello_of({0x0a0a, 0x1301}, {0x1a1a, 0x000a}, {})),
            ja4(hello_of({0x1301}, {0x000a}, {})));
}

TEST(Tls, DigestsAreThoseOfTheStandards) {
  const auto md5 = md5_hex("abc");
  const auto sha = sha256_hex("abc");
  EXPECT_EQ(std::string(md5.begin(), md5.end()), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(std::string(sha.begin(), sha.end()),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Tls, AnEncryptedHandshakeIsNoAnomaly) {
  Exchange flow(decode::Transport::tcp, 49152, 443);
  flow.opened().up(
      "14 03 03 00 01 01 | 16 03 03 00 2a 00 00 00 00 00 00 00 00 a7 5c 11 22 33 44 55 66 77 88 99 "
      "aa bb cc dd ee ff 00 11 22 33 44 55 66 77 88 99 aa bb cc dd ee ff 00");
  flow.up("17 03 03 00 04 01 02 03 04");
  EXPECT_EQ(flow.counters().anomalies, 0U);
  EXPECT_EQ(flow.counters().messages, 0U);
}

TEST(Tls, AHelloThatLiesAboutItsLengthsStatesNothing) {
  Exchange flow(decode::Transport::tcp, 49152, 443);
  // session id of 255 bytes in a hello of 40
  std::string hello = "16 03 01 00 2c | 01 00 00 28 | 03 03";
  for (int i = 0; i < 32; ++i) hello += " 11";
  flow.opened().up(hello + " ff 00 00 00 00 00");
  EXPECT_THAT(flow.lines(), ::testing::ElementsAre("protocol tls", "anomaly tls"));
}

}  // namespace
}  // namespace osect::dissect::testing
