// The part of a rule before its options: protocol, addresses, ports, direction.
#pragma once

#include <string>
#include <string_view>

#include "sensor/signature/rule.h"
#include "sensor/signature/rule_file.h"

namespace osect::signature {

// What the header says beyond the rule itself.
struct Header {
  bool is_packets_only = false;  // tcp-pkt
};

// Fills the rule; gives why it cannot be honoured, or "".
[[nodiscard]] std::string parse_header(std::string_view text, const Variables& variables,
                                       Rule& rule, Header& header);

}  // namespace osect::signature
