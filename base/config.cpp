// TOML through toml++; every complaint carries file, line and what would be right.
#include "base/config.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

#include <fstream>
#include <iterator>

namespace osect {
namespace {

Error complaint(const std::string& path, const toml::node& node, const std::string& text) {
  return Error(fmt::format("{}:{}: {}", path, node.source().begin.line, text));
}

// Stores a value, or says what was expected instead; one overload for each kind of field.
struct Store {
  const toml::node& node;

  std::string operator()(std::string* field) const {
    const auto value = node.value<std::string>();
    if (!node.is_string()) return "a text in quotes";
    *field = *value;
    return {};
  }
  std::string operator()(bool* field) const {
    if (!node.is_boolean()) return "true or false";
    *field = *node.value<bool>();
    return {};
  }
  std::string operator()(std::vector<std::string>* field) const {
    const auto* list = node.as_array();
    if (list == nullptr || (!list->empty() && !list->is_homogeneous(toml::node_type::string)))
      return "a list of texts, as in [\"a\", \"b\"]";
    field->clear();
    for (const auto& item : *list) field->push_back(*item.value<std::string>());
    return {};
  }
  template <typename Number>
  std::string operator()(const Number& number) const requires requires {
    number.least;
  }
  {
    const auto expected = fmt::format("a whole number from {} to {}", number.least, number.most);
    if (!node.is_integer()) return expected;
    const auto value = *node.value<std::int64_t>();
    if (value < number.least || value > number.most) return expected;
    *number.field = value;
    return {};
  }
  template <typename Word>
  std::string operator()(const Word& word) const requires requires {
    word.allowed;
  }
  {
    const auto value = node.value<std::string>();
    for (const auto& allowed : word.allowed) {
      if (node.is_string() && *value == allowed) {
        *word.field = allowed;
        return {};
      }
    }
    return fmt::format("one of \"{}\"", fmt::join(word.allowed, "\", \""));
  }
};

}  // namespace

Result<> ConfigFile::read(const std::string& path) const {
  std::ifstream in(path);
  if (!in) return Error(fmt::format("{}: cannot be opened for reading", path));
  return read_text(std::string(std::istreambuf_iterator<char>(in), {}), path);
}

Result<> ConfigFile::read_text(std::string_view text, const std::string& path) const {
  toml::table root;
  try {
    root = toml::parse(text, path);
  } catch (const toml::parse_error& error) {
    return Error(fmt::format("{}:{}: {}", path, error.source().begin.line, error.description()));
  }
  const auto apply = [&](const std::string& key, const toml::node& node) -> Result<> {
    const auto field = fields_.find(key);
    if (field == fields_.end()) {
      std::vector<std::string> known;
      for (const auto& [name, unused] : fields_) known.push_back(name);
      return complaint(path, node,
                       fmt::format("unknown key '{}'; known are {}", key, fmt::join(known, ", ")));
    }
    const std::string expected = std::visit(Store{node}, field->second);
    if (!expected.empty())
      return complaint(path, node, fmt::format("'{}' must be {}", key, expected));
    return {};
  };
  for (const auto& [name, node] : root) {
    const std::string outer(name.str());
    const auto* table = node.as_table();
    if (table == nullptr) {
      if (auto applied = apply(outer, node); !applied) return applied;
      continue;
    }
    for (const auto& [inner, value] : *table) {
      if (auto applied = apply(outer + "." + std::string(inner.str()), value); !applied)
        return applied;
    }
  }
  return {};
}

}  // namespace osect
