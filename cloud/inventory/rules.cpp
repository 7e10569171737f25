// TOML to rules; what a rule may say is closed, so that a slip of the pen is an error and not
// silence.
#include "cloud/inventory/rules.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cassert>
#include <set>

#include "cloud/inventory/rules_text.h"

namespace osect::inventory {
namespace {

constexpr std::string_view kFields[] = {"serves", "uses",      "answers", "does",  "mac",
                                        "mac_is", "vendor",    "family",  "model", "os",
                                        "type",   "is_router", "is_local"};

// Reads a table key by key; remembers the first thing that was wrong.
class Reader {
 public:
  Reader(const toml::table& table, std::string where, std::string& wrong)
      : table_(table), where_(std::move(where)), wrong_(wrong) {}

  std::string text(std::string_view key, bool is_needed = true) {
    known_.push_back(key);
    const auto value = table_[key].value<std::string>();
    if (!value && (is_needed || table_.contains(key))) refuse(key, "has to be a text");
    return value.value_or("");
  }
  std::int64_t number(std::string_view key, std::int64_t otherwise) {
    known_.push_back(key);
    const auto value = table_[key].value<std::int64_t>();
    if (!value && table_.contains(key)) refuse(key, "has to be a number");
    return value.value_or(otherwise);
  }
  bool truth(std::string_view key, bool otherwise) {
    known_.push_back(key);
    const auto value = table_[key].value<bool>();
    if (!value && table_.contains(key)) refuse(key, "has to be true or false");
    return value.value_or(otherwise);
  }
  std::vector<std::string> texts(std::string_view key) {
    known_.push_back(key);
    std::vector<std::string> out;
    const toml::array* const array = table_[key].as_array();
    if (array == nullptr && table_.contains(key)) refuse(key, "has to be a list");
    if (array == nullptr) return out;
    for (const toml::node& node : *array) {
      const auto value = node.value<std::string>();
      if (!value) refuse(key, "has to hold texts");
      out.push_back(value.value_or(""));
    }
    return out;
  }
  Patterns patterns(std::string_view key) {
    Patterns out = texts(key);
    for (std::string& one : out) one = lower(one);
    return out;
  }
  const toml::table* table(std::string_view key) {
    known_.push_back(key);
    return table_[key].as_table();
  }
  const toml::array* array(std::string_view key) {
    known_.push_back(key);
    return table_[key].as_array();
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
  std::vector<std::string_view> known_;
};

std::vector<std::pair<std::string, std::string>> pairs_of(Reader& reader, std::string_view key) {
  std::vector<std::pair<std::string, std::string>> out;
  const toml::table* const table = reader.table(key);
  if (table == nullptr) {
    reader.refuse(key, "has to be a table");
    return out;
  }
  for (const auto& [name, node] : *table) {
    const auto value = node.value<std::string>();
    if (!value) reader.refuse(key, "has to hold texts");
    out.emplace_back(name.str(), value.value_or(""));
  }
  return out;
}

void read_conditions(Reader& reader, std::string& wrong, Rule& rule) {
  const toml::table* const where = reader.table("where");
  if (where == nullptr) {
    reader.refuse("where", "has to be a table");
    return;
  }
  Reader conditions(*where, fmt::format("rule {}: where", rule.id), wrong);
  for (const auto& [name, node] : *where) {
    Condition condition;
    condition.field = name.str();
    condition.patterns = conditions.patterns(name.str());
    if (condition.patterns.empty()) conditions.refuse(name.str(), "is empty");
    if (!condition.field.starts_with("fact.") &&
        std::find(std::begin(kFields), std::end(kFields), condition.field) == std::end(kFields))
      conditions.refuse(name.str(), "is no field");
    rule.where.push_back(std::move(condition));
  }
}

Rule read_rule(Reader& reader, std::string& wrong) {
  Rule rule;
  rule.id = reader.text("id");
  rule.confidence = reader.number("confidence", 0);
  if (rule.confidence < 1 || rule.confidence > 100)
    reader.refuse("confidence", "has to be within 1 and 100");
  rule.say = pairs_of(reader, "say");
  read_conditions(reader, wrong, rule);
  return rule;
}

Case read_case(Reader& reader, std::string& wrong) {
  Case one;
  one.name = reader.text("name");
  one.expect = pairs_of(reader, "expect");
  const toml::table* const given = reader.table("given");
  if (given == nullptr) {
    reader.refuse("given", "has to be a table");
    return one;
  }
  Reader inner(*given, fmt::format("case {}: given", one.name), wrong);
  one.macs = inner.texts("macs");
  one.serves = inner.texts("serves");
  one.uses = inner.texts("uses");
  one.answers = inner.texts("answers");
  one.does = inner.texts("does");
  one.is_router = inner.truth("is_router", false);
  if (const toml::array* const facts = inner.array("facts"))
    for (const toml::node& node : *facts) {
      const toml::array* const f = node.as_array();
      if (f == nullptr || f->size() != 4) {
        inner.refuse("facts", "has to hold [attribute, value, source, confidence]");
        continue;
      }
      one.facts.push_back({(*f)[0].value_or(std::string()), (*f)[1].value_or(std::string()),
                           (*f)[2].value_or(std::string()), (*f)[3].value_or(std::int64_t{0})});
    }
  inner.finish();
  return one;
}

// Each table of the array `key`, read by `read`.
template <typename T, typename Read>
void read_all(Reader& top, std::string_view key, std::string& wrong, std::vector<T>& out,
              Read read) {
  const toml::array* const array = top.array(key);
  if (array == nullptr) {
    top.refuse(key, "is missing");
    return;
  }
  for (const toml::node& node : *array) {
    const toml::table* const table = node.as_table();
    if (table == nullptr) continue;
    Reader reader(*table, fmt::format("{} {}", key, out.size() + 1), wrong);
    out.push_back(read(reader));
    reader.finish();
  }
}

}  // namespace

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

bool matches(std::string_view pattern, std::string_view text) {
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  std::size_t p = 0;
  std::size_t t = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && (pattern[p] == text[t] || pattern[p] == '?')) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool matches_any(const Patterns& patterns, std::string_view text) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return matches(pattern, text); });
}

Result<Rules> Rules::parse(std::string_view text) {
  toml::table parsed;
  try {
    parsed = toml::parse(text);
  } catch (const toml::parse_error& failure) {
    return Error(fmt::format("line {}: {}", failure.source().begin.line, failure.description()));
  }
  Rules out;
  std::string wrong;
  Reader top(parsed, "the file", wrong);
  out.exclusive = top.texts("exclusive");
  read_all(top, "attribute", wrong, out.attributes, [](Reader& r) {
    return AttributeRule{r.text("name"), r.texts("facts"), r.patterns("ignore"),
                         r.truth("by_order", false), r.truth("conflicts", true)};
  });
  read_all(top, "vendor", wrong, out.vendors, [](Reader& r) {
    return VendorAlias{r.text("name"), r.patterns("known_as")};
  });
  read_all(top, "identity", wrong, out.identities, [](Reader& r) {
    return IdentityRule{r.text("attribute"), r.texts("with"), r.truth("replacement", false),
                        r.number("confidence", 70), r.patterns("ignore")};
  });
  read_all(top, "rule", wrong, out.rules, [&](Reader& r) { return read_rule(r, wrong); });
  read_all(top, "case", wrong, out.cases, [&](Reader& r) { return read_case(r, wrong); });
  top.finish();
  if (!wrong.empty()) return Error(wrong);
  return out;
}

std::vector<std::string> Rules::fact_names() const {
  std::set<std::string> out;
  for (const AttributeRule& rule : attributes) out.insert(rule.facts.begin(), rule.facts.end());
  for (const Rule& rule : rules)
    for (const Condition& condition : rule.where)
      if (condition.field.starts_with("fact.")) out.insert(condition.field.substr(5));
  return {out.begin(), out.end()};
}

std::vector<std::string> Rules::identity_names() const {
  std::set<std::string> out(exclusive.begin(), exclusive.end());
  for (const IdentityRule& rule : identities) out.insert(rule.attribute);
  return {out.begin(), out.end()};
}

const Rules& Rules::built_in() {
  static const Rules rules = [] {
    auto parsed = parse(kRulesText);
    assert(parsed);
    return std::move(*parsed);
  }();
  return rules;
}

}  // namespace osect::inventory
