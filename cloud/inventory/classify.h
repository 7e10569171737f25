// What a device is: its attributes from facts, addresses and traffic, each with what it rests on.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/clock.h"
#include "cloud/inventory/rules.h"
#include "cloud/inventory/vendor.h"

namespace osect::inventory {

struct Fact {
  std::string attribute;
  std::string value;
  std::string source;
  std::int64_t confidence = 0;
  TimeNs first = 0;
  TimeNs last = 0;
};

// Everything known about one device.
struct Seen {
  std::vector<Fact> facts;
  std::set<std::string> serves;   // protocols it was asked by
  std::set<std::string> uses;     // protocols it asks by
  std::set<std::string> answers;  // access classes of OT operations done to it
  std::set<std::string> does;     // ... and by it
  std::set<MacAddress> macs;
  std::set<IpAddress> ips;
  bool is_router = false;
  bool is_local = true;
};

// One thing that an attribute rests on: a fact (attribute is its own), or what else a rule looks at
// (serves, uses, answers, does, mac, vendor, ...).
struct Evidence {
  std::string attribute;
  std::string value;
  std::string source;  // of a fact; else empty
};

struct Claim {
  std::string value;
  std::string source;  // of the fact, a protocol, "oui", "traffic"; of a rule: of what it rests on
  std::string rule;    // its id; empty where a fact states the value
  std::int64_t confidence = 0;
  std::vector<Evidence> evidence;
  TimeNs first = 0;
  TimeNs last = 0;
};

struct Attribute {
  Claim best;
  std::vector<Claim> others;  // other values that were stated, the surest first
  bool is_in_conflict = false;
};

// Attributes by the names of the rules file, and: type, level, mac_kind, role. One that nothing
// speaks for is not there.
using Attributes = std::map<std::string, Attribute, std::less<>>;

struct Description {
  std::string name;
  std::string name_source;  // the source of the fact, or vendor, or address
  Attributes attributes;

  [[nodiscard]] std::string value_of(std::string_view attribute) const;
  [[nodiscard]] std::vector<std::string> conflicts() const;
};

[[nodiscard]] Description describe(const Seen& seen, const Rules& rules, const Vendors& vendors);

// The maker's name as the rules write it.
[[nodiscard]] std::string vendor_name(const Rules& rules, std::string_view stated);

}  // namespace osect::inventory
