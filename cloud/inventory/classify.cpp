// Facts give claims, rules give claims, the surest claim of an attribute wins; the rest stays
// visible.
#include "cloud/inventory/classify.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace osect::inventory {
namespace {

constexpr std::int64_t kOuiConfidence = 45;     // who made the interface, not the machine
constexpr std::int64_t kDisputeLeast = 50;      // what is less sure does not dispute anything
constexpr std::int64_t kRuleDisputeLeast = 80;  // a guess by a rule disputes only when it is none
constexpr std::int64_t kDisputeWithin = 25;     // nor what is so much less sure than the best
constexpr std::size_t kOthersMax = 8;
constexpr std::size_t kModulesMax = 64;

std::string trimmed(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\0'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return std::string(text);
}

// For comparing: letters and digits only, in lower case.
std::string bare(std::string_view text) {
  std::string out;
  for (const char c : lower(text))
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & '\x80') != 0) out += c;
  return out;
}

// "Windows" and "Windows 10" do not disagree; neither do "V2.6" and "2.6".
bool agrees(std::string_view a, std::string_view b) {
  const std::string left = bare(a);
  const std::string right = bare(b);
  return left.find(right) != std::string::npos || right.find(left) != std::string::npos;
}

// Where something comes from that is not itself a fact.
std::string source_of(const Evidence& evidence) {
  if (!evidence.source.empty()) return evidence.source;
  if (evidence.attribute == "serves" || evidence.attribute == "uses") return evidence.value;
  if (evidence.attribute == "mac" || evidence.attribute == "vendor") return "oui";
  if (evidence.attribute == "model" || evidence.attribute == "os") return evidence.attribute;
  return "traffic";
}

class Classifier {
 public:
  Classifier(const Seen& seen, const Rules& rules, const Vendors& vendors)
      : seen_(seen), rules_(rules), vendors_(vendors) {}

  Description run() {
    for (const AttributeRule& rule : rules_.attributes) claim_stated(rule);
    claim_makers();
    for (const auto& [name, claims] : claims_) settle(name);
    for (const Rule& rule : rules_.rules) apply(rule);
    claim_role();
    name();
    return std::move(out_);
  }

 private:
  void add(const std::string& attribute, Claim claim) {
    claims_[attribute].push_back(std::move(claim));
  }

  void claim_stated(const AttributeRule& rule) {
    for (std::size_t place = 0; place < rule.facts.size(); ++place)
      for (const Fact& fact : seen_.facts) {
        if (fact.attribute != rule.facts[place]) continue;
        std::string value = trimmed(fact.value);
        if (value.empty() || matches_any(rule.ignore, lower(value))) continue;
        Claim claim;
        claim.evidence.push_back({fact.attribute, fact.value, fact.source});
        if (rule.name == "vendor") value = vendor_name(rules_, value);
        claim.value = std::move(value);
        claim.source = fact.source;
        // By order: the place decides, the confidence only within it.
        claim.confidence = fact.confidence;
        claim.first = fact.first;
        claim.last = fact.last;
        if (rule.is_by_order) ranks_[rule.name].push_back(rule.facts.size() - place);
        add(rule.name, std::move(claim));
      }
  }

  void claim_makers() {
    for (const MacAddress& mac : seen_.macs) {
      const std::string_view maker = vendors_.of(mac);
      if (maker.empty()) continue;
      Claim claim;
      claim.value = vendor_name(rules_, maker);
      claim.source = "oui";
      claim.confidence = kOuiConfidence;
      claim.evidence.push_back({"mac", mac.text(), ""});
      add("vendor", std::move(claim));
      if (claims_.contains("mac_kind")) continue;
      Claim kind;
      kind.value = "vendor";
      kind.source = "oui";
      kind.confidence = 50;
      kind.evidence.push_back({"mac", mac.text(), ""});
      add("mac_kind", std::move(kind));
    }
  }

  // The best claim of the attribute, and what disagrees with it.
  void settle(const std::string& name) {
    const auto& claims = claims_.at(name);
    const auto rank = ranks_.find(name);
    std::vector<std::size_t> order(claims.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    const auto place = [&](std::size_t i) {
      return rank != ranks_.end() && i < rank->second.size() ? rank->second[i] : 0;
    };
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      if (place(a) != place(b)) return place(a) > place(b);
      if (claims[a].confidence != claims[b].confidence)
        return claims[a].confidence > claims[b].confidence;
      return claims[a].last > claims[b].last;
    });
    Attribute& attribute = out_.attributes[name];
    attribute = {};
    attribute.best = claims[order[0]];
    const auto rule = std::find_if(rules_.attributes.begin(), rules_.attributes.end(),
                                   [&](const AttributeRule& one) { return one.name == name; });
    const bool may_conflict = rule == rules_.attributes.end() || rule->has_conflicts;
    for (std::size_t i = 1; i < order.size(); ++i) {
      const Claim& other = claims[order[i]];
      const auto says_the_same = [&](const Claim& one) { return one.value == other.value; };
      if (says_the_same(attribute.best) ||
          std::any_of(attribute.others.begin(), attribute.others.end(), says_the_same))
        continue;
      const Claim& best = attribute.best;
      // What was said only before the best was first said has changed; it is not disputed.
      const bool is_past = other.last != 0 && best.first != 0 && other.last < best.first;
      if (may_conflict && !is_past && !agrees(other.value, best.value) &&
          other.confidence >= (other.rule.empty() ? kDisputeLeast : kRuleDisputeLeast) &&
          other.confidence + kDisputeWithin >= best.confidence)
        attribute.is_in_conflict = true;
      if (attribute.others.size() < (name == "module" ? kModulesMax : kOthersMax))
        attribute.others.push_back(other);
    }
  }

  [[nodiscard]] std::string current(std::string_view attribute) const {
    return lower(out_.value_of(attribute));
  }

  static std::optional<Evidence> found(const std::set<std::string>& among, const Condition& c) {
    for (const std::string& one : among)
      if (matches_any(c.patterns, lower(one))) return Evidence{c.field, one, ""};
    return std::nullopt;
  }

  [[nodiscard]] std::optional<Evidence> met_by_mac(const Condition& c) const {
    for (const MacAddress& mac : seen_.macs) {
      const std::string text = c.field == "mac"                ? mac.text()
                               : mac.is_locally_administered() ? "local"
                                                               : "global";
      if (matches_any(c.patterns, text)) return Evidence{"mac", mac.text(), ""};
    }
    return std::nullopt;
  }

  [[nodiscard]] std::optional<Evidence> met(const Condition& c) const {
    if (c.field.starts_with("fact.")) {
      const std::string_view attribute = std::string_view(c.field).substr(5);
      for (const Fact& fact : seen_.facts)
        if (fact.attribute == attribute && matches_any(c.patterns, lower(fact.value)))
          return Evidence{fact.attribute, fact.value, fact.source};
      return std::nullopt;
    }
    if (c.field == "serves") return found(seen_.serves, c);
    if (c.field == "uses") return found(seen_.uses, c);
    if (c.field == "answers") return found(seen_.answers, c);
    if (c.field == "does") return found(seen_.does, c);
    if (c.field == "mac" || c.field == "mac_is") return met_by_mac(c);
    const std::string value = c.field == "is_router"  ? (seen_.is_router ? "true" : "false")
                              : c.field == "is_local" ? (seen_.is_local ? "true" : "false")
                                                      : current(c.field);
    if (!matches_any(c.patterns, value)) return std::nullopt;
    return Evidence{c.field, c.field.starts_with("is_") ? value : out_.value_of(c.field), ""};
  }

  void apply(const Rule& rule) {
    std::vector<Evidence> evidence;
    for (const Condition& condition : rule.where) {
      auto one = met(condition);
      if (!one) return;
      evidence.push_back(std::move(*one));
    }
    for (const auto& [attribute, value] : rule.say) {
      Claim claim;
      claim.value = value;
      claim.source = source_of(evidence[0]);
      claim.rule = rule.id;
      claim.confidence = rule.confidence;
      claim.evidence = evidence;
      add(attribute, std::move(claim));
      settle(attribute);
    }
  }

  void claim_role() {
    if (seen_.serves.empty() && seen_.uses.empty()) return;
    Claim claim;
    claim.value = seen_.serves.empty() ? "client" : seen_.uses.empty() ? "server" : "both";
    claim.source = "traffic";
    claim.confidence = 90;
    for (const std::string& one : seen_.serves) claim.evidence.push_back({"serves", one, ""});
    for (const std::string& one : seen_.uses) claim.evidence.push_back({"uses", one, ""});
    out_.attributes["role"].best = std::move(claim);
  }

  // The address a person would look for: a private one of IPv4 before any other.
  [[nodiscard]] std::string main_address() const {
    std::string out;
    int best_rank = 4;
    for (const IpAddress& ip : seen_.ips) {
      const int rank = ip.is_v4() && !ip.is_link_local() ? 0
                       : ip.is_v4()                      ? 1
                       : ip.is_link_local()              ? 3
                                                         : 2;
      if (rank < best_rank) {
        best_rank = rank;
        out = ip.text();
      }
    }
    return out.empty() && !seen_.macs.empty() ? seen_.macs.begin()->text() : out;
  }

  void name() {
    if (const auto at = out_.attributes.find("host_name"); at != out_.attributes.end()) {
      // ".local" says that the name was heard by mDNS, nothing of the device.
      constexpr std::string_view kLocal = ".local";
      std::string& value = at->second.best.value;
      if (value.size() > kLocal.size() && value.ends_with(kLocal))
        value.resize(value.size() - kLocal.size());
      out_.name = value;
      out_.name_source = at->second.best.source;
      return;
    }
    const std::string vendor = out_.value_of("vendor");
    if (!vendor.empty() && !seen_.macs.empty()) {
      const auto& mac = seen_.macs.begin()->bytes;
      out_.name = fmt::format("{} {:02x}:{:02x}:{:02x}", vendor, mac[3], mac[4], mac[5]);
      out_.name_source = "vendor";
      return;
    }
    out_.name = main_address();
    out_.name_source = "address";
  }

  const Seen& seen_;
  const Rules& rules_;
  const Vendors& vendors_;
  std::map<std::string, std::vector<Claim>> claims_;
  std::map<std::string, std::vector<std::size_t>> ranks_;
  Description out_;
};

}  // namespace

std::string Description::value_of(std::string_view attribute) const {
  const auto at = attributes.find(attribute);
  return at == attributes.end() ? "" : at->second.best.value;
}

std::vector<std::string> Description::conflicts() const {
  std::vector<std::string> out;
  for (const auto& [known, attribute] : attributes)
    if (attribute.is_in_conflict) out.push_back(known);
  return out;
}

std::string vendor_name(const Rules& rules, std::string_view stated) {
  const std::string known = lower(stated);
  for (const VendorAlias& alias : rules.vendors)
    if (matches_any(alias.known_as, known)) return alias.name;
  return std::string(stated);
}

Description describe(const Seen& seen, const Rules& rules, const Vendors& vendors) {
  return Classifier(seen, rules, vendors).run();
}

}  // namespace osect::inventory
