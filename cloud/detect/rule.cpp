// Rule files: TOML read field by field, each field known, each value checked.
#include "cloud/detect/rule.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>

namespace osect::detect {
namespace {

constexpr std::array<std::string_view, 5> kKinds{"match", "threshold", "first_seen", "deviation",
                                                 "silence"};
constexpr std::array<std::string_view, 5> kSeverities{"info", "low", "medium", "high", "critical"};
constexpr std::array<std::string_view, 10> kRecords{
    "device",   "address", "conversation", "operation", "occurrence",
    "exchange", "cycle",   "presence",     "fact",      "event"};
constexpr std::array<std::string_view, 6> kCategories{"device", "communication", "operation",
                                                      "attack", "network",       "health"};

struct Wrong {
  std::int64_t line;
  std::string what;
};

std::int64_t line_of(const toml::node& node) {
  return static_cast<std::int64_t>(node.source().begin.line);
}

// One table of the file: what is taken is known, what is left over is refused.
class Fields {
 public:
  explicit Fields(const toml::table& table) : table_(table) {}

  const toml::node* find(std::string_view name) {
    known_.emplace(name);
    return table_.get(name);
  }
  const toml::node& need(std::string_view name) {
    const toml::node* const node = find(name);
    if (node == nullptr) throw Wrong{line_of(table_), fmt::format("\"{}\" is missing", name)};
    return *node;
  }
  std::string text(std::string_view name) { return text_in(need(name), name); }
  std::string optional_text(std::string_view name) {
    const toml::node* const node = find(name);
    return node == nullptr ? std::string() : text_in(*node, name);
  }
  std::vector<std::string> texts(std::string_view name) {
    std::vector<std::string> out;
    const toml::node* const node = find(name);
    if (node == nullptr) return out;
    if (!node->is_array()) throw Wrong{line_of(*node), fmt::format("\"{}\" is not a list", name)};
    for (const toml::node& each : *node->as_array()) out.push_back(text_in(each, name));
    return out;
  }
  std::int64_t number(std::string_view name, std::int64_t otherwise) {
    const toml::node* const node = find(name);
    if (node == nullptr) return otherwise;
    const auto number = node->value_exact<std::int64_t>();
    if (!number || *number < 0)
      throw Wrong{line_of(*node), fmt::format("\"{}\" is not a number from 0 up", name)};
    return *number;
  }
  bool truth(std::string_view name) {
    const toml::node* const node = find(name);
    if (node == nullptr) return false;
    const auto truth = node->value_exact<bool>();
    if (!truth) throw Wrong{line_of(*node), fmt::format("\"{}\" is not true or false", name)};
    return *truth;
  }
  template <typename Words>
  std::size_t word(std::string_view name, const Words& allowed) {
    const std::string text = this->text(name);
    const auto at = std::find(allowed.begin(), allowed.end(), text);
    if (at == allowed.end())
      throw Wrong{line_of(need(name)),
                  fmt::format("\"{}\" is not one of {}", name, fmt::join(allowed, ", "))};
    return static_cast<std::size_t>(at - allowed.begin());
  }
  void finish() const {
    for (const auto& [key, node] : table_)
      if (!known_.contains(key.str()))
        throw Wrong{line_of(node), fmt::format("\"{}\" is not known here", key.str())};
  }

 private:
  static std::string text_in(const toml::node& node, std::string_view name) {
    const auto text = node.value_exact<std::string>();
    if (!text || text->empty())
      throw Wrong{line_of(node), fmt::format("\"{}\" is not a text", name)};
    return *text;
  }

  const toml::table& table_;
  std::set<std::string, std::less<>> known_;
};

Value read_value(const toml::node& node) {
  if (const auto truth = node.value_exact<bool>()) return *truth;
  if (const auto number = node.value_exact<std::int64_t>()) return *number;
  if (auto text = node.value_exact<std::string>()) return std::move(*text);
  throw Wrong{line_of(node), "a value is a text, a whole number, true or false"};
}

Condition read_condition(std::string_view field, const toml::node& node) {
  Condition out{};
  out.field = field;
  const toml::node* values = &node;
  if (const toml::table* const table = node.as_table()) {
    Fields fields(*table);
    values = fields.find("not");
    out.is_negated = values != nullptr;
    out.least = fields.number("min", out.least);
    out.most = fields.number("max", out.most);
    fields.finish();
    if (values == nullptr) return out;
  }
  if (const toml::array* const list = values->as_array())
    for (const toml::node& each : *list) out.any_of.push_back(read_value(each));
  else
    out.any_of.push_back(read_value(*values));
  return out;
}

const toml::table& table_in(const toml::node& node, std::string_view name) {
  if (!node.is_table()) throw Wrong{line_of(node), fmt::format("\"{}\" is not a table", name)};
  return *node.as_table();
}

Text read_text(Fields& fields, std::string_view name) {
  Fields both(table_in(fields.need(name), name));
  Text out{both.text("ja"), both.text("en")};
  both.finish();
  return out;
}

Case read_case(const toml::node& node) {
  Fields fields(table_in(node, "case"));
  Case out;
  out.line = line_of(node);
  out.name = fields.text("name");
  out.learned_until_day = fields.number("learned_until_day", 0);
  fields.need("alerts");
  out.alerts = fields.number("alerts", 0);
  const toml::node& given = fields.need("given");
  if (!given.is_array()) throw Wrong{line_of(given), "\"given\" is not a list"};
  for (const toml::node& each : *given.as_array()) {
    Values& values = out.given.emplace_back();
    for (const auto& [key, value] : table_in(each, "given"))
      values.emplace(key.str(), read_value(value));
  }
  fields.finish();
  return out;
}

// What a kind needs besides.
void read_kind(Fields& fields, Rule& rule) {
  switch (rule.kind) {
    case Kind::threshold:
      rule.distinct = fields.text("distinct");
      fields.need("at_least");
      rule.at_least = fields.number("at_least", 0);
      fields.need("window_minutes");
      rule.window_minutes = fields.number("window_minutes", 0);
      break;
    case Kind::deviation:
      rule.value = fields.text("value");
      rule.reference = fields.text("reference");
      fields.need("factor_percent");
      rule.factor_percent = fields.number("factor_percent", 0);
      rule.floor = fields.number("floor", 0);
      break;
    case Kind::silence:
      fields.need("after_s");
      rule.after_s = fields.number("after_s", 0);
      rule.cycles = fields.number("cycles", 0);
      break;
    case Kind::match:
    case Kind::first_seen:
      break;
  }
}

Rule read(const toml::table& table) {
  Fields fields(table);
  Rule rule;
  rule.id = fields.text("id");
  rule.kind = static_cast<Kind>(fields.word("kind", kKinds));
  rule.record = static_cast<Record>(fields.word("record", kRecords));
  rule.category = kCategories.at(fields.word("category", kCategories));
  rule.severity = static_cast<Severity>(fields.word("severity", kSeverities));
  rule.attack = fields.texts("attack");
  for (const std::string& technique : rule.attack)
    if (technique.size() != 5 || !technique.starts_with("T0"))
      throw Wrong{line_of(fields.need("attack")),
                  fmt::format("{} is no technique of ATT&CK for ICS", technique)};
  if (rule.attack.empty()) throw Wrong{line_of(table), "\"attack\" names no technique"};
  if (const toml::node* const where = fields.find("where"))
    for (const auto& [field, node] : table_in(*where, "where"))
      rule.where.push_back(read_condition(field.str(), node));
  rule.key = fields.texts("key");
  if (rule.key.empty()) throw Wrong{line_of(table), "\"key\" names no field"};
  rule.join = fields.texts("join");
  rule.known = fields.texts("known");
  rule.dedupe_hours = fields.number("dedupe_hours", 24);
  rule.is_on_while_learning = fields.truth("while_learning");
  read_kind(fields, rule);
  rule.title = read_text(fields, "title");
  rule.explain = read_text(fields, "explain");
  rule.check = read_text(fields, "check");
  rule.do_not = read_text(fields, "do_not");
  const toml::node& cases = fields.need("case");
  if (!cases.is_array()) throw Wrong{line_of(cases), "\"case\" is not a list"};
  for (const toml::node& each : *cases.as_array()) rule.cases.push_back(read_case(each));
  fields.finish();
  return rule;
}

}  // namespace

std::string_view name_of(Severity severity) {
  return kSeverities.at(static_cast<std::size_t>(severity));
}

Result<Rule> read_rule(const RuleFile& file) {
  const auto wrong = [&](std::int64_t line, std::string_view what) {
    return Error(fmt::format("{}:{}: {}", file.name, line, what));
  };
  try {
    return read(toml::parse(file.text));
  } catch (const toml::parse_error& failure) {
    return wrong(failure.source().begin.line, failure.description());
  } catch (const Wrong& mistake) {
    return wrong(mistake.line, mistake.what);
  }
}

Result<std::vector<Rule>> read_rules(std::span<const RuleFile> files) {
  std::vector<Rule> out;
  std::set<std::string> ids;
  for (const RuleFile& file : files) {
    auto rule = read_rule(file);
    if (!rule) return rule.error();
    if (!ids.insert(rule->id).second)
      return Error(fmt::format("{}:1: the id \"{}\" is taken", file.name, rule->id));
    out.push_back(std::move(*rule));
  }
  return out;
}

}  // namespace osect::detect
