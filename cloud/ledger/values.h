// Addresses as people write them into cells.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "cloud/ledger/complaint.h"

namespace osect::ledger {

// Full-width letters, digits and signs as their ASCII ones, all kinds of space as one, ends
// trimmed.
[[nodiscard]] std::string half_width(std::string_view text);

// "-", "なし", "不明", "DHCP": what people write where there is nothing to write.
[[nodiscard]] bool is_blank(std::string_view half_width_text);

// All addresses of a cell, in any notation, one after the other with anything between; an error
// names the word that is none. Blank: no addresses.
Read<std::vector<MacAddress>> read_macs(std::string_view cell);
Read<std::vector<IpAddress>> read_ips(std::string_view cell);

}  // namespace osect::ledger
