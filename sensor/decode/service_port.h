// Well-known server ports of factories and offices: which end of a flow without a seen opening
// serves.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

namespace osect::decode {

// How surely a port belongs to a server: 0 unknown, 1 a habit, 2 registered or the vendor's
// default.
using PortRank = std::uint8_t;

namespace service_port {

// Registered with IANA for the service, or the vendor's documented default. Sorted.
constexpr auto kTcpSure = std::to_array<std::uint16_t>({
    20,    21,    22,    23,    25,    53,    80,    88,    102,   110,   111,   119,   135,
    139,   143,   179,   389,   443,   445,   464,   465,   502,   507,   513,   514,   515,
    548,   554,   587,   631,   636,   683,   789,   802,   873,   902,   993,   995,   1089,
    1090,  1091,  1153,  1200,  1217,  1883,  1911,  1962,  2004,  2049,  2221,  2222,  2404,
    2455,  3268,  3269,  3389,  3671,  4000,  4001,  4302,  4545,  4712,  4840,  4843,  4911,
    5002,  5007,  5060,  5061,  5094,  5222,  5357,  5432,  5562,  5672,  5900,  5938,  5985,
    5986,  6568,  6626,  6667,  7070,  7878,  8080,  8193,  8443,  8500,  8501,  8883,  9094,
    9100,  9600,  11740, 12289, 12291, 18245, 19998, 19999, 20000, 20256, 20547, 34964, 41100,
    44818, 47808, 48898, 55553, 62900,
});
// Common, or of offices, but also within the range that clients draw from (1025 to 5000 on older
// Windows, which stations of plants run). Sorted.
constexpr auto kTcpLikely = std::to_array<std::uint16_t>({
    1025, 1080, 1099, 1280, 1433, 1521, 1723, 3000, 3004, 3128, 3306,  4999,  5000,
    5001, 5555, 8000, 8008, 8081, 8088, 8888, 9000, 9090, 9200, 10000, 10001,
});
constexpr auto kUdpSure = std::to_array<std::uint16_t>({
    53,    67,    69,    88,    111,   123,   137,   138,   161,   162,   319,   320,   389,
    443,   464,   500,   514,   520,   547,   623,   1089,  1090,  1091,  1153,  1194,  1234,
    1434,  1500,  1502,  1740,  1812,  1813,  1900,  2049,  2222,  3478,  3544,  3671,  3702,
    3956,  4500,  4713,  4789,  4800,  4840,  5001,  5006,  5050,  5060,  5094,  5353,  5355,
    5560,  5683,  5684,  8501,  9094,  9600,  9993,  10040, 10041, 12289, 12291, 18246, 18507,
    20000, 28784, 30718, 34264, 34962, 34963, 34964, 34980, 41641, 44818, 45237, 45238, 45239,
    47808, 48899, 51820, 55000, 55001, 55002, 55003, 61450, 61451,
});
constexpr auto kUdpLikely = std::to_array<std::uint16_t>({5000, 5002, 8500});

template <std::size_t N>
[[nodiscard]] constexpr bool has(const std::array<std::uint16_t, N>& ports, std::uint16_t port) {
  return std::binary_search(ports.begin(), ports.end(), port);
}

}  // namespace service_port

[[nodiscard]] constexpr PortRank tcp_port_rank(std::uint16_t port) {
  if (service_port::has(service_port::kTcpSure, port)) return 2;
  return service_port::has(service_port::kTcpLikely, port) ? 1 : 0;
}

[[nodiscard]] constexpr PortRank udp_port_rank(std::uint16_t port) {
  if (service_port::has(service_port::kUdpSure, port)) return 2;
  return service_port::has(service_port::kUdpLikely, port) ? 1 : 0;
}

static_assert(std::is_sorted(service_port::kTcpSure.begin(), service_port::kTcpSure.end()));
static_assert(std::is_sorted(service_port::kTcpLikely.begin(), service_port::kTcpLikely.end()));
static_assert(std::is_sorted(service_port::kUdpSure.begin(), service_port::kUdpSure.end()));
static_assert(std::is_sorted(service_port::kUdpLikely.begin(), service_port::kUdpLikely.end()));

}  // namespace osect::decode
