// Words for transports, as records and interfaces carry them.
#include "sensor/decode/flow.h"

namespace osect::decode {

const char* transport_name(Transport transport) {
  switch (transport) {
    case Transport::ethernet:
      return "ethernet";
    case Transport::tcp:
      return "tcp";
    case Transport::udp:
      return "udp";
    case Transport::icmp:
      return "icmp";
    case Transport::icmpv6:
      return "icmpv6";
    case Transport::sctp:
      return "sctp";
    case Transport::igmp:
      return "igmp";
    case Transport::other:
      break;
  }
  return "other";
}

}  // namespace osect::decode
