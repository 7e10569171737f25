// Addresses and ports with groups, exceptions and variables; Suricata's user guide, "Rules Format".
#include "sensor/signature/header.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sensor/signature/words.h"

namespace osect::signature {
namespace {

constexpr int kNestedMost = 8;
constexpr std::size_t kListedMost = 4096;

IpAddress with_host_bits(const IpAddress& address, unsigned prefix, bool value) {
  std::array<std::uint8_t, 16> bytes{};
  const auto given = address.bytes();
  for (std::size_t i = 0; i < given.size(); ++i) {
    const unsigned kept = prefix > i * 8 ? std::min(8U, prefix - static_cast<unsigned>(i) * 8) : 0;
    const auto host = static_cast<std::uint8_t>(0xffU >> kept);
    bytes.at(i) = static_cast<std::uint8_t>(value ? given[i] | host : given[i] & ~host);
  }
  return IpAddress::from_bytes(std::span(bytes).first(given.size()));
}

std::optional<AddressRange> one_address(std::string_view text) {
  if (const auto dash = text.find('-'); dash != std::string_view::npos) {
    const auto low = IpAddress::parse(trimmed(text.substr(0, dash)));
    const auto high = IpAddress::parse(trimmed(text.substr(dash + 1)));
    if (!low || !high || low->family() != high->family() ||
        std::ranges::lexicographical_compare(high->bytes(), low->bytes()))
      return std::nullopt;
    return AddressRange{*low, *high};
  }
  const auto slash = text.find('/');
  const auto address = IpAddress::parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  if (slash == std::string_view::npos) return AddressRange{*address, *address};
  const auto prefix = number(text.substr(slash + 1), address->is_v4() ? 32 : 128);
  if (!prefix) return std::nullopt;
  const auto bits = static_cast<unsigned>(*prefix);
  return AddressRange{with_host_bits(*address, bits, false), with_host_bits(*address, bits, true)};
}

std::optional<PortRange> one_port(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) {
    const auto port = number(text, 65535);
    if (!port) return std::nullopt;
    return PortRange{static_cast<std::uint16_t>(*port), static_cast<std::uint16_t>(*port)};
  }
  const auto low = trimmed(text.substr(0, colon));
  const auto high = trimmed(text.substr(colon + 1));
  const auto from = low.empty() ? std::optional<std::uint64_t>{0} : number(low, 65535);
  const auto to = high.empty() ? std::optional<std::uint64_t>{65535} : number(high, 65535);
  if (!from || !to || *from > *to || (low.empty() && high.empty())) return std::nullopt;
  return PortRange{static_cast<std::uint16_t>(*from), static_cast<std::uint16_t>(*to)};
}

std::optional<AddressRange> one_of(const AddressSet&, std::string_view text) {
  return one_address(text);
}
std::optional<PortRange> one_of(const PortSet&, std::string_view text) {
  return one_port(text);
}

// Groups are flattened; an exception within an exception is listed.
template <typename Set>
class SetParser {
 public:
  SetParser(const Variables& variables, Set& set) : variables_(variables), set_(set) {}

  std::string parse(std::string_view text) {
    if (text == "any") return {};
    if (auto reason = take(text, false, 0); !reason.empty()) return reason;
    if (is_any_ && !set_.listed.empty()) return "'any' stands within a group";
    return {};
  }

 private:
  std::string take(std::string_view text, bool is_negated, int depth) {
    text = trimmed(text);
    if (depth > kNestedMost) return "groups are nested too deeply";
    if (text.starts_with('!')) return take(text.substr(1), !is_negated, depth + 1);
    if (text.starts_with('$')) {
      const auto value = variables_.find(text.substr(1));
      if (value == variables_.end()) return fmt::format("the variable '{}' is not known", text);
      return take(value->second, is_negated, depth + 1);
    }
    if (text.starts_with('[')) {
      if (!text.ends_with(']')) return fmt::format("the group '{}' does not end", text);
      for (const auto part : split(text.substr(1, text.size() - 2), ','))
        if (auto reason = take(part, is_negated, depth + 1); !reason.empty()) return reason;
      return {};
    }
    if (text == "any") {
      if (is_negated) return "'!any' matches nothing";
      is_any_ = true;
      return {};
    }
    const auto one = one_of(set_, text);
    if (!one) return fmt::format("'{}' is no address or port", text);
    auto& list = is_negated ? set_.excepted : set_.listed;
    if (list.size() >= kListedMost) return "a group is too long";
    list.push_back(*one);
    return {};
  }

  const Variables& variables_;
  Set& set_;
  bool is_any_ = false;
};

template <typename Set>
std::string parse_set(std::string_view text, const Variables& variables, Set& set) {
  return SetParser<Set>(variables, set).parse(text);
}

std::string parse_protocol(std::string_view word, Rule& rule, Header& header) {
  if (word == "tcp" || word == "tcp-pkt") {
    rule.protocol = Protocol::tcp;
    header.is_packets_only = word == "tcp-pkt";
  } else if (word == "udp") {
    rule.protocol = Protocol::udp;
  } else if (word == "icmp" || word == "icmpv4" || word == "icmpv6") {
    rule.protocol = Protocol::icmp;
    rule.families = word == "icmpv4" ? 4 : word == "icmpv6" ? 6 : 0;
  } else if (word == "ip") {
    rule.protocol = Protocol::ip;
  } else {
    return fmt::format("the protocol '{}' is not supported: tcp, tcp-pkt, udp, icmp and ip are",
                       word);
  }
  return {};
}

// Words apart by blanks that are outside of brackets.
std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (const auto part : split(text, ' '))
    if (!part.empty()) words.push_back(part);
  return words;
}

}  // namespace

std::string parse_header(std::string_view text, const Variables& variables, Rule& rule,
                         Header& header) {
  const auto words = words_of(text);
  if (words.size() != 7)
    return "a rule begins with action, protocol, address, port, direction, address, port";
  if (words[0] != "alert")
    return fmt::format("the action '{}' is not supported: a passive sensor only alerts", words[0]);
  if (auto reason = parse_protocol(words[1], rule, header); !reason.empty()) return reason;
  if (words[4] != "->" && words[4] != "<>")
    return fmt::format("the direction '{}' is neither -> nor <>", words[4]);
  rule.is_both_ways = words[4] == "<>";
  std::string reason = parse_set(words[2], variables, rule.source);
  if (reason.empty()) reason = parse_set(words[3], variables, rule.source_port);
  if (reason.empty()) reason = parse_set(words[5], variables, rule.destination);
  if (reason.empty()) reason = parse_set(words[6], variables, rule.destination_port);
  if (!reason.empty()) return reason;
  const bool has_ports = rule.protocol == Protocol::tcp || rule.protocol == Protocol::udp;
  if (!has_ports && !(rule.source_port.is_any() && rule.destination_port.is_any()))
    return "only tcp and udp have ports";
  return {};
}

}  // namespace osect::signature
