// MD5 and SHA-256 by OpenSSL, with contexts that are reused so that a digest allocates nothing.
#include "sensor/dissect/digest.h"

#include <openssl/evp.h>

#include <cassert>
#include <cstdint>
#include <memory>

#include "sensor/dissect/text.h"

namespace osect::dissect {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

template <std::size_t kBytes>
std::array<char, 2 * kBytes> hex_digest(EVP_MD_CTX* context, const EVP_MD* kind,
                                        std::string_view text) {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  const bool is_done = EVP_DigestInit_ex(context, kind, nullptr) == 1 &&
                       EVP_DigestUpdate(context, text.data(), text.size()) == 1 &&
                       EVP_DigestFinal_ex(context, digest.data(), &size) == 1;
  assert(is_done && size == kBytes);
  (void)is_done;
  std::array<char, 2 * kBytes> out{};
  Writer hex(out);
  for (std::size_t i = 0; i < kBytes; ++i) hex.hex(digest[i], 2);
  return out;
}

}  // namespace

std::array<char, 32> md5_hex(std::string_view text) {
  thread_local const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  return hex_digest<16>(context.get(), EVP_md5(), text);
}

std::array<char, 64> sha256_hex(std::string_view text) {
  thread_local const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  return hex_digest<32>(context.get(), EVP_sha256(), text);
}

}  // namespace osect::dissect
