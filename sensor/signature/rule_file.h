// Files of rules in Suricata's syntax; docs/signatures.md says what of it is honoured.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sensor/signature/rule.h"

namespace osect::signature {

// What $NAME stands for, by NAME.
using Variables = std::map<std::string, std::string, std::less<>>;

// As Suricata ships them: private networks at home, everything else outside.
[[nodiscard]] Variables default_variables();

// `rules` in the order in which they are judged on a packet.
struct RuleFile {
  std::vector<Rule> rules;
  std::vector<Refusal> refusals;  // by line
};

// Every rule of the text is either in `rules` or in `refusals`. Total: any bytes will do.
[[nodiscard]] RuleFile parse_rules(std::string_view text, const Variables& variables);
[[nodiscard]] Result<RuleFile> read_rules(const std::string& path, const Variables& variables);

}  // namespace osect::signature
