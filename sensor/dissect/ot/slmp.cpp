// SLMP, the MELSEC communication protocol (3E, 4E and extended frames; binary and ASCII): SLMP
// reference manual SH-080956, MELSEC communication protocol reference manual SH-080008.
#include <algorithm>

#include "sensor/dissect/slmp_message.h"

namespace osect::dissect::slmp {
namespace {

namespace message = slmp_message;
using message::Fields;
using message::Frame;
using message::Header;

// A plant gives its connections the ports it likes: these are often seen, the last three are fixed.
constexpr std::uint16_t kPorts[] = {1025, 1280, 1281, 2000, 3000,  3001,  3002,  3003,
                                    3004, 3005, 3006, 3007, 3008,  3009,  3010,  4999,
                                    5000, 5001, 5002, 5003, 5004,  5005,  5006,  5007,
                                    5008, 5009, 5010, 8192, 10000, 45237, 45238, 45239};
constexpr std::size_t kResponseHead = 192;  // error information and identities; values are not read
constexpr std::size_t kTypeNameBytes = 16;
constexpr std::string_view kReadTypeName = "0x0101";
constexpr std::uint16_t kNodeSearch = 0x0e30;
constexpr std::string_view kNodeSearchText = "0x0e30";
constexpr std::uint16_t kOnDemand = 0x2101;
constexpr std::uint8_t kConfidence = 95;

constexpr Lead kLeads[] = {{0, {0x50, 0xd0, 0x54, 0xd4, 0x68, 0xe8, '5', 'D'}},
                           {1, {0x00, '0', '4'}}};

bool is_known_request(Fields body) {
  body.skip(2);  // timer
  const bool is_command = message::find_command(body.u16()) != nullptr;
  const std::uint16_t subcommand = body.u16();
  const bool is_subcommand = (subcommand & 0xff00) == 0 && (subcommand & 0x30) == 0;
  return body.in().is_good() && is_command && is_subcommand;
}

// Success, or one of the ranges of end codes that the manuals list.
bool is_known_response(Fields body) {
  const std::uint16_t end_code = body.u16();
  return body.in().is_good() && (end_code == 0 || end_code >= 0x4000);
}

bool is_known(const Header& header, Cursor in) {
  in.skip(header.begin);
  const Fields body(in, header.is_ascii);
  return header.is_response ? is_known_response(body) : is_known_request(body);
}

bool is_own_station(const message::Route& route) {
  return route.network == 0 && route.station == 0xff && route.module == 0x3ff;
}

Verdict probe(Cursor in, const Context& context) {
  const Header header = message::read_header(in);
  if (header.verdict != Verdict::yes) return header.verdict;
  const std::size_t have = in.left();
  if (have < header.begin + (header.is_response ? 2U : 6U) * (header.is_ascii ? 2U : 1U))
    return Verdict::maybe;
  if (context.over == over::kUdp &&
      (have > header.size() || (context.is_whole && have != header.size())))
    return Verdict::no;
  const bool is_exact = have == header.size();
  if (is_exact && context.is_usual_port) return Verdict::yes;
  if (!is_known(header, in)) return context.is_usual_port ? Verdict::maybe : Verdict::no;
  if (is_exact || !header.is_response) return Verdict::yes;
  if (have < header.size())  // a long answer
    return is_own_station(header.route) ? Verdict::yes : Verdict::maybe;
  in.skip(header.size());
  const Header next = message::read_header(in);
  return next.verdict == Verdict::no && in.left() >= 2 ? Verdict::no : Verdict::yes;
}

Framing frame(Cursor in, const Context&) {
  const Header header = message::read_header(in);
  if (header.verdict == Verdict::maybe) return Framing::kNeedMore;
  if (header.verdict == Verdict::no) return Framing::kNotAMessage;
  return {header.size(),
          header.is_response ? std::min(header.size(), kResponseHead) : header.size()};
}

// The answer to 0101: sixteen letters, also in binary, and a number.
void identify(Fields data, Collected& facts) {
  if (data.in().left() != kTypeNameBytes + (data.is_ascii() ? 4 : 2)) return;
  const std::string_view name = data.in().text(kTypeNameBytes);
  const std::uint16_t code = data.u16();
  const bool is_text = std::all_of(name.begin(), name.end(),
                                   [](char c) { return (c >= ' ' && c <= '~') || c == '\0'; });
  if (!is_text || trimmed(name).empty()) return;
  facts.add_raw(about_sender("model", kConfidence), name);
  if (code != 0)
    facts.add_text(about_sender("model_code", kConfidence),
                   [&](Writer& to) { to.put("0x").hex(code, 4); });
}

struct Command {
  explicit Command(std::uint16_t code) : listed(message::find_command(code)) {
    text.put("0x").hex(code, 4);
  }
  [[nodiscard]] std::string_view name() const { return listed != nullptr ? listed->name : ""; }
  [[nodiscard]] Access access() const { return listed != nullptr ? listed->access : Access::none; }
  const Function* listed;
  Text<8> text;
};

// 3E has no number that pairs. Over TCP the oldest request is answered; over UDP answers get lost,
// and the one that comes is to the request that was sent last.
std::uint64_t transaction_of(const Header& header, const Context& context) {
  const bool is_counted = header.frame == Frame::e3 && context.over == over::kUdp;
  if (!is_counted || context.memory == nullptr) return header.transaction();
  if (!header.is_response) ++*context.memory;
  return *context.memory;
}

void say_request(const Header& header, Fields& body, const Context& context, Out& out) {
  body.skip(2);  // timer
  const std::uint16_t command = body.u16();
  const std::uint16_t subcommand = body.u16();
  Text<kTargetBytesMax> target;
  message::write_route(target, header.route);
  message::write_target(target, command, subcommand, body);
  const Command said(command);
  // A CPU calls its host: it is the server all the same, and nobody answers.
  if (command != kOnDemand) out.say_direction(Role::request, body.in());
  out.say({.role = command == kOnDemand ? Role::message : Role::request,
           .function = said.name(),
           .code = said.text.text(),
           .access = said.access(),
           .target = trimmed(target.text()),
           .transaction = transaction_of(header, context)},
          body.in());
}

void say_response(const Header& header, Fields& body, const Context& context, Out& out) {
  const message::Answer answer = message::read_answer(body);
  const bool is_good = answer.end_code == 0;
  const std::uint64_t transaction = transaction_of(header, context);
  const std::optional<Asked> asked = out.asked(transaction);
  std::optional<std::uint16_t> command = answer.command;
  Text<kTargetBytesMax> target;
  if (header.frame == Frame::extended) {
    command = body.u16();
    message::write_route(target, header.route);
    message::write_part(target, *command, body.u16());
  } else if (!asked) {
    // Nobody knows to what it is the answer, unless it found a node.
    const bool is_found = is_good && header.frame == Frame::e4 && message::is_node_found(body.in());
    command = is_found ? std::optional(kNodeSearch) : std::nullopt;
  }
  const Command named(command.value_or(0));
  const std::string_view code = command ? named.text.text()
                                : asked ? asked->code
                                        : std::string_view();
  Collected facts;
  if (is_good && code == kReadTypeName) identify(body, facts);
  if (is_good && code == kNodeSearchText && message::is_node_found(body.in()))
    message::read_node_found(body.in(), facts);

  out.say_direction(Role::response, body.in());
  facts.say(out, body.in());
  if (code.empty()) return;
  Operation said;
  said.role = Role::response;
  said.is_error = !is_good;
  said.transaction = transaction;
  said.target = trimmed(target.text());
  if (command) {
    said.function = named.name();
    said.code = named.text.text();
    said.access = named.access();
  }
  out.say(said, body.in());
}

void dissect(Cursor in, const Context& context, Out& out) {
  const Header header = message::read_header(in);
  in.expect(header.verdict == Verdict::yes);
  in.skip(header.begin);
  if (context.over == over::kUdp && context.is_whole) in.expect(in.left() == header.length);
  Fields body(context.is_whole ? in.child(header.length) : in, header.is_ascii);
  if (!body.in().is_good())
    out.check(body.in());
  else if (header.is_response)
    say_response(header, body, context, out);
  else
    say_request(header, body, context, out);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "slmp",
    .title = "SLMP (MELSEC communication protocol)",
    .over = over::kTcp | over::kUdp,
    .off_port = OffPort::strong,
    .ports = kPorts,
    .leads = kLeads,
    .functions = message::kCommands,
    .code_digits = 4,
    .facts = "model model_code ip ip_mask gateway host_name vendor_code hardware",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::slmp
