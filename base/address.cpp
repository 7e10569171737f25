// Text forms and classes of addresses.
#include "base/address.h"

#include <arpa/inet.h>
#include <fmt/format.h>

namespace osect {

std::string MacAddress::text() const {
  return fmt::format("{:02x}:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}", bytes[0], bytes[1], bytes[2],
                     bytes[3], bytes[4], bytes[5]);
}

std::optional<MacAddress> MacAddress::parse(std::string_view text) {
  MacAddress mac;
  std::size_t digits = 0;
  for (const char c : text) {
    if (c == ':' || c == '-' || c == '.') continue;
    int value = 0;
    if (c >= '0' && c <= '9')
      value = c - '0';
    else if (c >= 'a' && c <= 'f')
      value = c - 'a' + 10;
    else if (c >= 'A' && c <= 'F')
      value = c - 'A' + 10;
    else
      return std::nullopt;
    if (digits == 12) return std::nullopt;
    auto& byte = mac.bytes[digits++ / 2];
    byte = static_cast<std::uint8_t>(byte << 4 | value);
  }
  if (digits != 12) return std::nullopt;
  return mac;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  const std::string copy(text);
  std::array<std::uint8_t, 16> raw{};
  if (inet_pton(AF_INET, copy.c_str(), raw.data()) == 1)
    return from_bytes(std::span(raw).first<4>());
  if (inet_pton(AF_INET6, copy.c_str(), raw.data()) == 1) return from_bytes(raw);
  return std::nullopt;
}

std::string IpAddress::text() const {
  std::array<char, INET6_ADDRSTRLEN> out{};
  if (is_none()) return {};
  inet_ntop(is_v4() ? AF_INET : AF_INET6, bytes_.data(), out.data(), out.size());
  return out.data();
}

bool IpAddress::is_multicast() const {
  return is_v4() ? (bytes_[0] & 0xf0) == 0xe0 : is_v6() && bytes_[0] == 0xff;
}

bool IpAddress::is_unspecified() const {
  return !is_none() && bytes_ == std::array<std::uint8_t, 16>{};
}

bool IpAddress::is_limited_broadcast() const {
  return *this == v4(0xffffffffU);
}

bool IpAddress::is_link_local() const {
  if (is_v4()) return bytes_[0] == 169 && bytes_[1] == 254;
  return is_v6() && bytes_[0] == 0xfe && (bytes_[1] & 0xc0) == 0x80;
}

bool IpAddress::is_private() const {
  if (is_link_local()) return true;
  if (is_v4()) {
    return bytes_[0] == 10 || bytes_[0] == 127 || (bytes_[0] == 172 && (bytes_[1] & 0xf0) == 16) ||
           (bytes_[0] == 192 && bytes_[1] == 168);
  }
  return is_v6() && ((bytes_[0] & 0xfe) == 0xfc || *this == *parse("::1"));
}

}  // namespace osect
