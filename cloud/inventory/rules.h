// The rules by which devices are told apart and classified: cloud/inventory/rules.toml in memory.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace osect::inventory {

// Texts in lower case; "*" stands for anything, "?" for one character.
using Patterns = std::vector<std::string>;
[[nodiscard]] bool matches(std::string_view pattern, std::string_view lower_text);
[[nodiscard]] bool matches_any(const Patterns& patterns, std::string_view lower_text);
[[nodiscard]] std::string lower(std::string_view text);

// An attribute of a device, and the facts that state it.
struct AttributeRule {
  std::string name;
  std::vector<std::string> facts;
  Patterns ignore;
  bool is_by_order = false;   // the first of the facts that is there, however sure the others are
  bool has_conflicts = true;  // it has one value: sources that say different things disagree
};

struct VendorAlias {
  std::string name;
  Patterns known_as;
};

// The same value on two MAC addresses makes them one device.
struct IdentityRule {
  std::string attribute;
  std::vector<std::string> with;  // and one of these is the same too; empty: not needed
  bool is_replacement = false;    // and one was silent before the other came, in the same network
  std::int64_t confidence = 0;    // of the facts, at least
  Patterns ignore;
};

// Values that two machines never share: different ones on one MAC address tell a cloned address.
using Exclusive = std::vector<std::string>;

struct Condition {
  // serves, uses, answers, does, mac, mac_is, vendor, family, model, os, type, is_router, is_local,
  // or fact.<attribute>
  std::string field;
  Patterns patterns;  // one of them
};

struct Rule {
  std::string id;
  std::int64_t confidence = 0;
  std::vector<std::pair<std::string, std::string>> say;  // attribute, value
  std::vector<Condition> where;                          // all of them
};

// An example that the tests hold the rules to.
struct GivenFact {
  std::string attribute, value, source;
  std::int64_t confidence = 0;
};
struct Case {
  std::string name;
  std::vector<std::string> macs, serves, uses, answers, does;
  std::vector<GivenFact> facts;
  bool is_router = false;
  std::vector<std::pair<std::string, std::string>> expect;  // "" for not known
};

struct Rules {
  std::vector<AttributeRule> attributes;
  std::vector<VendorAlias> vendors;
  std::vector<IdentityRule> identities;
  Exclusive exclusive;
  std::vector<Rule> rules;
  std::vector<Case> cases;

  // Every fact that the rules look at; the attributes by which machines are told apart.
  [[nodiscard]] std::vector<std::string> fact_names() const;
  [[nodiscard]] std::vector<std::string> identity_names() const;

  [[nodiscard]] static Result<Rules> parse(std::string_view toml);
  // Those that were built in; a test parses them.
  [[nodiscard]] static const Rules& built_in();
};

}  // namespace osect::inventory
