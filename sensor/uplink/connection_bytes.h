// What a TCP connection of this process cost on the wire so far, headers included; tcp(7),
// TCP_INFO.
#pragma once

#include <cstdint>
#include <string>

namespace osect::uplink {

struct ConnectionBytes {
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
};

// The connection to the peer, in gRPC's words ("ipv4:192.0.2.1:8443"); zeros when there is none.
// gRPC does not give its socket away, so it is looked for among the descriptors of the process.
[[nodiscard]] ConnectionBytes connection_bytes(const std::string& peer);

}  // namespace osect::uplink
