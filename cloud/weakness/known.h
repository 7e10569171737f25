// What the program knows by itself: support dates of operating systems, insecure habits
// and the sentences findings are told in (the .toml files of this folder).
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace osect::weakness {

struct Text {
  std::string ja;
  std::string en;
};

// A day as 20200114; 0: none.
using Day = int;

// One release of an operating system and until when its maker repairs it.
struct Release {
  std::string id;
  std::string name;
  std::vector<std::string> is;       // phrases that name it, in lower case
  std::vector<std::string> edition;  // phrases that tell it from releases of the same name
  int build = 0;
  Day ends = 0;
  Day extended = 0;      // for who pays
  bool is_base = false;  // others may repair it longer than its maker
};

// A condition: one of the patterns has to fit something observed in the field. A pattern in lower
// case; with "*" at its end, a beginning.
struct Condition {
  std::string field;  // serves, asked, or fact.<attribute>
  std::vector<std::string> patterns;
};
using When = std::vector<Condition>;  // all of them

// An insecure service or habit: there when one of `when` is.
struct Habit {
  std::string id;
  std::string severity;
  std::string action;
  std::vector<When> when;
  Text title;
  Text reason;
  Text measure;
};

struct HabitCase {
  std::string name;
  std::vector<std::pair<std::string, std::string>> given;  // field, value
  std::vector<std::string> expect;                         // ids
};

struct Known {
  std::vector<Release> releases;
  std::vector<Habit> habits;
  std::vector<HabitCase> cases;
  std::map<std::string, Text, std::less<>> sentences;
  std::string digest;  // of the texts: findings of another one are made anew

  // The sentence with each {name} replaced.
  using Words = std::initializer_list<std::pair<std::string_view, Text>>;
  [[nodiscard]] Text say(std::string_view sentence, Words words) const;

  [[nodiscard]] static Result<Known> parse(std::string_view support, std::string_view habits,
                                           std::string_view sentences);
  // Of the texts that are built in; a test parses them.
  [[nodiscard]] static const Known& built_in();
};

[[nodiscard]] std::string lower(std::string_view text);
[[nodiscard]] bool fits(std::string_view pattern, std::string_view text);
// Today, or a day so many after it, in UTC.
[[nodiscard]] Day day_of(std::int64_t unix_seconds);
[[nodiscard]] Text day_text(Day day);

}  // namespace osect::weakness
