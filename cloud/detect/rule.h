// A detection as its file says it (cloud/rules/*.toml; docs/detection.md describes the fields).
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cloud/detect/condition.h"

namespace osect::detect {

enum class Kind : std::uint8_t { match, threshold, first_seen, deviation, silence };
enum class Severity : std::uint8_t { info, low, medium, high, critical };

[[nodiscard]] std::string_view name_of(Severity severity);

// A text in both languages; {client}, {function} and the like stand for what was seen.
struct Text {
  std::string ja;
  std::string en;
};

// One of a rule file's own tests: what is seen, day by day, and how many alerts come of it.
struct Case {
  std::string name;
  std::vector<Values> given;  // with "day", "client", "server", "record" where it is another one
  std::int64_t learned_until_day = 0;
  std::int64_t alerts = 0;
  std::int64_t line = 0;
};

struct Rule {
  std::string id;
  Kind kind = Kind::match;
  Record record = Record::device;
  std::string category;
  Severity severity = Severity::medium;
  std::vector<std::string> attack;  // MITRE ATT&CK for ICS techniques
  std::vector<Condition> where;
  std::vector<std::string> key;    // what makes it the same finding again
  std::vector<std::string> join;   // findings that share these within ten minutes are one alert
  std::vector<std::string> known;  // sides that must be known devices: a new one has its own alert
  std::int64_t dedupe_hours = 24;  // a closed alert takes repeats for so long
  bool is_on_while_learning = false;
  std::string distinct;  // threshold: different values of this field...
  std::int64_t at_least = 0;
  std::int64_t window_minutes = 0;
  std::string value;  // deviation: this value against that one
  std::string reference;
  std::int64_t factor_percent = 0;
  std::int64_t floor = 0;
  std::int64_t after_s = 0;  // silence
  std::int64_t cycles = 0;   // silence: or so many cycles, if that is longer
  Text title, explain, check, do_not;
  std::vector<Case> cases;
};

struct RuleFile {
  std::string_view name;
  std::string_view text;
};

// Every mistake is told with file and line: a key that is not known, a value out of range, a text
// that is missing.
[[nodiscard]] Result<Rule> read_rule(const RuleFile& file);
[[nodiscard]] Result<std::vector<Rule>> read_rules(std::span<const RuleFile> files);

}  // namespace osect::detect
