// https://www.crockford.com/base32.html, without its check symbol.
#include "base/crockford.h"

namespace osect {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

}  // namespace

std::string crockford_text(std::span<const std::uint8_t> bytes) {
  std::string out;
  unsigned bits = 0;
  unsigned count = 0;
  for (const std::uint8_t byte : bytes) {
    bits = (bits << 8U) | byte;
    for (count += 8; count >= 5; count -= 5) out += kAlphabet[(bits >> (count - 5)) & 31U];
  }
  return out;
}

std::optional<std::string> crockford_letters(std::string_view typed) {
  std::string out;
  for (const char c : typed) {
    if (c == '-' || c == ' ') continue;
    char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    if (upper == 'O') upper = '0';
    if (upper == 'I' || upper == 'L') upper = '1';
    if (kAlphabet.find(upper) == std::string_view::npos) return std::nullopt;
    out += upper;
  }
  return out;
}

}  // namespace osect
