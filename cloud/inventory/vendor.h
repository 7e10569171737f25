// The vendor of a MAC address by the IEEE's registries, as Debian's ieee-data has them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/address.h"
#include "base/result.h"

namespace osect::inventory {

// Read once; any thread may ask.
class Vendors {
 public:
  // Reads oui.csv (24 bits), mam.csv (28 bits) and oui36.csv (36 bits) in the directory.
  static Result<Vendors> read(const std::string& directory);

  // "" for who is not in the lists, and for addresses that were not given by a vendor (locally
  // administered, group).
  [[nodiscard]] std::string_view of(const MacAddress& mac) const;

 private:
  Result<> read_file(const std::string& path, unsigned bits);

  // By the leading bits, with their number above them.
  std::unordered_map<std::uint64_t, std::string> names_;
};

}  // namespace osect::inventory
