// A file of rules: lines, then what rules mean for each other.
#include "sensor/signature/rule_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/file.h"
#include "sensor/signature/header.h"
#include "sensor/signature/options.h"
#include "sensor/signature/words.h"

namespace osect::signature {
namespace {

constexpr std::size_t kRuleBytesMost = 8192;
constexpr std::size_t kRulesMost = 100'000;

// A rule that only names protocol, addresses and ports, or only conditions, belongs to one of
// Suricata's kinds of rules; those whose hits could not be counted as Suricata does are refused.
std::string settle(const Header& header, const Manner& manner, Rule& rule) {
  const bool is_packets_only = header.is_packets_only || manner.is_packets_only;
  const bool has_ports = !rule.source_port.is_any() || !rule.destination_port.is_any();
  const bool is_bare =
      rule.checks.empty() && !manner.is_packets_only && !rule.icmp_type && !rule.icmp_code;
  const bool is_connection = rule.protocol == Protocol::tcp || rule.protocol == Protocol::udp;
  if (rule.protocol != Protocol::tcp && (rule.flags || rule.window))
    return "flags and window belong to tcp";
  if (rule.protocol != Protocol::icmp && (rule.icmp_type || rule.icmp_code))
    return "itype and icode belong to icmp";
  if (!is_connection && rule.needs_flow()) return "flow and flowbits are supported for tcp and udp";
  if (rule.protocol == Protocol::ip && !rule.checks.empty())
    return "a rule for ip would look into TCP streams too; write it for udp, icmp or tcp-pkt";
  if (rule.ip_protocol && rule.protocol != Protocol::ip) return "ip_proto is supported for ip";
  const bool is_by_address = is_bare && !has_ports && !header.is_packets_only;
  if (is_by_address) {
    const bool has_exceptions = !rule.source.excepted.empty() || !rule.destination.excepted.empty();
    if (!is_connection || has_exceptions || rule.needs_flow() || rule.is_both_ways)
      return "a rule by addresses alone is judged once per flow, which is supported for tcp and "
             "udp without exceptions, flow and <>";
    rule.is_once = true;
    return {};
  }
  if (rule.protocol == Protocol::tcp && !is_packets_only)
    return rule.checks.empty()
               ? "without flags, dsize or tcp-pkt Suricata judges a connection's end by it too"
               : "looks into the TCP stream, whose pieces Suricata cuts by its own lights; with "
                 "tcp-pkt, flow:no_stream or dsize it looks into packets";
  return {};
}

struct Parsed {
  Rule rule;
  std::string reason;
};

Parsed parse_rule(std::string_view text, std::uint32_t line, const Variables& variables,
                  BitNames& names) {
  Parsed out;
  out.rule.line = line;
  const auto open = text.find('(');
  if (text.size() > kRuleBytesMost) {
    out.reason = "is longer than 8,192 bytes";
  } else if (open == std::string_view::npos || !text.ends_with(')')) {
    out.reason = "a rule has options between parentheses";
  }
  if (!out.reason.empty()) return out;
  Header header;
  Manner manner;
  std::string head(text.substr(0, open));
  std::ranges::replace(head, '\t', ' ');
  // The options too, so that the refusal can name the sid.
  out.reason = parse_header(head, variables, out.rule, header);
  auto reason =
      parse_options(text.substr(open + 1, text.size() - open - 2), names, out.rule, manner);
  if (out.reason.empty()) out.reason = std::move(reason);
  if (out.reason.empty() && out.rule.sid == 0) out.reason = "has no sid";
  if (out.reason.empty()) out.reason = settle(header, manner, out.rule);
  for (auto& check : out.rule.checks)
    if (auto* content = std::get_if<Content>(&check); content != nullptr && content->has_depth)
      content->depth += content->offset;
  return out;
}

// An action other than alert can silence other rules.
bool is_silencing(std::string_view text) {
  constexpr std::string_view kActions[] = {"pass",      "drop",       "reject", "rejectsrc",
                                           "rejectdst", "rejectboth", "bypass"};
  const auto word = text.substr(0, text.find_first_of(" \t"));
  return std::find(std::begin(kActions), std::end(kActions), word) != std::end(kActions);
}

class FileParser {
 public:
  explicit FileParser(const Variables& variables) : variables_(variables) {}

  void take(std::string_view text, std::uint32_t line) {
    text = trimmed(text);
    if (text.empty() || text.front() == '#') return;
    if (silencing_line_ == 0 && is_silencing(text)) silencing_line_ = line;
    Parsed parsed = parse_rule(text, line, variables_, names_);
    if (parsed.reason.empty() && file_.rules.size() >= kRulesMost)
      parsed.reason = "the file holds too many rules";
    if (!parsed.reason.empty()) {
      for (const auto& bit : parsed.rule.bits)
        if (bit.is_write()) unknown_writes_.insert(bit.bit);
      file_.refusals.push_back({line, parsed.rule.sid, std::move(parsed.reason)});
      return;
    }
    file_.rules.push_back(std::move(parsed.rule));
  }

  RuleFile finish() {
    refuse_silenced();
    refuse_repeated();
    refuse_dependent();
    // Who sets a bit comes before who asks for it, on the same packet too; then by priority.
    std::ranges::stable_sort(file_.rules, [](const Rule& a, const Rule& b) {
      return rank(a) != rank(b) ? rank(a) < rank(b) : a.priority < b.priority;
    });
    std::ranges::stable_sort(file_.refusals, {}, &Refusal::line);
    return std::move(file_);
  }

 private:
  static int rank(const Rule& rule) {
    bool writes = false;
    bool reads = false;
    for (const auto& bit : rule.bits) (bit.is_write() ? writes : reads) = true;
    return writes && !reads ? 0 : writes ? 1 : reads ? 2 : 3;
  }

  template <typename IsWrong>
  void refuse_if(IsWrong&& is_wrong, const std::string& reason) {
    std::erase_if(file_.rules, [&](const Rule& rule) {
      if (!is_wrong(rule)) return false;
      for (const auto& bit : rule.bits)
        if (bit.is_write()) unknown_writes_.insert(bit.bit);
      file_.refusals.push_back({rule.line, rule.sid, reason});
      return true;
    });
  }

  void refuse_silenced() {
    if (silencing_line_ == 0) return;
    refuse_if(
        [](const Rule&) { return true; },
        fmt::format("line {} of the file may silence it, and is not supported", silencing_line_));
  }

  // Of two rules of one number the later revision counts.
  void refuse_repeated() {
    std::map<std::pair<std::uint32_t, std::uint32_t>, const Rule*> best;
    for (const auto& rule : file_.rules) {
      const Rule*& known = best[{rule.gid, rule.sid}];
      if (known == nullptr || rule.rev > known->rev) known = &rule;
    }
    std::set<std::uint32_t> lines;
    for (const auto& [id, rule] : best) lines.insert(rule->line);
    refuse_if([&](const Rule& rule) { return !lines.contains(rule.line); },
              "another rule of the file has the same sid");
  }

  // A bit that a refused rule would have written is not known, nor is one that several rules pass
  // on among each other on one packet.
  void refuse_dependent() {
    for (std::size_t before = file_.rules.size() + 1; before != file_.rules.size();) {
      before = file_.rules.size();
      refuse_if(
          [&](const Rule& rule) {
            return std::ranges::any_of(rule.bits, [&](const FlowBit& bit) {
              return !bit.is_write() && unknown_writes_.contains(bit.bit);
            });
          },
          "asks for a flow bit that a refused rule writes");
      std::set<std::uint16_t> passed_on;
      for (const auto& rule : file_.rules)
        if (rank(rule) == 1)
          for (const auto& bit : rule.bits)
            if (bit.is_write()) passed_on.insert(bit.bit);
      refuse_if(
          [&](const Rule& rule) {
            return rank(rule) == 1 && std::ranges::any_of(rule.bits, [&](const FlowBit& bit) {
                     return !bit.is_write() && passed_on.contains(bit.bit);
                   });
          },
          "asks for a flow bit that a rule of its kind writes: their order is not certain");
    }
  }

  const Variables& variables_;
  BitNames names_;
  RuleFile file_;
  std::set<std::uint16_t> unknown_writes_;
  std::uint32_t silencing_line_ = 0;
};

}  // namespace

Variables default_variables() {
  Variables out = {{"HOME_NET", "[192.168.0.0/16,10.0.0.0/8,172.16.0.0/12]"},
                   {"EXTERNAL_NET", "!$HOME_NET"},
                   {"HTTP_PORTS", "80"},
                   {"SHELLCODE_PORTS", "!80"},
                   {"ORACLE_PORTS", "1521"},
                   {"SSH_PORTS", "22"},
                   {"DNP3_PORTS", "20000"},
                   {"MODBUS_PORTS", "502"},
                   {"FILE_DATA_PORTS", "[$HTTP_PORTS,110,143]"},
                   {"FTP_PORTS", "21"},
                   {"GENEVE_PORTS", "6081"},
                   {"VXLAN_PORTS", "4789"},
                   {"TEREDO_PORTS", "3544"}};
  for (const auto* name : {"HTTP_SERVERS", "SMTP_SERVERS", "SQL_SERVERS", "DNS_SERVERS",
                           "TELNET_SERVERS", "DC_SERVERS", "DNP3_SERVER", "DNP3_CLIENT",
                           "MODBUS_CLIENT", "MODBUS_SERVER", "ENIP_CLIENT", "ENIP_SERVER"})
    out.emplace(name, "$HOME_NET");
  out.emplace("AIM_SERVERS", "$EXTERNAL_NET");
  return out;
}

RuleFile parse_rules(std::string_view text, const Variables& variables) {
  FileParser parser(variables);
  std::uint32_t line = 0;
  std::uint32_t first = 0;
  std::string joined;  // of lines that a backslash continues
  while (!text.empty()) {
    const auto end = text.find('\n');
    std::string_view part = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    ++line;
    if (part.ends_with('\r')) part.remove_suffix(1);
    if (joined.empty()) first = line;
    const bool is_continued = part.ends_with('\\');
    joined += part.substr(0, part.size() - (is_continued ? 1 : 0));
    if (is_continued && !text.empty()) continue;
    parser.take(joined, first);
    joined.clear();
  }
  return parser.finish();
}

Result<RuleFile> read_rules(const std::string& path, const Variables& variables) {
  const auto text = read_file(path);
  if (!text) return text.error();
  return parse_rules(*text, variables);
}

}  // namespace osect::signature
