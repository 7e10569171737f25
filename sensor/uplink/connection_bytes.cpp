// TCP_INFO of the socket that leads to the peer.
#include "sensor/uplink/connection_bytes.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fmt/format.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstdlib>

namespace osect::uplink {
namespace {

constexpr std::uint64_t kTcpHeaders = 32;  // with timestamps (RFC 7323)

// "ipv4:192.0.2.1:8443", "ipv6:%5B2001:db8::1%5D:8443".
std::string name_of_peer(int fd, bool& is_v6) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  void* any = &address;
  if (::getpeername(fd, static_cast<sockaddr*>(any), &length) != 0) return {};
  std::array<char, INET6_ADDRSTRLEN> text{};
  is_v6 = address.ss_family == AF_INET6;
  if (address.ss_family == AF_INET) {
    const auto* v4 = static_cast<const sockaddr_in*>(any);
    ::inet_ntop(AF_INET, &v4->sin_addr, text.data(), text.size());
    return fmt::format("ipv4:{}:{}", text.data(), ntohs(v4->sin_port));
  }
  if (!is_v6) return {};
  const auto* v6 = static_cast<const sockaddr_in6*>(any);
  // gRPC connects through dual-stack sockets and names the IPv4 address inside.
  if (IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr)) {
    is_v6 = false;
    ::inet_ntop(AF_INET, &v6->sin6_addr.s6_addr[12], text.data(), text.size());
    return fmt::format("ipv4:{}:{}", text.data(), ntohs(v6->sin6_port));
  }
  ::inet_ntop(AF_INET6, &v6->sin6_addr, text.data(), text.size());
  return fmt::format("ipv6:%5B{}%5D:{}", text.data(), ntohs(v6->sin6_port));
}

}  // namespace

ConnectionBytes connection_bytes(const std::string& peer) {
  ConnectionBytes bytes;
  DIR* directory = ::opendir("/proc/self/fd");
  if (directory == nullptr || peer.empty()) return bytes;
  while (const dirent* entry = ::readdir(directory)) {
    const int fd = static_cast<int>(std::strtol(entry->d_name, nullptr, 10));
    bool is_v6 = false;
    if (fd <= 2 || name_of_peer(fd, is_v6) != peer) continue;
    tcp_info info{};
    socklen_t length = sizeof info;
    if (::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length) != 0) continue;
    const std::uint64_t headers = kTcpHeaders + (is_v6 ? 40 : 20);
    bytes.sent = info.tcpi_bytes_sent + info.tcpi_segs_out * headers;
    bytes.received = info.tcpi_bytes_received + info.tcpi_segs_in * headers;
  }
  ::closedir(directory);
  return bytes;
}

}  // namespace osect::uplink
