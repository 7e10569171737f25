// TOML to what is known; what a file may say is closed, so that a slip of the pen is an error.
#include "cloud/weakness/known.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cassert>
#include <chrono>
#include <cstdint>

#include "cloud/weakness/known_text.h"

namespace osect::weakness {
namespace {

// Reads a table key by key; remembers the first thing that was wrong.
class Reader {
 public:
  Reader(const toml::table& table, std::string where, std::string& wrong)
      : table_(table), where_(std::move(where)), wrong_(wrong) {}

  std::string text(std::string_view key) {
    known_.emplace_back(key);
    const auto value = table_[key].value<std::string>();
    if (!value) refuse(key, "has to be a text");
    return value.value_or("");
  }
  std::string word(std::string_view key, std::initializer_list<std::string_view> allowed) {
    std::string out = text(key);
    if (std::find(allowed.begin(), allowed.end(), out) == allowed.end())
      refuse(key, "is none of the words it may be");
    return out;
  }
  int number(std::string_view key) {
    known_.emplace_back(key);
    return table_[key].value_or(0);
  }
  bool truth(std::string_view key) {
    known_.emplace_back(key);
    return table_[key].value_or(false);
  }
  Day day(std::string_view key) {
    known_.emplace_back(key);
    const auto value = table_[key].value<toml::date>();
    return value ? value->year * 10000 + value->month * 100 + value->day : 0;
  }
  std::vector<std::string> texts(std::string_view key) {
    known_.emplace_back(key);
    std::vector<std::string> out;
    if (const toml::array* const array = table_[key].as_array())
      for (const toml::node& node : *array) {
        if (!node.is_string()) refuse(key, "has to hold texts");
        out.push_back(node.value_or(std::string()));
      }
    return out;
  }
  Text both(std::string_view key) {
    known_.emplace_back(key);
    const toml::table* const table = table_[key].as_table();
    if (table == nullptr) {
      refuse(key, "has to be there");
      return {};
    }
    Reader inner(*table, where_ + "." + std::string(key), wrong_);
    return {inner.text("ja"), inner.text("en")};
  }
  void each(std::string_view key, const auto& read) {
    known_.emplace_back(key);
    const toml::array* const array = table_[key].as_array();
    if (array == nullptr) return refuse(key, "has to be a list");
    for (const toml::node& node : *array) {
      const toml::table* const table = node.as_table();
      if (table == nullptr) return refuse(key, "has to hold tables");
      Reader inner(*table, fmt::format("{} {}", where_, (*table)["id"].value_or(std::string(key))),
                   wrong_);
      read(inner);
      inner.finish();
    }
  }
  // Every key of the table is a field, its value a text or a list of texts.
  std::vector<Condition> fields() {
    std::vector<Condition> out;
    for (const auto& [key, node] : table_) {
      const std::string name(key.str());
      if (name != "serves" && name != "asked" && !name.starts_with("fact."))
        refuse(name, "is no field");
      out.push_back(
          {name, node.is_array() ? texts(name) : std::vector{node.value_or(std::string())}});
      known_.push_back(name);
    }
    return out;
  }
  void refuse(std::string_view key, std::string_view why) {
    if (wrong_.empty()) wrong_ = fmt::format("{}: {} {}", where_, key, why);
  }
  void finish() {
    for (const auto& [key, node] : table_)
      if (std::find(known_.begin(), known_.end(), key.str()) == known_.end())
        refuse(key.str(), "is not known");
  }

 private:
  const toml::table& table_;
  std::string where_;
  std::string& wrong_;
  std::vector<std::string> known_;
};

Release read_release(Reader& in) {
  Release out;
  out.id = in.text("id");
  out.name = in.text("name");
  out.is = in.texts("is");
  out.edition = in.texts("edition");
  out.build = in.number("build");
  out.ends = in.day("ends");
  out.extended = in.day("extended");
  out.is_base = in.truth("is_base");
  if (out.ends == 0) in.refuse("ends", "has to be a date");
  if (out.is.empty()) in.refuse("is", "has to name it");
  return out;
}

Habit read_habit(Reader& in) {
  Habit out;
  out.id = in.text("id");
  out.severity = in.word("severity", {"info", "low", "medium", "high", "critical"});
  out.action = in.word("action", {"now", "next", "never"});
  in.each("when", [&](Reader& one) { out.when.push_back(one.fields()); });
  out.title = in.both("title");
  out.reason = in.both("reason");
  out.measure = in.both("measure");
  return out;
}

HabitCase read_case(Reader& in) {
  HabitCase out;
  out.name = in.text("name");
  in.each("given", [&](Reader& one) {
    for (Condition& field : one.fields())
      for (std::string& value : field.patterns) out.given.emplace_back(field.field, value);
  });
  out.expect = in.texts("expect");
  return out;
}

// Tells one state of the texts from another (FNV-1a, 64 bit).
std::string digest_of(std::initializer_list<std::string_view> texts) {
  std::uint64_t out = 0xcbf29ce484222325;
  for (const std::string_view text : texts)
    for (const char c : text) out = (out ^ static_cast<std::uint8_t>(c)) * 0x100000001b3;
  return fmt::format("{:016x}", out);
}

}  // namespace

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

bool fits(std::string_view pattern, std::string_view text) {
  const std::string small = lower(text);
  if (pattern.ends_with('*')) return small.starts_with(pattern.substr(0, pattern.size() - 1));
  return small == pattern;
}

Day day_of(std::int64_t unix_seconds) {
  using std::chrono::floor;
  const std::chrono::sys_seconds time{std::chrono::seconds(unix_seconds)};
  const std::chrono::year_month_day date{floor<std::chrono::days>(time)};
  return static_cast<int>(date.year()) * 10000 +
         static_cast<int>(static_cast<unsigned>(date.month())) * 100 +
         static_cast<int>(static_cast<unsigned>(date.day()));
}

Text day_text(Day day) {
  constexpr const char* kMonths[] = {"January",   "February", "March",    "April",
                                     "May",       "June",     "July",     "August",
                                     "September", "October",  "November", "December"};
  const int month = std::clamp(day / 100 % 100, 1, 12);
  return {fmt::format("{}年{}月{}日", day / 10000, month, day % 100),
          fmt::format("{} {} {}", day % 100, kMonths[month - 1], day / 10000)};
}

Text Known::say(std::string_view sentence, Words words) const {
  const auto found = sentences.find(sentence);
  assert(found != sentences.end());
  Text out = found->second;
  const auto replace = [](std::string& text, const std::string& mark, const std::string& by) {
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + by.size()))
      text.replace(at, mark.size(), by);
  };
  for (const auto& [name, word] : words) {
    const std::string mark = fmt::format("{{{}}}", name);
    replace(out.ja, mark, word.ja);
    replace(out.en, mark, word.en);
  }
  return out;
}

Result<Known> Known::parse(std::string_view support, std::string_view habits,
                           std::string_view sentences) {
  Known out;
  std::string wrong;
  const auto read = [&](std::string_view name, std::string_view text, const auto& take) {
    toml::table parsed;
    try {
      parsed = toml::parse(text);
    } catch (const toml::parse_error& failure) {
      if (wrong.empty())
        wrong = fmt::format("{}: line {}: {}", name, failure.source().begin.line,
                            failure.description());
      return;
    }
    Reader reader(parsed, std::string(name), wrong);
    take(reader, parsed);
    reader.finish();
  };
  read("support", support, [&](Reader& top, const toml::table&) {
    top.each("release", [&](Reader& in) { out.releases.push_back(read_release(in)); });
  });
  read("habits", habits, [&](Reader& top, const toml::table&) {
    top.each("habit", [&](Reader& in) { out.habits.push_back(read_habit(in)); });
    top.each("case", [&](Reader& in) { out.cases.push_back(read_case(in)); });
  });
  read("sentences", sentences, [&](Reader& top, const toml::table& table) {
    for (const auto& [key, node] : table)
      out.sentences.emplace(std::string(key.str()), top.both(key.str()));
  });
  if (!wrong.empty()) return Error(wrong);
  out.digest = digest_of({support, habits, sentences});
  return out;
}

const Known& Known::built_in() {
  static const Known known = [] {
    auto parsed = parse(support_text, habits_text, sentences_text);
    assert(parsed);
    return std::move(*parsed);
  }();
  return known;
}

}  // namespace osect::weakness
