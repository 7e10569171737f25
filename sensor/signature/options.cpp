// The options of a rule; what cannot be honoured exactly is a reason to refuse it.
#include "sensor/signature/options.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "sensor/signature/expression.h"
#include "sensor/signature/payload_options.h"
#include "sensor/signature/priority.h"
#include "sensor/signature/words.h"

namespace osect::signature {
namespace {

constexpr std::size_t kChecksMost = 64;

class Options {
 public:
  Options(BitNames& names, Rule& rule, Manner& manner)
      : names_(names), rule_(rule), manner_(manner), payload_(rule) {}

  std::string take(std::string_view name, std::string_view value);

 private:
  using Handler = std::string (Options::*)(std::string_view value);
  struct Keyword {
    std::string_view name;
    Handler handler;
  };

  // Says nothing about what matches.
  std::string pass(std::string_view) { return {}; }
  std::string message(std::string_view value);
  std::string sid(std::string_view value) { return whole(value, rule_.sid, "sid"); }
  std::string gid(std::string_view value) { return whole(value, rule_.gid, "gid"); }
  std::string rev(std::string_view value) { return whole(value, rule_.rev, "rev"); }
  std::string priority(std::string_view value);
  std::string classtype(std::string_view value);
  std::string size(std::string_view value) { return of_packet(value, "<>", rule_.size); }
  std::string ttl(std::string_view value) { return of_packet(value, "-", rule_.ttl); }
  std::string window(std::string_view value);
  std::string icmp_type(std::string_view value) { return interval(value, "", rule_.icmp_type); }
  std::string icmp_code(std::string_view value) { return interval(value, "", rule_.icmp_code); }
  std::string ip_protocol(std::string_view value);
  std::string flags(std::string_view value);
  std::string same_ip(std::string_view value);
  std::string flow(std::string_view value);
  std::string flow_bits(std::string_view value);
  std::string no_alert(std::string_view value);
  std::string threshold(std::string_view value) { return limit(value, true); }
  std::string detection_filter(std::string_view value) { return limit(value, false); }

  static std::string whole(std::string_view value, std::uint32_t& into, std::string_view name);
  static std::string interval(std::string_view value, std::string_view between,
                              std::optional<Interval>& into);
  std::string of_packet(std::string_view value, std::string_view between,
                        std::optional<Interval>& into);
  std::string limit(std::string_view value, bool has_type);
  std::string limit_part(std::string_view part, bool has_type, Limit& into);
  std::string flow_word(std::string_view word);

  static const Keyword kKeywords[];

  BitNames& names_;
  Rule& rule_;
  Manner& manner_;
  PayloadOptions payload_;
  bool is_priority_given_ = false;
  bool is_flow_given_ = false;
};

constexpr Options::Keyword Options::kKeywords[] = {
    {"msg", &Options::message},
    {"sid", &Options::sid},
    {"gid", &Options::gid},
    {"rev", &Options::rev},
    {"priority", &Options::priority},
    {"classtype", &Options::classtype},
    {"reference", &Options::pass},
    {"metadata", &Options::pass},
    {"target", &Options::pass},
    {"dsize", &Options::size},
    {"ttl", &Options::ttl},
    {"window", &Options::window},
    {"tcp.window", &Options::window},
    {"itype", &Options::icmp_type},
    {"icode", &Options::icmp_code},
    {"ip_proto", &Options::ip_protocol},
    {"flags", &Options::flags},
    {"tcp.flags", &Options::flags},
    {"sameip", &Options::same_ip},
    {"flow", &Options::flow},
    {"flowbits", &Options::flow_bits},
    {"noalert", &Options::no_alert},
    {"threshold", &Options::threshold},
    {"detection_filter", &Options::detection_filter},
};

std::string Options::take(std::string_view name, std::string_view value) {
  for (const auto& keyword : kKeywords)
    if (keyword.name == name) return (this->*keyword.handler)(value);
  if (rule_.checks.size() >= kChecksMost) return "there are too many options on the payload";
  return payload_.take(name, value);
}

std::string Options::message(std::string_view value) {
  auto text = unquoted(value);
  if (!text) return "msg: expected a text in quotes";
  rule_.message = std::move(*text);
  return {};
}

std::string Options::whole(std::string_view value, std::uint32_t& into, std::string_view name) {
  const auto given = number(value, 0xffffffff);
  if (!given) return fmt::format("{}: '{}' is no number", name, value);
  into = static_cast<std::uint32_t>(*given);
  return {};
}

std::string Options::priority(std::string_view value) {
  is_priority_given_ = true;
  const auto given = number(value, 255);
  if (!given || *given == 0) return "priority: expected 1 to 255";
  rule_.priority = static_cast<std::uint32_t>(*given);
  return {};
}

std::string Options::classtype(std::string_view value) {
  if (!is_priority_given_) rule_.priority = priority_of(value);
  return {};
}

// Suricata's bounds do not belong to a range, but to <= and >=.
std::string Options::interval(std::string_view value, std::string_view between,
                              std::optional<Interval>& into) {
  constexpr std::uint32_t kMost = 65535;
  const auto wrong = [&] { return fmt::format("the range '{}' is not understood", value); };
  if (into) return "an option is given twice";
  Interval out{0, kMost, false};
  if (const auto at = between.empty() ? value.npos : value.find(between, 1);
      at != value.npos && at > 0) {
    const auto low = number(trimmed(value.substr(0, at)), kMost);
    const auto high = number(trimmed(value.substr(at + between.size())), kMost);
    if (!low || !high || *low + 1 >= *high) return wrong();
    out = {static_cast<std::uint32_t>(*low + 1), static_cast<std::uint32_t>(*high - 1), false};
    into = out;
    return {};
  }
  const auto digits = value.find_first_of("0123456789");
  if (digits == value.npos) return wrong();
  const auto sign = trimmed(value.substr(0, digits));
  const auto given = number(value.substr(digits), kMost);
  if (!given) return wrong();
  const auto n = static_cast<std::uint32_t>(*given);
  if (sign.empty() || sign == "!") {
    out = {n, n, sign == "!"};
  } else if (sign == "<=" || sign == ">=") {
    (sign == "<=" ? out.high : out.low) = n;
  } else if (sign == "<" && n > 0) {
    out.high = n - 1;
  } else if (sign == ">" && n < kMost) {
    out.low = n + 1;
  } else {
    return wrong();
  }
  into = out;
  return {};
}

std::string Options::of_packet(std::string_view value, std::string_view between,
                               std::optional<Interval>& into) {
  manner_.is_packets_only = true;
  return interval(value, between, into);
}

std::string Options::window(std::string_view value) {
  if (value.find_first_of("<>=-") != value.npos) return "window: only a number is supported";
  return of_packet(value, "", rule_.window);
}

std::string Options::ip_protocol(std::string_view value) {
  struct Name {
    std::string_view text;
    std::string_view number;
  };
  constexpr Name kNames[] = {{"icmp", "1"},       {"igmp", "2"},  {"tcp", "6"},
                             {"udp", "17"},       {"gre", "47"},  {"esp", "50"},
                             {"ipv6-icmp", "58"}, {"ospf", "89"}, {"sctp", "132"}};
  const auto digits = value.find_first_not_of("!<> ");
  if (digits == value.npos) return "ip_proto: expected a protocol";
  std::string text(value.substr(0, digits));
  std::string_view word = value.substr(digits);
  for (const auto& name : kNames)
    if (name.text == word) word = name.number;
  return interval(text.append(word), "", rule_.ip_protocol);
}

std::string Options::flags(std::string_view value) {
  constexpr std::string_view kLetters = "FSRPAUEC";
  if (rule_.flags) return "an option is given twice";
  TcpFlags out;
  const auto parts = split(value, ',');
  if (parts.size() > 2) return "flags: not understood";
  int set = 0;
  bool is_none = false;
  for (std::size_t part = 0; part < parts.size(); ++part) {
    for (char c : parts[part]) {
      if (c == '1') c = 'C';
      if (c == '2') c = 'E';
      const auto bit = kLetters.find(c);
      if (bit != std::string_view::npos) {
        const auto mask = static_cast<std::uint8_t>(1U << bit);
        (part == 0 ? out.flags : out.ignored) |= mask;
        set += part == 0 ? 1 : 0;
      } else if (part == 0 && c == '0') {
        is_none = true;
      } else if (part == 0 && out.mode == FlagsMode::exactly &&
                 (c == '+' || c == '*' || c == '!')) {
        out.mode = c == '+' ? FlagsMode::all : c == '*' ? FlagsMode::any : FlagsMode::not_all;
      } else {
        return fmt::format("flags: '{}' is not understood", value);
      }
    }
  }
  if (is_none ? set > 0 || out.mode != FlagsMode::exactly : set == 0)
    return fmt::format("flags: '{}' is not understood", value);
  if (out.mode == FlagsMode::not_all && set > 1)
    return "flags: ! is honoured for one flag only, its meaning for several is not certain";
  rule_.flags = out;
  manner_.is_packets_only = true;
  return {};
}

std::string Options::same_ip(std::string_view) {
  rule_.is_same_ip = true;
  manner_.is_packets_only = true;
  return {};
}

std::string Options::flow_word(std::string_view word) {
  const bool is_server = word == "to_server" || word == "from_client";
  if (is_server || word == "to_client" || word == "from_server") {
    if (rule_.toward != Toward::any) return "flow: a direction is given twice";
    rule_.toward = is_server ? Toward::server : Toward::client;
  } else if (word == "established" || word == "not_established") {
    if (rule_.flow != FlowState::any) return "flow: a state is given twice";
    rule_.flow = word == "established" ? FlowState::established : FlowState::not_established;
  } else if (word == "no_stream") {
    manner_.is_packets_only = true;
  } else if (word != "stateless") {
    return fmt::format("flow: '{}' is not supported", word);
  }
  return {};
}

std::string Options::flow(std::string_view value) {
  if (is_flow_given_) return "flow: given twice";
  is_flow_given_ = true;
  for (const auto word : split(value, ','))
    if (auto reason = flow_word(word); !reason.empty()) return reason;
  return {};
}

std::string Options::flow_bits(std::string_view value) {
  struct Action {
    std::string_view name;
    BitAction action;
  };
  constexpr Action kActions[] = {{"set", BitAction::set},
                                 {"unset", BitAction::unset},
                                 {"toggle", BitAction::toggle},
                                 {"isset", BitAction::is_set},
                                 {"isnotset", BitAction::is_not_set}};
  if (value == "noalert") return no_alert({});
  const auto parts = split(value, ',');
  if (parts.size() != 2 || parts[1].empty()) return "flowbits: expected an action and a name";
  if (parts[1].find_first_of("|&") != std::string_view::npos)
    return "flowbits: several names in one option are not supported";
  for (const auto& [name, action] : kActions) {
    if (name != parts[0]) continue;
    const std::size_t bit = names_.number_of(parts[1]);
    if (bit == BitNames::kMost) return "flowbits: the file has too many names";
    rule_.bits.push_back({action, static_cast<std::uint16_t>(bit)});
    return {};
  }
  return fmt::format("flowbits: '{}' is not supported", parts[0]);
}

std::string Options::no_alert(std::string_view) {
  rule_.is_silent = true;
  return {};
}

std::string Options::limit_part(std::string_view part, bool has_type, Limit& into) {
  const auto blank = part.find_first_of(" \t");
  const auto name = part.substr(0, blank);
  const auto value = blank == part.npos ? std::string_view{} : trimmed(part.substr(blank));
  if (name == "type" && has_type) {
    if (value != "limit" && value != "threshold" && value != "both")
      return fmt::format("threshold: the type '{}' is not supported", value);
    into.kind = value == "limit"       ? LimitKind::limit
                : value == "threshold" ? LimitKind::threshold
                                       : LimitKind::both;
  } else if (name == "track") {
    if (value != "by_src" && value != "by_dst" && value != "by_both" && value != "by_rule")
      return fmt::format("threshold: track '{}' is not supported", value);
    into.track = value == "by_src"    ? Track::source
                 : value == "by_dst"  ? Track::destination
                 : value == "by_both" ? Track::pair
                                      : Track::rule;
  } else if (name == "count" || name == "seconds") {
    const auto given = number(value, 0xffffffff);
    if (!given || *given == 0) return fmt::format("threshold: '{}' must be above 0", name);
    (name == "count" ? into.count : into.seconds) = static_cast<std::uint32_t>(*given);
  } else {
    return fmt::format("threshold: '{}' is not supported", name);
  }
  return {};
}

std::string Options::limit(std::string_view value, bool has_type) {
  if (rule_.limit) return "threshold: more than one is given";
  Limit out;
  if (!has_type) out.kind = LimitKind::detection_filter;
  for (const auto part : split(value, ','))
    if (auto reason = limit_part(part, has_type, out); !reason.empty()) return reason;
  const std::size_t parts = split(value, ',').size();
  if (out.count == 0 || out.seconds == 0 || parts != (has_type ? 4 : 3))
    return "threshold: type, track, count and seconds are needed, each once";
  rule_.limit = out;
  return {};
}

}  // namespace

std::size_t BitNames::number_of(std::string_view name) {
  if (const auto known = numbers_.find(name); known != numbers_.end()) return known->second;
  if (numbers_.size() == kMost) return kMost;
  return numbers_.emplace(name, numbers_.size()).first->second;
}

std::string parse_options(std::string_view text, BitNames& names, Rule& rule, Manner& manner) {
  Options options(names, rule, manner);
  std::string first_reason;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
      continue;
    }
    if (text[i] != ';') continue;
    const auto option = trimmed(text.substr(begin, i - begin));
    begin = i + 1;
    if (option.empty()) continue;
    const auto colon = option.find(':');
    const auto name = trimmed(option.substr(0, colon));
    const auto value =
        colon == option.npos ? std::string_view{} : trimmed(option.substr(colon + 1));
    auto reason = options.take(name, value);
    if (first_reason.empty()) first_reason = std::move(reason);
  }
  if (first_reason.empty() && !trimmed(text.substr(begin)).empty())
    return "the last option does not end with ';'";
  return first_reason;
}

}  // namespace osect::signature
