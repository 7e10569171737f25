// Membership of address and port sets.
#include <algorithm>

#include "sensor/signature/rule.h"

namespace osect::signature {
namespace {

bool is_within(const std::vector<AddressRange>& ranges, const IpAddress& address) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const AddressRange& range) {
    return range.low.family() == address.family() &&
           !std::ranges::lexicographical_compare(address.bytes(), range.low.bytes()) &&
           !std::ranges::lexicographical_compare(range.high.bytes(), address.bytes());
  });
}

bool is_within(const std::vector<PortRange>& ranges, std::uint16_t port) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const PortRange& range) {
    return port >= range.low && port <= range.high;
  });
}

}  // namespace

bool AddressSet::has(const IpAddress& address) const {
  return (listed.empty() || is_within(listed, address)) && !is_within(excepted, address);
}

bool PortSet::has(std::uint16_t port) const {
  return (listed.empty() || is_within(listed, port)) && !is_within(excepted, port);
}

}  // namespace osect::signature
