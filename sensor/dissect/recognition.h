// Which protocol do these bytes speak: port as a hint, content as the proof; protocols.md 0.2 and
// 0.3.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

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
  const Dissector* dissector = nullptr;
};

// Some of dissectors(), by their place in the list.
class DissectorSet {
 public:
  static constexpr std::size_t kCapacity = 128;

  constexpr DissectorSet() = default;
  void add(std::size_t place) { words_[place / 64] |= std::uint64_t{1} << place % 64; }
  [[nodiscard]] bool has(std::size_t place) const {
    return (words_[place / 64] >> place % 64 & 1) != 0;
  }
  [[nodiscard]] DissectorSet operator|(const DissectorSet& other) const {
    return {words_[0] | other.words_[0], words_[1] | other.words_[1]};
  }
  [[nodiscard]] DissectorSet operator&(const DissectorSet& other) const {
    return {words_[0] & other.words_[0], words_[1] & other.words_[1]};
  }
  [[nodiscard]] DissectorSet without(const DissectorSet& other) const {
    return {words_[0] & ~other.words_[0], words_[1] & ~other.words_[1]};
  }
  // Calls `visit(place)` in the list's order until it returns true; whether it did.
  template <typename Visit>
  bool any(Visit&& visit) const {
    for (std::size_t i = 0; i < words_.size(); ++i)
      for (std::uint64_t left = words_[i]; left != 0; left &= left - 1)
        if (visit(i * 64 + static_cast<std::size_t>(std::countr_zero(left)))) return true;
    return false;
  }

 private:
  DissectorSet(std::uint64_t low, std::uint64_t high) : words_{low, high} {}
  std::array<std::uint64_t, 2> words_{};
};

// What is asked of a flow's first messages must not grow with the number of protocols: an index by
// port, and one by the bytes that a message leads with, leave the few whose probes are worth a
// call.
class Recogniser {
 public:
  explicit Recogniser(std::span<const Dissector* const> list);
  // Of dissectors(), made once.
  [[nodiscard]] static const Recogniser& of_all();

  // Asks the protocols of the ports in use first, then those whose signature stands by itself; list
  // order within each.
  [[nodiscard]] Recognition recognise(std::span<const std::uint8_t> bytes, Context context) const;
  // The protocols of a port (of an ethertype, of an IP protocol); `over` is one of over::k....
  [[nodiscard]] const DissectorSet& on_port(std::uint8_t over, std::uint16_t port) const;
  // The protocols that may be spoken on any port and may begin with these bytes.
  [[nodiscard]] DissectorSet off_port(std::uint8_t over, std::span<const std::uint8_t> bytes) const;
  [[nodiscard]] const Dissector& operator[](std::size_t place) const { return *list_[place]; }

 private:
  static constexpr std::size_t kOvers = 5;

  struct PortEntry {
    std::uint32_t key = 0;
    DissectorSet speakers;
  };
  [[nodiscard]] static std::uint32_t port_key(std::uint8_t over, std::uint16_t port) {
    return static_cast<std::uint32_t>(over) << 16 | port;
  }
  [[nodiscard]] std::size_t home(std::uint32_t key) const {
    return key * 0x9e3779b1U >>
           port_shift_;  // Fibonacci hashing: the keys are ours, not the wire's
  }

  std::span<const Dissector* const> list_;
  std::vector<PortEntry> ports_;  // open addressing, at most half full; key 0: free
  unsigned port_shift_ = 0;
  std::array<DissectorSet, kOvers> off_port_;  // by the bit of `over`
  DissectorSet weak_;
  // By offset and byte: who may show that byte there. Protocols without a lead there may show any.
  std::vector<std::array<DissectorSet, 256>> leads_;
};

[[nodiscard]] bool is_usual_port(const Dissector& dissector, std::uint16_t port);

}  // namespace osect::dissect
