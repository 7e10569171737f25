// The list of sensor/dissect/CMakeLists.txt as a table; protocols.inc is written by the build, one
// line a protocol.
#include <array>

#include "sensor/dissect/dissector.h"

namespace osect::dissect {

#define OSECT_PROTOCOL(name)         \
  namespace name {                   \
  extern const Dissector kDissector; \
  }
#include "protocols.inc"
#undef OSECT_PROTOCOL

std::span<const Dissector* const> dissectors() {
#define OSECT_PROTOCOL(name) &name::kDissector,
  static constexpr auto kList = std::to_array<const Dissector*>({
#include "protocols.inc"
  });
#undef OSECT_PROTOCOL
  return kList;
}

}  // namespace osect::dissect
