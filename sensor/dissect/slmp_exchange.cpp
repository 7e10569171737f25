// SLMP requests and what answers them, as operations and facts.
#include <algorithm>
#include <optional>

#include "sensor/dissect/slmp_message.h"

namespace osect::dissect::slmp_message {
namespace {

constexpr std::size_t kTypeNameBytes = 16;
constexpr std::string_view kReadTypeName = "0x0101";
constexpr std::uint16_t kNodeSearch = 0x0e30;
constexpr std::string_view kNodeSearchText = "0x0e30";
constexpr std::uint16_t kOnDemand = 0x2101;
constexpr std::uint8_t kConfidence = 95;

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
  explicit Command(std::uint16_t code) : listed(find_command(code)) { text.put("0x").hex(code, 4); }
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
  write_route(target, header.route);
  write_target(target, command, subcommand, body);
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
  const Answer answer = read_answer(body);
  const bool is_good = answer.end_code == 0;
  const std::uint64_t transaction = transaction_of(header, context);
  const std::optional<Asked> asked = out.asked(transaction);
  std::optional<std::uint16_t> command = answer.command;
  Text<kTargetBytesMax> target;
  if (header.frame == Frame::extended) {
    command = body.u16();
    write_route(target, header.route);
    write_part(target, *command, body.u16());
  } else if (!asked) {
    // Nobody knows to what it is the answer, unless it found a node.
    const bool is_found = is_good && header.frame == Frame::e4 && is_node_found(body.in());
    command = is_found ? std::optional(kNodeSearch) : std::nullopt;
  }
  const Command named(command.value_or(0));
  const std::string_view code = command ? named.text.text()
                                : asked ? asked->code
                                        : std::string_view();
  Collected facts;
  if (is_good && code == kReadTypeName) identify(body, facts);
  if (is_good && code == kNodeSearchText && is_node_found(body.in()))
    read_node_found(body.in(), facts);

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

}  // namespace

void read_exchange(Cursor in, const Context& context, Out& out) {
  const Header header = read_header(in);
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

}  // namespace osect::dissect::slmp_message
