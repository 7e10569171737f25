// Open Protocol of tightening controllers: Atlas Copco, Open Protocol Specification R 2.16, clause
// 4 (header), clause 5 (messages). Results and identifiers of parts are not read.
#include <algorithm>
#include <iterator>
#include <string_view>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/open_protocol_mids.h"

namespace osect::dissect::open_protocol {
namespace {

using open_protocol_mids::kFunctions;

constexpr std::uint16_t kPorts[] = {4545};
constexpr std::size_t kHeaderBytes = 20;
constexpr std::size_t kHeadBytes = 512;  // results that stand behind are not read
constexpr std::uint8_t kConfidence = 95;
constexpr std::uint16_t kKeepAlive = 9999;
constexpr std::uint16_t kLinkError = 9998;

constexpr ByteSet kDigits = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9'};
constexpr Lead kLeads[] = {{0, kDigits}, {1, kDigits}, {2, kDigits}, {3, kDigits},
                           {4, kDigits}, {5, kDigits}, {6, kDigits}, {7, kDigits}};

// A number in decimal digits; other characters contradict the specification.
std::uint16_t read_number(Cursor& in, std::size_t digits) {
  unsigned value = 0;
  for (const std::uint8_t digit : in.bytes(digits)) {
    in.expect(kDigits.has(digit));
    value = value * 10 + digit - '0';
  }
  return in.is_good() ? static_cast<std::uint16_t>(value) : std::uint16_t{0};
}

// Fields that are not in use are left blank.
std::uint16_t read_optional(Cursor& in, std::size_t digits) {
  unsigned value = 0;
  for (const std::uint8_t digit : in.bytes(digits)) {
    const bool is_digit = kDigits.has(digit);
    in.expect(is_digit || digit == ' ' || digit == 0);
    if (is_digit) value = value * 10 + digit - '0';
  }
  return static_cast<std::uint16_t>(value);
}

struct Header {
  std::uint16_t length = 0;  // without the zero that ends the message
  std::uint16_t number = 0;
  std::uint16_t revision = 0;
  std::uint16_t station = 0;
  std::uint16_t spindle = 0;
};

Header read_header(Cursor& in) {
  Header header;
  header.length = read_number(in, 4);
  header.number = read_number(in, 4);
  header.revision = read_optional(in, 3);
  read_optional(in, 1);  // whether it wants no acknowledgement
  header.station = read_optional(in, 2);
  header.spindle = read_optional(in, 2);
  read_optional(in, 2);  // sequence
  read_optional(in, 2);  // in how many parts, which of them
  if (in.is_good()) in.expect(header.length >= kHeaderBytes);
  return header;
}

const Function* function_of(std::uint16_t number) {
  const auto* const at = std::lower_bound(
      std::begin(kFunctions), std::end(kFunctions), number,
      [](const Function& function, std::uint32_t wanted) { return function.code < wanted; });
  return at != std::end(kFunctions) && at->code == number ? at : nullptr;
}

const open_protocol_mids::Answer* answer_of(std::uint16_t number) {
  const auto* const at = std::find_if(
      std::begin(open_protocol_mids::kAnswers), std::end(open_protocol_mids::kAnswers),
      [&](const open_protocol_mids::Answer& answer) { return answer.number == number; });
  return at != std::end(open_protocol_mids::kAnswers) ? at : nullptr;
}

bool is_told(std::uint16_t number) {
  return std::binary_search(std::begin(open_protocol_mids::kTold),
                            std::end(open_protocol_mids::kTold), number);
}

// Away from its port a message shows its whole header at once, its number is listed and it ends
// with a zero.
Verdict probe(Cursor in, const Context& context) {
  const Cursor begin = in;
  const bool is_abroad = !context.is_usual_port && context.memory == nullptr;
  if (!is_abroad && in.left() > 0 && in.peek() == 0) return Verdict::maybe;
  const Header header = read_header(in);
  if (in.fault() == Fault::truncated) return is_abroad ? Verdict::no : Verdict::maybe;
  if (!in.is_good()) return Verdict::no;
  if (!is_abroad) return Verdict::yes;
  const bool is_listed =
      function_of(header.number) != nullptr || answer_of(header.number) != nullptr;
  const bool is_ended = begin.left() <= header.length || begin.peek(header.length) == 0;
  return is_listed && is_ended ? Verdict::yes : Verdict::no;
}

// The zero that ends a message is passed over by itself: there are controllers that forget it.
Framing frame(Cursor in, const Context&) {
  if (in.left() > 0 && in.peek() == 0) return {1, 0};
  const std::size_t length = read_number(in, 4);
  if (in.fault() == Fault::truncated) return Framing::kNeedMore;
  if (!in.is_good() || length < kHeaderBytes) return Framing::kNotAMessage;
  return {length, std::min(length, kHeadBytes)};
}

void write_code(Writer& to, std::uint32_t code) {
  for (std::uint32_t unit = 1000; unit > 0; unit /= 10)
    to.put(static_cast<char>('0' + code / unit % 10));
}

std::string_view vendor_of(std::string_view supplier) {
  if (supplier == "ACT") return "Atlas Copco";
  if (supplier == "BRC") return "Bosch Rexroth";
  if (supplier == "APT") return "Apex Tool Group";
  return supplier;
}

// MID 0002, whose revisions add to each other: number of the field, then the field.
void collect_controller(Cursor in, Collected& facts) {
  constexpr std::uint8_t kSizes[] = {0, 4, 2, 25, 3, 19, 19, 19, 24, 10, 3, 3, 1, 1, 10, 25};
  while (in.left() > 0) {
    const std::uint16_t field = read_number(in, 2);
    if (field == 0 || field >= std::size(kSizes)) return;
    const std::string_view value = in.text(kSizes[field]);
    switch (field) {
      case 3:
        facts.add_raw(about_sender("device_name", kConfidence), value);
        break;
      case 4:
        facts.add_raw(about_sender("vendor", kConfidence), vendor_of(trimmed(value)));
        break;
      case 6:
        facts.add_raw(about_sender("firmware", kConfidence), value);
        break;
      case 9:
        facts.add_raw(about_sender("serial", kConfidence), value);
        break;
      case 15:
        facts.add_raw(about_sender("station_name", kConfidence), value);
        break;
      default:
        break;
    }
  }
}

// MID 0041: the tool's serial number, then two fields of its life, then the controller's.
void collect_tool(Cursor in, Collected& facts) {
  in.skip(2);
  const std::string_view tool = in.text(14);
  in.skip(2 + 10 + 2 + 19 + 2);
  const std::string_view controller = in.text(10);
  if (!in.is_good()) return;
  facts.add_raw(about_sender("tool_serial", kConfidence), tool);
  facts.add_raw(about_sender("serial", kConfidence), controller);
}

// Station and spindle, and which parameter set, job or message is meant.
void write_target(Writer& to, const Header& header, Cursor data) {
  if (header.station != 0) to.put("station ").decimal(header.station).put(' ');
  if (header.spindle != 0) to.put("spindle ").decimal(header.spindle).put(' ');
  std::string_view kind;
  std::size_t digits = 4;
  switch (header.number) {
    case 6:
    case 8:
    case 9:
      kind = "mid ";
      break;
    case 12:
    case 18:
    case 19:
    case 20:
      kind = "parameter_set ";
      digits = 3;
      break;
    case 32:
    case 38:
    case 39:
      kind = "job ";
      if (header.revision < 2) digits = 2;
      break;
    default:
      return;
  }
  const std::uint16_t which = read_number(data, digits);
  if (data.is_good()) to.put(kind).decimal(which);
}

std::uint64_t transaction_of(std::uint16_t number) {
  return std::uint64_t{1} << 32 | number;
}

void say_direction(bool is_to_server, const Context& context, const Cursor& proof, Out& out) {
  if (!context.is_direction_known || context.is_to_server != is_to_server)
    out.say_direction(is_to_server ? Role::request : Role::response, proof);
}

// An answer is said under the code of what it answers.
void say_answer(const Header& header, std::uint16_t asked, Cursor data, const Context& context,
                Out& out) {
  if (asked == 0) asked = read_number(data, 4);
  Collected facts;
  if (header.number == 2) collect_controller(data, facts);
  if (header.number == 41) collect_tool(data, facts);
  say_direction(false, context, data, out);
  facts.say(out, data);
  const Function* const function = function_of(asked);
  Text<4> code;
  write_code(code, asked);
  Text<kTargetBytesMax> target;
  write_target(target, header, data);
  out.say({.role = Role::response,
           .function = function != nullptr ? function->name : std::string_view(),
           .code = code.text(),
           .access = function != nullptr ? function->access : Access::none,
           .target = trimmed(target.text()),
           .is_error = header.number == open_protocol_mids::kRefused,
           .transaction = transaction_of(asked)},
          data);
}

Role role_of(const Header& header, std::string_view name, bool is_to_server) {
  if (is_told(header.number)) return Role::response;
  if (header.number == kKeepAlive) return is_to_server ? Role::request : Role::response;
  if (header.number < kLinkError - 1 && !name.ends_with("_acknowledge")) return Role::request;
  return is_to_server ? Role::message : Role::response;
}

void dissect(Cursor in, const Context& context, Out& out) {
  const Header header = read_header(in);
  const std::size_t size = header.length - kHeaderBytes;
  Cursor data = in.child(context.is_whole ? size : std::min(size, in.left()));
  if (const auto* const answer = answer_of(header.number)) {
    say_answer(header, answer->asked, data, context, out);
    return;
  }
  const Function* const function = function_of(header.number);
  const std::string_view name = function != nullptr ? function->name : std::string_view();
  const bool is_unlisted = function == nullptr && !context.is_to_server;
  const Role role = is_unlisted ? Role::response : role_of(header, name, context.is_to_server);
  if (role == Role::request || is_told(header.number))
    say_direction(role == Role::request, context, data, out);
  Text<4> code;
  write_code(code, header.number);
  Text<kTargetBytesMax> target;
  write_target(target, header, data);
  const bool is_echo = header.number == kKeepAlive;
  out.say({.role = role,
           .function = name,
           .code = code.text(),
           .access = function != nullptr ? function->access : Access::none,
           .target = trimmed(target.text()),
           .is_error = header.number == kLinkError && role == Role::response,
           .transaction = role == Role::request || is_echo ? transaction_of(header.number) : 0,
           .has_own_code = role == Role::response && !is_echo},
          data);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "open_protocol",
    .title = "Open Protocol (tightening controllers)",
    .over = over::kTcp,
    .off_port = OffPort::strong,
    .ports = kPorts,
    .leads = kLeads,
    .functions = kFunctions,
    .write_code = write_code,
    .facts = "device_name vendor firmware serial station_name tool_serial",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::open_protocol
