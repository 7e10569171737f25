// The rule files, read once.
#include "cloud/rules/rules.h"

namespace osect::rules {

const std::vector<detect::Rule>& all() {
  static const std::vector<detect::Rule> rules = detect::read_rules(files()).value();
  return rules;
}

}  // namespace osect::rules
