// Which protocol do these bytes speak: port as a hint, content as the proof; protocols.md 0.2 and
// 0.3.
#pragma once

#include <cstdint>
#include <span>

#include "sensor/dissect/dissector.h"

namespace osect::dissect {

enum class Certainty : std::uint8_t {
  nothing,    // no protocol of the list begins like this
  plausible,  // too few bytes to tell, or the port fits and the content does not contradict
  weak,       // a signature that occurs by chance, off its port: needs company
  proven,
};

struct Recognition {
  Certainty certainty = Certainty::nothing;
  std::uint8_t dissector = 0;  // index into dissectors()
};

// Asks the protocols of the ports in use first, then those whose signature stands by itself; list
// order within each.
[[nodiscard]] Recognition recognise(std::span<const std::uint8_t> bytes, Context context);

[[nodiscard]] bool is_usual_port(const Dissector& dissector, std::uint16_t port);

}  // namespace osect::dissect
