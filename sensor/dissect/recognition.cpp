// Recognition by port and content over the list of dissectors.
#include "sensor/dissect/recognition.h"

#include <algorithm>
#include <array>

namespace osect::dissect {
namespace {

// Services whose messages look like weak signatures (LDAP over SASL and DCE/RPC like Modbus);
// protocols.md 0.3.
constexpr std::array<std::uint16_t, 7> kNeverWeak = {88, 135, 139, 389, 445, 1433, 3268};

bool is_never_weak(const Context& context) {
  const auto has = [](std::uint16_t port) {
    return std::find(kNeverWeak.begin(), kNeverWeak.end(), port) != kNeverWeak.end();
  };
  return has(context.source_port) || has(context.destination_port);
}

}  // namespace

bool is_usual_port(const Dissector& dissector, std::uint16_t port) {
  return std::find(dissector.ports.begin(), dissector.ports.end(), port) != dissector.ports.end();
}

Recognition recognise(std::span<const std::uint8_t> bytes, Context context) {
  const auto list = dissectors();
  Recognition best;
  const auto consider = [&](std::size_t i, Certainty certainty) {
    if (certainty > best.certainty) best = {certainty, static_cast<std::uint8_t>(i)};
    return certainty == Certainty::proven;
  };
  for (const bool on_port : {true, false}) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      const Dissector& candidate = *list[i];
      if ((candidate.over & context.over) == 0) continue;
      if (!on_port && candidate.off_port == OffPort::never) continue;
      context.is_usual_port = is_usual_port(candidate, context.source_port) ||
                              is_usual_port(candidate, context.destination_port);
      if (context.is_usual_port != on_port) continue;
      const Verdict verdict = candidate.probe(Cursor(bytes), context);
      if (verdict == Verdict::no) continue;
      const bool is_weak = !on_port && candidate.off_port == OffPort::weak;
      if (is_weak && is_never_weak(context)) continue;
      const Certainty best_case = is_weak ? Certainty::weak : Certainty::proven;
      if (consider(i, verdict == Verdict::yes ? best_case : Certainty::plausible)) return best;
    }
  }
  return best;
}

}  // namespace osect::dissect
