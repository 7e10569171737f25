// MAC and IP addresses as values: fixed size, comparable, hashable, printable. RFC 5952 for IPv6
// text.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace osect {

// A 48-bit IEEE 802 address. All zero means "no address".
struct MacAddress {
  std::array<std::uint8_t, 6> bytes{};

  [[nodiscard]] constexpr bool is_zero() const { return *this == MacAddress{}; }
  [[nodiscard]] constexpr bool is_group() const { return (bytes[0] & 0x01) != 0; }
  [[nodiscard]] constexpr bool is_locally_administered() const { return (bytes[0] & 0x02) != 0; }
  // Can be the address of one station: neither zero nor a group.
  [[nodiscard]] constexpr bool is_station() const { return !is_zero() && !is_group(); }
  [[nodiscard]] std::string text() const;  // "00:80:f4:09:51:3b"
  [[nodiscard]] static std::optional<MacAddress> parse(std::string_view text);

  constexpr auto operator<=>(const MacAddress&) const = default;
  // Not defaulted: compared for every packet, as two words rather than byte by byte.
  constexpr bool operator==(const MacAddress& other) const {
    if (std::is_constant_evaluated()) return bytes == other.bytes;
    return std::memcmp(bytes.data(), other.bytes.data(), sizeof bytes) == 0;
  }
};

// An IPv4 or IPv6 address. A default one is "no address" (family none).
class IpAddress {
 public:
  enum class Family : std::uint8_t { none = 0, v4 = 4, v6 = 6 };

  constexpr IpAddress() = default;
  [[nodiscard]] static constexpr IpAddress v4(std::uint32_t host_order) {
    IpAddress a;
    a.family_ = Family::v4;
    for (std::size_t i = 0; i < 4; ++i)
      a.bytes_[i] = static_cast<std::uint8_t>(host_order >> (24 - 8 * i));
    return a;
  }
  // The 4 or 16 bytes that start there, in network order. In place: a returned address is put
  // together on the stack from short stores and then loaded as a whole, which has to wait for them
  // (two addresses a packet: 6 ns).
  void set_v4(const std::uint8_t* network_order) {
    family_ = Family::v4;
    bytes_ = {};
    std::memcpy(bytes_.data(), network_order, 4);
  }
  void set_v6(const std::uint8_t* network_order) {
    family_ = Family::v6;
    std::memcpy(bytes_.data(), network_order, 16);
  }
  // 4 or 16 bytes in network order; any other length gives "no address".
  [[nodiscard]] static constexpr IpAddress from_bytes(std::span<const std::uint8_t> network_order) {
    IpAddress a;
    if (network_order.size() != 4 && network_order.size() != 16) return a;
    a.family_ = network_order.size() == 4 ? Family::v4 : Family::v6;
    for (std::size_t i = 0; i < network_order.size(); ++i) a.bytes_[i] = network_order[i];
    return a;
  }
  [[nodiscard]] static std::optional<IpAddress> parse(std::string_view text);

  [[nodiscard]] constexpr Family family() const { return family_; }
  [[nodiscard]] constexpr bool is_none() const { return family_ == Family::none; }
  [[nodiscard]] constexpr bool is_v4() const { return family_ == Family::v4; }
  [[nodiscard]] constexpr bool is_v6() const { return family_ == Family::v6; }
  [[nodiscard]] constexpr std::span<const std::uint8_t> bytes() const {
    return {bytes_.data(), family_ == Family::v4 ? 4U : family_ == Family::v6 ? 16U : 0U};
  }
  // All 16 bytes as they lie in memory, zeros behind the four of IPv4: for keys.
  [[nodiscard]] std::array<std::uint64_t, 2> words() const {
    std::array<std::uint64_t, 2> out;
    std::memcpy(out.data(), bytes_.data(), sizeof out);
    return out;
  }
  [[nodiscard]] bool is_multicast() const;
  [[nodiscard]] bool is_unspecified() const;        // 0.0.0.0 or ::
  [[nodiscard]] bool is_limited_broadcast() const;  // 255.255.255.255
  [[nodiscard]] bool is_link_local() const;         // RFC 3927, RFC 4291 2.5.6
  [[nodiscard]] bool is_private() const;            // RFC 1918, RFC 4193, loopback, link-local
  // Can be the address of one station.
  [[nodiscard]] bool is_station() const {
    return !is_none() && !is_multicast() && !is_unspecified() && !is_limited_broadcast();
  }
  [[nodiscard]] std::string text() const;  // "" for no address

  constexpr auto operator<=>(const IpAddress&) const = default;
  constexpr bool operator==(const IpAddress& other) const {
    if (std::is_constant_evaluated()) return bytes_ == other.bytes_ && family_ == other.family_;
    return std::memcmp(bytes_.data(), other.bytes_.data(), sizeof bytes_) == 0 &&
           family_ == other.family_;
  }

 private:
  std::array<std::uint8_t, 16> bytes_{};
  Family family_ = Family::none;
};

}  // namespace osect
