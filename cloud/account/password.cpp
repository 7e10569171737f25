// Password hashes by libargon2. RFC 9106.
#include "cloud/account/password.h"

#include <argon2.h>

#include <array>
#include <stdexcept>

#include "cloud/account/random.h"

namespace osect::account {
namespace {

constexpr std::uint32_t kPasses = 2;
constexpr std::uint32_t kMemoryKib = 19456;
constexpr std::uint32_t kLanes = 1;
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kHashBytes = 32;

}  // namespace

std::string hash_password(std::string_view password) {
  const std::string salt = random_bytes(kSaltBytes);
  std::array<char, 128> text{};
  const int code =
      argon2id_hash_encoded(kPasses, kMemoryKib, kLanes, password.data(), password.size(),
                            salt.data(), salt.size(), kHashBytes, text.data(), text.size());
  if (code != ARGON2_OK) throw std::runtime_error(argon2_error_message(code));
  return text.data();
}

bool is_password(std::string_view password, const std::string& hash) {
  return argon2id_verify(hash.c_str(), password.data(), password.size()) == ARGON2_OK;
}

void spend_as_if_checked(std::string_view password) {
  static const std::string kNobody = hash_password("nobody has this password");
  (void)is_password(password, kNobody);
}

std::string random_password() {
  static constexpr std::string_view kAlphabet = "abcdefghijkmnpqrstuvwxyz23456789";
  static_assert(kAlphabet.size() == 32, "five bits a character, each equally likely");
  std::string out;
  for (const char c : random_bytes(20)) out += kAlphabet[static_cast<unsigned char>(c) % 32];
  return out;
}

}  // namespace osect::account
