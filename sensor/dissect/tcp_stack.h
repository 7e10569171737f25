// Which TCP/IP stack opened a connection or answered: how it fills SYN and SYN+ACK (RFC 9293
// clause 3.1, RFC 7323), after the observations of p0f's database; docs/decisions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace osect::dissect::tcp_stack {

struct Handshake {
  std::span<const std::uint8_t> options;
  std::uint16_t window = 0;
  std::uint8_t ttl = 0;
  bool is_answer = false;  // SYN+ACK
};

struct Stack {
  std::string_view os;
  std::uint8_t confidence = 0;
  std::uint8_t hops = 0;  // routers that the packet came through
};

// Nothing for what no known stack sends.
[[nodiscard]] std::optional<Stack> identify(const Handshake& handshake);

}  // namespace osect::dissect::tcp_stack
