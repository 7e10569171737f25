// MD5 and SHA-256 by OpenSSL, with contexts that are reused so that a digest allocates nothing, and
// algorithms that are fetched once: OpenSSL 3 would look them up by name for each digest.
#include "sensor/dissect/digest.h"

#include <openssl/evp.h>

#include <cassert>
#include <cstdint>
#include <memory>

#include "sensor/dissect/text.h"

namespace osect::dissect {
namespace {

struct Free {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(EVP_MD* kind) const { EVP_MD_free(kind); }
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
  static const std::unique_ptr<EVP_MD, Free> kind(EVP_MD_fetch(nullptr, "MD5", nullptr));
  thread_local const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
  return hex_digest<16>(context.get(), kind.get(), text);
}

std::array<char, 64> sha256_hex(std::string_view text) {
  static const std::unique_ptr<EVP_MD, Free> kind(EVP_MD_fetch(nullptr, "SHA2-256", nullptr));
  thread_local const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
  return hex_digest<32>(context.get(), kind.get(), text);
}

}  // namespace osect::dissect
