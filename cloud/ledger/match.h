// Which observed device a row of the ledger means; the order of keys is docs/operations.md's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cloud/ledger/entry.h"

namespace osect::ledger {

// An observed device by what it can be recognised by.
struct Candidate {
  std::int64_t id = 0;
  std::string name;
  std::vector<MacAddress> macs;  // without a router's virtual, randomised or shared ones
  std::string serial;
  std::string host_name;
  std::string vendor;
  std::vector<IpAddress> ips;  // without those that DHCP gave
};

enum class Key : std::uint8_t { none, mac, serial, host_name, ip, name };
[[nodiscard]] const char* key_name(Key key);

struct Match {
  enum class State : std::uint8_t {
    only_ledger,  // nothing observed answers to it
    probable,     // by a key that can be shared or change
    matched,      // by MAC address or serial number
    duplicate,    // another row answers better, or as well and earlier
    conflict,     // its keys mean several devices
  };
  State state = State::only_ledger;
  std::optional<std::int64_t> device;
  Key key = Key::none;
  std::string value;                 // of the key, as the ledger has it
  int confidence = 0;                // percent
  std::vector<std::int64_t> others;  // of a conflict
};
[[nodiscard]] const char* state_name(Match::State state);

// One match an entry, in their order.
[[nodiscard]] std::vector<Match> match(const std::vector<Entry>& entries,
                                       const std::vector<Candidate>& candidates);

}  // namespace osect::ledger
