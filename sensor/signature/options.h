// The options of a rule, between its parentheses; Suricata's user guide, "Rules".
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "sensor/signature/rule.h"

namespace osect::signature {

// Names of flow bits, numbered as they come within one file.
class BitNames {
 public:
  static constexpr std::size_t kMost = 256;

  // kMost when there are too many.
  [[nodiscard]] std::size_t number_of(std::string_view name);

 private:
  std::map<std::string, std::size_t, std::less<>> numbers_;
};

// What the options say about how a rule is judged.
struct Manner {
  bool is_packets_only = false;  // an option that only packets have
};

// Fills the rule, also sid, gid and rev when something else is wrong; gives why it cannot be
// honoured, or "".
[[nodiscard]] std::string parse_options(std::string_view text, BitNames& names, Rule& rule,
                                        Manner& manner);

}  // namespace osect::signature
