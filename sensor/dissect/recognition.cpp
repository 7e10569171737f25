// Recognition by port and content over the list of dissectors.
#include "sensor/dissect/recognition.h"

#include <algorithm>
#include <cassert>

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

constexpr DissectorSet kNobody;

}  // namespace

bool is_usual_port(const Dissector& dissector, std::uint16_t port) {
  return std::find(dissector.ports.begin(), dissector.ports.end(), port) != dissector.ports.end();
}

Recogniser::Recogniser(std::span<const Dissector* const> list) : list_(list) {
  assert(list.size() <= DissectorSet::kCapacity);
  std::size_t hints = 0;
  std::size_t depth = 0;
  for (const Dissector* dissector : list) {
    hints += kOvers * dissector->ports.size() + dissector->ethertypes.size();
    for (const Lead& lead : dissector->leads) depth = std::max<std::size_t>(depth, lead.offset + 1);
  }
  const std::size_t size = std::bit_ceil(2 * hints + 2);
  ports_.resize(size);
  port_shift_ = 32U - static_cast<unsigned>(std::countr_zero(size));
  leads_.resize(depth);

  for (std::size_t place = 0; place < list.size(); ++place) {
    const Dissector& dissector = *list[place];
    if (dissector.off_port == OffPort::weak) weak_.add(place);
    for (std::size_t bit = 0; bit < kOvers; ++bit) {
      const auto over = static_cast<std::uint8_t>(1U << bit);
      if ((dissector.over & over) == 0) continue;
      if (dissector.off_port != OffPort::never) off_port_[bit].add(place);
      const auto hints_here = over == over::kEthernet ? dissector.ethertypes : dissector.ports;
      for (const std::uint16_t port : hints_here) {
        const std::uint32_t key = port_key(over, port);
        std::size_t at = home(key);
        while (ports_[at].key != 0 && ports_[at].key != key) at = (at + 1) & (size - 1);
        ports_[at].key = key;
        ports_[at].speakers.add(place);
      }
    }
    for (std::size_t offset = 0; offset < depth; ++offset) {
      for (std::size_t byte = 0; byte < 256; ++byte) {
        const auto admits = [&](const Lead& lead) {
          return lead.offset != offset || lead.bytes.has(static_cast<std::uint8_t>(byte));
        };
        if (std::all_of(dissector.leads.begin(), dissector.leads.end(), admits))
          leads_[offset][byte].add(place);
      }
    }
  }
}

const Recogniser& Recogniser::of_all() {
  static const Recogniser recogniser(dissectors());
  return recogniser;
}

const DissectorSet& Recogniser::on_port(std::uint8_t over, std::uint16_t port) const {
  const std::uint32_t key = port_key(over, port);
  for (std::size_t at = home(key); ports_[at].key != 0; at = (at + 1) & (ports_.size() - 1))
    if (ports_[at].key == key) return ports_[at].speakers;
  return kNobody;
}

DissectorSet Recogniser::off_port(std::uint8_t over, std::span<const std::uint8_t> bytes) const {
  DissectorSet who = off_port_[static_cast<std::size_t>(std::countr_zero(over))];
  const std::size_t depth = std::min(bytes.size(), leads_.size());
  for (std::size_t offset = 0; offset < depth; ++offset) who = who & leads_[offset][bytes[offset]];
  return who;
}

Recognition Recogniser::recognise(std::span<const std::uint8_t> bytes, Context context) const {
  Recognition best;
  const auto ask = [&](std::size_t place, Certainty best_case) {
    const Dissector& candidate = *list_[place];
    const Verdict verdict = candidate.probe(Cursor(bytes), context);
    if (verdict == Verdict::no) return false;
    const Certainty certainty = verdict == Verdict::yes ? best_case : Certainty::plausible;
    if (certainty > best.certainty) best = {certainty, &candidate};
    return certainty == Certainty::proven;
  };
  const DissectorSet at_home =
      on_port(context.over, context.source_port) | on_port(context.over, context.destination_port);
  context.is_usual_port = true;
  if (at_home.any([&](std::size_t place) { return ask(place, Certainty::proven); })) return best;

  DissectorSet abroad = off_port(context.over, bytes).without(at_home);
  if (is_never_weak(context)) abroad = abroad.without(weak_);
  context.is_usual_port = false;
  abroad.any([&](std::size_t place) {
    return ask(place, weak_.has(place) ? Certainty::weak : Certainty::proven);
  });
  return best;
}

}  // namespace osect::dissect
