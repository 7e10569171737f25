// Numbers, addresses and wire text without allocation.
#include "sensor/dissect/text.h"

namespace osect::dissect {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

// Length of the valid UTF-8 sequence that begins the text, 0 when there is none (RFC 3629, table of
// clause 4).
std::size_t sequence_length(std::string_view text) {
  const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = at(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((at(i) & 0xc0) != 0x80) return 0;
  const std::uint8_t second = at(1);
  const bool is_bad = (lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) ||
                      (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f);
  return is_bad ? 0 : length;
}

}  // namespace

Writer& Writer::put_what_fits(std::string_view text) {
  for (const char c : text) put(c);
  return *this;
}

Writer& Writer::decimal(std::uint64_t value) {
  std::array<char, 20> digits;
  std::size_t at = digits.size();
  do {
    digits[--at] = kDigits[value % 10];
    value /= 10;
  } while (value != 0);
  return put(std::string_view(digits.data() + at, digits.size() - at));
}

Writer& Writer::hex(std::uint64_t value, std::size_t digits) {
  std::array<char, 16> text;
  const std::size_t size = std::min(digits, text.size());
  for (std::size_t i = 0; i < size; ++i) text[i] = kDigits[value >> 4 * (size - 1 - i) & 0xf];
  return put(std::string_view(text.data(), size));
}

Writer& Writer::address(const MacAddress& mac) {
  for (std::size_t i = 0; i < mac.bytes.size(); ++i) {
    if (i > 0) put(':');
    hex(mac.bytes[i], 2);
  }
  return *this;
}

Writer& Writer::address(const IpAddress& ip) {
  const auto bytes = ip.bytes();
  if (ip.is_v4()) {
    for (std::size_t i = 0; i < 4; ++i) {
      if (i > 0) put('.');
      decimal(bytes[i]);
    }
    return *this;
  }
  if (!ip.is_v6()) return *this;
  // RFC 5952: the first longest run of two or more zero groups becomes "::".
  std::array<std::uint16_t, 8> groups;
  for (std::size_t i = 0; i < 8; ++i)
    groups[i] = static_cast<std::uint16_t>(bytes[2 * i] << 8 | bytes[2 * i + 1]);
  std::size_t run_at = 8;
  std::size_t run_size = 1;
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t end = i;
    while (end < 8 && groups[end] == 0) ++end;
    if (end - i > run_size) {
      run_at = i;
      run_size = end - i;
    }
  }
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == run_at) {
      put("::");
      i += run_size - 1;
      continue;
    }
    if (i > 0 && i != run_at + run_size) put(':');
    std::size_t digits = 1;
    while (digits < 4 && groups[i] >> 4 * digits != 0) ++digits;
    hex(groups[i], digits);
  }
  return *this;
}

Writer& Writer::printable(std::string_view raw) {
  raw = raw.substr(0, raw.find('\0'));
  while (!raw.empty()) {
    const std::size_t length = sequence_length(raw);
    const auto first = static_cast<std::uint8_t>(raw[0]);
    const bool is_control =
        first < 0x20 || first == 0x7f ||
        (length == 2 && first == 0xc2 && static_cast<std::uint8_t>(raw[1]) < 0xa0);
    if (length == 0 || is_control) {
      put("\\x").hex(first, 2);
      raw.remove_prefix(1);
    } else {
      // A sequence that does not fit is left out whole.
      if (size_ + length > to_.size()) {
        is_cut_ = true;
        return *this;
      }
      put(raw.substr(0, length));
      raw.remove_prefix(length);
    }
  }
  return *this;
}

Writer& Writer::printable_utf16(std::span<const std::uint8_t> raw) {
  constexpr std::uint32_t kReplacement = 0xfffd;
  const auto unit_at = [&](std::size_t at) -> std::uint32_t {
    return at + 1 < raw.size() ? std::uint32_t{raw[at]} | std::uint32_t{raw[at + 1]} << 8 : 0;
  };
  for (std::size_t at = 0; at + 1 < raw.size(); at += 2) {
    std::uint32_t c = unit_at(at);
    if (c == 0) break;
    if (const std::uint32_t low = unit_at(at + 2);
        c >= 0xd800 && c < 0xdc00 && low >= 0xdc00 && low < 0xe000) {
      c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
      at += 2;
    }
    if (c >= 0xd800 && c < 0xe000) c = kReplacement;
    std::array<char, 4> bytes;
    std::size_t size = 0;
    const auto tail = [&](unsigned shift) {
      bytes[size++] = static_cast<char>(0x80 | (c >> shift & 0x3f));
    };
    if (c < 0x80) {
      bytes[size++] = static_cast<char>(c);
    } else if (c < 0x800) {
      bytes[size++] = static_cast<char>(0xc0 | c >> 6);
      tail(0);
    } else if (c < 0x10000) {
      bytes[size++] = static_cast<char>(0xe0 | c >> 12);
      tail(6);
      tail(0);
    } else {
      bytes[size++] = static_cast<char>(0xf0 | c >> 18);
      tail(12);
      tail(6);
      tail(0);
    }
    printable(std::string_view(bytes.data(), size));
  }
  return *this;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank(" \t\r\n\0", 5);
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

}  // namespace osect::dissect
