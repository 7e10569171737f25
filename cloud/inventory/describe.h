// What a device is called and what it is, from its facts, its addresses and what it serves.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/address.h"
#include "cloud/inventory/vendor.h"

namespace osect::inventory {

struct Fact {
  std::string attribute;
  std::string value;
  std::string source;
};

struct Seen {
  std::vector<Fact> facts;       // the best first
  std::set<std::string> serves;  // protocols
  std::set<MacAddress> macs;
  std::set<IpAddress> ips;
  bool is_router = false;
};

struct Description {
  std::string name;
  std::string name_source;  // the source of the fact, or vendor, or address
  std::string type;         // "unknown" where nothing says
  std::string type_source;
  std::string vendor;
  std::string model;
  std::string firmware;
  std::string serial;
  std::string os;
  std::string host_name;
};

[[nodiscard]] Description describe(const Seen& seen, const Vendors& vendors);

}  // namespace osect::inventory
