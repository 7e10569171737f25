// JTEKT TOYOPUC computer link over Ethernet: 2ET/EN-I/F operation manuals, "computer link"; frame,
// commands and relay as the public PROTOCOL_SPEC of toyopuc-computerlink lists them.
#include <algorithm>
#include <array>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/toyopuc_target.h"

namespace osect::dissect::toyopuc {
namespace {

constexpr std::uint16_t kPorts[] = {1025, 1026, 1027};  // the plant's choice; those of the manuals
constexpr std::size_t kHeaderBytes = 4;                 // frame type, response code, length
constexpr std::size_t kLengthMax = 4096;
constexpr std::size_t kHead = 512;  // relays and devices; values are not read
constexpr std::uint8_t kRequest = 0x00;
constexpr std::uint8_t kResponse = 0x80;
constexpr std::uint8_t kRefused = 0x10;  // response code; an error code stands for the command
constexpr std::uint8_t kRelay = 0x60;
constexpr int kRelaysMax = 4;
constexpr std::uint8_t kFunctionCall = 0x32;
constexpr std::uint8_t kExpandedCall = 0xa0;
// The stop of the scan and its release answer alike, without the byte that tells them apart.
constexpr std::uint32_t kScanStopAnswered = 0x320200;
constexpr std::uint8_t kConfidence = 90;

constexpr Lead kLeads[] = {
    {0, {kRequest, kResponse}},
    {1, {0x00}},
    {3,
     {0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e,
      0x0f, 0x10}},
    {4, {0x18, 0x19, 0x1c, 0x1d, 0x1e, 0x1f, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x32,
         0x60, 0x90, 0x91, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0xa0, 0xc2, 0xc3, 0xc4, 0xc5, 0xca}},
};

// One byte, or that and the two or three that say what a function call does.
constexpr Function kFunctions[] = {
    {0x18, "read_sequence_program_words", Access::program},
    {0x19, "write_sequence_program_words", Access::program},
    {0x1c, "read_io_register_words", Access::read},
    {0x1d, "write_io_register_words", Access::write},
    {0x1e, "read_io_register_bytes", Access::read},
    {0x1f, "write_io_register_bytes", Access::write},
    {0x20, "read_io_register_bit", Access::read},
    {0x21, "write_io_register_bit", Access::write},
    {0x22, "read_multi_point_words", Access::read},
    {0x23, "write_multi_point_words", Access::write},
    {0x24, "read_multi_point_bytes", Access::read},
    {0x25, "write_multi_point_bytes", Access::write},
    {0x26, "read_multi_point_bits", Access::read},
    {0x27, "write_multi_point_bits", Access::write},
    {0x90, "read_expanded_program_words", Access::program},
    {0x91, "write_expanded_program_words", Access::program},
    {0x94, "read_expanded_data_words", Access::read},
    {0x95, "write_expanded_data_words", Access::write},
    {0x96, "read_expanded_data_bytes", Access::read},
    {0x97, "write_expanded_data_bytes", Access::write},
    {0x98, "read_expanded_data_multi_point", Access::read},
    {0x99, "write_expanded_data_multi_point", Access::write},
    {0xc2, "read_pc10_data_bytes", Access::read},
    {0xc3, "write_pc10_data_bytes", Access::write},
    {0xc4, "read_pc10_multi_point", Access::read},
    {0xc5, "write_pc10_multi_point", Access::write},
    {0xca, "register_flash_register", Access::write},
    {0x320100, "scan_resume", Access::control},
    {0x321100, "read_cpu_status", Access::diagnostic},
    {0x327000, "read_clock", Access::time},
    {0x327100, "write_clock", Access::time},
    {0xa00110, "read_cpu_status_in_flash_writing", Access::diagnostic},
    {0x32020000, "scan_stop_release", Access::control},
    {0x32020001, "scan_stop", Access::control},
};

void write_code(Writer& to, std::uint32_t code) {
  to.put("0x").hex(code, code > 0xffffff ? 8 : code > 0xff ? 6 : 2);
}

bool is_call(std::uint8_t command) {
  return command == kFunctionCall || command == kExpandedCall;
}

bool is_listed(std::uint8_t command) {
  return is_call(command) || command == kRelay ||
         std::any_of(std::begin(kFunctions), std::end(kFunctions),
                     [&](const Function& row) { return row.code == command; });
}

// Could a request of the command have so many bytes behind it?
bool is_request_length(std::uint8_t command, std::size_t length) {
  constexpr std::size_t kListMax = 1024;
  const auto is_list = [&](std::size_t each) {
    return length >= each && length % each == 0 && length <= kListMax;
  };
  switch (command) {
    case 0x18:
    case 0x1c:
    case 0x1e:
    case 0x23:
    case 0x27:
      return command <= 0x1e ? length == 4 : is_list(command == 0x23 ? 4 : 3);
    case 0x20:
      return length == 2;
    case 0x21:
      return length == 3;
    case 0x22:
    case 0x24:
    case 0x26:
      return is_list(2);
    case 0x25:
      return is_list(3);
    case 0x19:
    case 0x1d:
      return length >= 4 && length % 2 == 0;
    case 0x1f:
      return length >= 3;
    case 0x94:
    case 0x96:
      return length == 5;
    case 0xc2:
      return length == 6;
    case 0xca:
      return length == 1;
    case kRelay:
      return length >= 7;
    default:
      return length >= 2;
  }
}

// What writes answers with the command alone, what reads does not.
bool is_response_length(std::uint8_t command, std::size_t length) {
  if (is_call(command)) return length >= 2;
  if (command == kRelay) return length >= 6;
  const bool is_write = command == 0xca || command % 2 != 0;
  return is_write == (length == 0);
}

bool is_head(std::uint8_t type, std::uint8_t code, std::size_t length) {
  if (type == kRequest) return code == 0 && length > 0 && length <= kLengthMax;
  return type == kResponse && (code == kRefused || (code == 0 && length > 0)) &&
         length <= kLengthMax;
}

bool is_error_code(std::uint8_t code) {
  return code == 0x11 || (code >= 0x20 && code <= 0x73);
}

Verdict probe(Cursor in, const Context& context) {
  const std::uint8_t type = in.u8();
  const std::uint8_t code = in.u8();
  const std::size_t length = in.le16();
  if (!in.is_good()) return Verdict::maybe;
  if (!is_head(type, code, length)) return Verdict::no;
  if (context.over == over::kUdp && context.is_whole && in.left() != length) return Verdict::no;
  if (length == 0) return Verdict::maybe;  // nothing but a refusal
  if (in.left() == 0) return Verdict::maybe;
  const std::uint8_t command = in.u8();
  if (code == kRefused) {
    if (length > 4 || !is_error_code(command)) return Verdict::no;
    return context.is_usual_port ? Verdict::yes : Verdict::maybe;
  }
  const bool is_plausible = type == kRequest ? is_request_length(command, length - 1)
                                             : is_response_length(command, length - 1);
  return is_listed(command) && is_plausible ? Verdict::yes : Verdict::no;
}

Framing frame(Cursor in, const Context&) {
  const std::uint8_t type = in.u8();
  const std::uint8_t code = in.u8();
  const std::size_t length = in.le16();
  if (!in.is_good()) return Framing::kNeedMore;
  if (!is_head(type, code, length)) return Framing::kNotAMessage;
  const std::size_t whole = kHeaderBytes + length;
  return {whole, std::min(whole, kHead)};
}

// What a message is about once its relays are taken off.
struct Command {
  std::uint8_t command = 0;
  std::size_t length = 0;  // of what stands behind it
  bool is_relayed = false;
  bool is_refused = false;
};

// Command 60 holds a command for a station behind a link module, which may be another 60:
// "P1-L2:N4 P1-L2:N6 ".
Command unwrap(Cursor& in, std::size_t length, std::uint8_t mark, Writer& route) {
  constexpr std::uint8_t kNak = 0x15;
  constexpr std::size_t kBytes = 7;  // command, link, station, mark, length
  Command found;
  found.command = in.u8();
  found.length = length - 1;
  for (int hop = 0; hop < kRelaysMax && found.command == kRelay && in.is_good(); ++hop) {
    const std::uint8_t link = in.u8();
    const std::uint16_t station = in.le16();
    const std::uint8_t shown = in.u8();
    found.is_relayed = true;
    found.is_refused = mark != kRequest && shown == kNak;
    in.expect(shown == mark || found.is_refused);
    if (link >> 4 != 0) route.put('P').decimal(link >> 4).put('-');
    route.put('L').decimal(link & 0xf).put(":N").decimal(station).put(' ');
    if (found.is_refused) break;
    const std::size_t inner = in.le16();
    in.expect(inner > 0 && inner + kBytes <= found.length + 1);
    found.command = in.u8();
    found.length = inner - 1;
  }
  in.expect(found.command != kRelay || found.is_refused);
  return found;
}

// Function calls tell by two bytes what they do, and the stop of the scan by a third.
std::uint32_t code_of(const Command& what, const Cursor& data) {
  if (!is_call(what.command) || what.length < 2) return what.command;
  const std::uint32_t sub = std::uint32_t{data.peek(0)} << 8 | data.peek(1);
  const std::uint32_t code = std::uint32_t{what.command} << 16 | sub;
  return code == kScanStopAnswered && what.length > 2 ? code << 8 | data.peek(2) : code;
}

const Function* find_function(std::uint32_t code) {
  const auto* const at = std::find_if(std::begin(kFunctions), std::end(kFunctions),
                                      [&](const Function& row) { return row.code == code; });
  return at != std::end(kFunctions) ? at : nullptr;
}

// First byte of the CPU status.
void read_mode(std::uint8_t status, Collected& facts) {
  constexpr std::uint8_t kRun = 0x80;
  constexpr std::uint8_t kStop = 0x40;
  constexpr std::uint8_t kPseudoStop = 0x10;
  facts.add(about_sender("vendor", 80), "JTEKT");
  if ((status & kRun) != 0)
    facts.add(about_sender("cpu_mode", kConfidence), "RUN");
  else if ((status & (kStop | kPseudoStop)) != 0)
    facts.add(about_sender("cpu_mode", kConfidence), "STOP");
}

void say(Role role, std::uint32_t code, const Writer& target, const Cursor& in, Out& out) {
  Text<12> text;
  write_code(text, code);
  const Function* const listed = find_function(code);
  out.say({.role = role,
           .function = listed != nullptr ? listed->name : "",
           .code = text.text(),
           .access = listed != nullptr ? listed->access : Access::none,
           .target = trimmed(target.text()),
           .is_provisional = code == kScanStopAnswered},
          in);
}

void say_request(Cursor& in, std::size_t length, Out& out) {
  constexpr std::uint8_t kEnq = 0x05;
  Text<kTargetBytesMax> target;
  const Command what = unwrap(in, length, kEnq, target);
  const std::uint32_t code = code_of(what, in);
  if (is_call(what.command)) in.skip(std::min<std::size_t>(what.length, 3));
  toyopuc_message::write_target(target, what.command, in, what.length);
  out.say_direction(Role::request, in);
  say(Role::request, code, target, in, out);
}

// A refusal does not repeat what was refused.
void say_refusal(const Cursor& in, Out& out) {
  out.say_direction(Role::response, in);
  if (!out.asked(0)) {
    out.check(in);
    return;
  }
  Operation said;
  said.role = Role::response;
  said.is_error = true;
  out.say(said, in);
}

void say_response(Cursor& in, std::size_t length, Out& out) {
  constexpr std::uint8_t kAck = 0x06;
  Text<kTargetBytesMax> route;
  const Command what = unwrap(in, length, kAck, route);
  if (what.is_refused) {
    say_refusal(in, out);
    return;
  }
  const std::uint32_t code = code_of(what, in);
  Collected facts;
  if (is_call(what.command)) {
    in.skip(std::min<std::size_t>(what.length, 2));
    const bool is_status = code == 0x321100 || code == 0xa00110;
    if (is_status && !what.is_relayed) read_mode(in.u8(), facts);
  }
  out.say_direction(Role::response, in);
  facts.say(out, in);
  say(Role::response, code, route, in, out);
}

void dissect(Cursor in, const Context& context, Out& out) {
  const std::uint8_t type = in.u8();
  const std::uint8_t code = in.u8();
  const std::size_t length = in.le16();
  in.expect(is_head(type, code, length));
  in.expect(!context.is_whole || in.left() == length);
  if (type == kRequest) {
    say_request(in, length, out);
  } else if (code == kRefused) {
    say_refusal(in, out);
  } else {
    say_response(in, length, out);
  }
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "toyopuc",
    .title = "JTEKT TOYOPUC computer link",
    .over = over::kTcp | over::kUdp,
    .off_port = OffPort::weak,
    .ports = kPorts,
    .leads = kLeads,
    .functions = kFunctions,
    .write_code = write_code,
    .facts = "vendor cpu_mode",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::toyopuc
