// What detection judges: one thing that was seen, in the words that rules are written in.
// docs/detection.md lists the fields of each record.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"

namespace osect::detect {

using Value = std::variant<bool, std::int64_t, std::string>;
using Values = std::map<std::string, Value, std::less<>>;

enum class Record : std::uint8_t {
  device,        // a device is there for the first time
  address,       // a station claims an address
  conversation,  // two sides talk by a service for the first time
  operation,     // an OT operation is used for the first time
  occurrence,    // an operation that decides something was carried out, each time
  exchange,      // the operations of a pair within a minute
  cycle,         // how regular a cyclic operation is now
  presence,      // something known has been silent for some time
  fact,          // something is known of a device for the first time
  event,         // a sensor noticed something
};

[[nodiscard]] std::string_view name_of(Record record);

// A device by its id, an endpoint without a device by minus its id; 0: nobody.
using Side = std::int64_t;

struct Sighting {
  Record record = Record::device;
  Side client = 0;  // who did it; of a record about one device, that device
  Side server = 0;
  std::int64_t count = 1;
  TimeNs first = 0;
  TimeNs last = 0;
  Values values{};
};

// A field of a rule's key: "client", "server" or a value's name. Nothing known: "".
[[nodiscard]] std::string text_of(const Sighting& sighting, std::string_view field);
// What a conversation is for: its protocol, or what the port is known for where nobody recognised
// it; "" when neither is known.
[[nodiscard]] std::string service_of(std::string_view transport, std::int64_t port,
                                     std::string_view protocol);
// The fields in order as one text, for comparing.
[[nodiscard]] std::string key_of(const Sighting& sighting, const std::vector<std::string>& fields);

}  // namespace osect::detect
