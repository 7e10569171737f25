// Yokogawa FA-M3 personal computer link over Ethernet ("higher-level link service"), ASCII and
// binary: IM 34M6P41-01E (personal computer link commands); binary commands as public clients use
// them.
#include <algorithm>
#include <array>

#include "sensor/dissect/collected.h"

namespace osect::dissect::fa_m3 {
namespace {

constexpr std::uint16_t kPorts[] = {12289, 12291};  // of the module's ports A and B
constexpr std::size_t kHeaderBytes = 4;  // command, CPU (of answers: exit status), length
constexpr std::size_t kLengthMax = 4096;
constexpr std::size_t kLineMax = 4096;
constexpr std::size_t kHead = 128;  // devices; values are not read
constexpr std::uint8_t kResponse = 0x80;
constexpr std::uint8_t kInformation = 0x62;  // what of, say two more bytes
constexpr std::uint8_t kConfidence = 90;

constexpr std::uint32_t code_of(std::string_view letters) {
  std::uint32_t code = 0;
  for (const char c : letters.substr(0, 3)) code = code << 8 | static_cast<std::uint8_t>(c);
  return code;
}

constexpr bool is_letters(std::uint32_t code) {
  return code >> 16 >= 'A' && code >> 16 <= 'Z';
}

void write_code(Writer& to, std::uint32_t code) {
  if (!is_letters(code)) {
    to.put("0x").hex(code, code > 0xff ? 6 : 2);
    return;
  }
  for (int shift = 16; shift >= 0; shift -= 8) to.put(static_cast<char>(code >> shift & 0xff));
}

constexpr Function kFunctions[] = {
    {0x01, "bit_device_read", Access::read},
    {0x02, "bit_device_write", Access::write},
    {0x03, "bit_device_fill", Access::write},
    {0x04, "bit_device_random_read", Access::read},
    {0x05, "bit_device_random_write", Access::write},
    {0x06, "bit_device_monitor_set", Access::read},
    {0x07, "bit_device_monitor_read", Access::read},
    {0x11, "word_device_read", Access::read},
    {0x12, "word_device_write", Access::write},
    {0x13, "word_device_fill", Access::write},
    {0x14, "word_device_random_read", Access::read},
    {0x15, "word_device_random_write", Access::write},
    {0x16, "word_device_monitor_set", Access::read},
    {0x17, "word_device_monitor_read", Access::read},
    {0x31, "special_module_read", Access::read},
    {0x32, "special_module_write", Access::write},
    {0x45, "program_start", Access::control},
    {0x46, "program_stop", Access::control},
    {0x51, "loopback_test", Access::diagnostic},
    {0x61, "module_reset", Access::control},
    {0x63, "date_and_time_read", Access::time},
    {0x620001, "program_status_read", Access::diagnostic},
    {0x620002, "system_information_read", Access::identity},
    {code_of("BRD"), "bit_device_read", Access::read},
    {code_of("BWR"), "bit_device_write", Access::write},
    {code_of("BFL"), "bit_device_fill", Access::write},
    {code_of("BRR"), "bit_device_random_read", Access::read},
    {code_of("BRW"), "bit_device_random_write", Access::write},
    {code_of("BRS"), "bit_device_monitor_set", Access::read},
    {code_of("BRM"), "bit_device_monitor_read", Access::read},
    {code_of("WRD"), "word_device_read", Access::read},
    {code_of("WWR"), "word_device_write", Access::write},
    {code_of("WFL"), "word_device_fill", Access::write},
    {code_of("WRR"), "word_device_random_read", Access::read},
    {code_of("WRW"), "word_device_random_write", Access::write},
    {code_of("WRS"), "word_device_monitor_set", Access::read},
    {code_of("WRM"), "word_device_monitor_read", Access::read},
    {code_of("SRD"), "special_module_read", Access::read},
    {code_of("SWR"), "special_module_write", Access::write},
    {code_of("STA"), "program_start", Access::control},
    {code_of("STP"), "program_stop", Access::control},
    {code_of("INF"), "information_read", Access::identity},
};

const Function* find_function(std::uint32_t code) {
  const auto* const at = std::find_if(std::begin(kFunctions), std::end(kFunctions),
                                      [&](const Function& row) { return row.code == code; });
  return at != std::end(kFunctions) ? at : nullptr;
}

void say(Role role, std::uint32_t code, std::string_view target, bool is_error, const Cursor& in,
         Out& out) {
  Text<12> text;
  write_code(text, code);
  const Function* const listed = find_function(code);
  out.say({.role = role,
           .function = listed != nullptr ? listed->name : "",
           .code = text.text(),
           .access = listed != nullptr ? listed->access : Access::none,
           .target = target,
           .is_error = is_error,
           .is_provisional = role == Role::response && code == kInformation},
          in);
}

std::string_view text_of(const Cursor& in) {
  Cursor copy = in;
  return copy.text(copy.left());
}

// The ASCII form begins with a zero and the CPU's number; no command of the binary form is '0'.
bool is_ascii(const Cursor& in) {
  return in.peek() == '0';
}

bool is_command(std::uint8_t command) {
  return command == kInformation || find_function(command) != nullptr;
}

bool is_letter(char c) {
  return c >= 'A' && c <= 'Z';
}

Verdict probe_ascii(std::string_view text, const Context& context) {
  constexpr std::size_t kHeadBytes = 5;  // "01WRD", "01OK"
  if (text.size() > 1 && (text[1] < '1' || text[1] > '4')) return Verdict::no;
  if (text.substr(0, 4).ends_with("OK") || text.substr(0, 4).ends_with("ER"))
    return context.is_usual_port ? Verdict::yes : Verdict::no;
  if (text.size() < kHeadBytes) return Verdict::maybe;
  return find_function(code_of(text.substr(2, 3))) != nullptr ? Verdict::yes : Verdict::no;
}

Verdict probe(Cursor in, const Context& context) {
  if (in.left() == 0) return Verdict::no;
  if (is_ascii(in)) return probe_ascii(text_of(in), context);
  const std::uint8_t command = in.u8();
  const bool is_response = (command & kResponse) != 0;
  if (!is_command(command & 0x7f)) return Verdict::no;
  const std::uint8_t cpu = in.u8();
  const std::size_t length = in.be16();
  if (!in.is_good()) return Verdict::maybe;
  if (length > kLengthMax || (!is_response && (cpu == 0 || cpu > 4))) return Verdict::no;
  if (context.over == over::kUdp && context.is_whole && in.left() != length) return Verdict::no;
  return Verdict::yes;
}

Framing frame(Cursor in, const Context&) {
  if (in.left() == 0) return Framing::kNeedMore;
  if (is_ascii(in)) {
    const std::size_t end = text_of(in).find('\n');
    if (end == std::string_view::npos)
      return in.left() < kLineMax ? Framing::kNeedMore : Framing::kNotAMessage;
    return {end + 1, std::min(end + 1, kHead)};
  }
  in.skip(2);
  const std::size_t length = in.be16();
  if (!in.is_good()) return Framing::kNeedMore;
  if (length > kLengthMax) return Framing::kNotAMessage;
  const std::size_t whole = kHeaderBytes + length;
  return {whole, std::min(whole, kHead)};
}

// A device is named by its letter's place in the alphabet; current values of timers and counters
// are of the same letters, further up.
void write_device(Writer& to, std::uint16_t code, std::uint32_t number) {
  constexpr std::uint16_t kInput = 'X' - '@';
  constexpr std::uint16_t kOutput = 'Y' - '@';
  constexpr std::uint16_t kTimerValue = 0x21;
  constexpr std::uint16_t kCounterValue = 0x31;
  constexpr std::string_view kLetters = "XYIEMTCLDBFRVZW";
  if (code == kTimerValue || code == kCounterValue) {
    to.put(code == kTimerValue ? "TN" : "CN").decimal(number);
    return;
  }
  const char letter = static_cast<char>('@' + (code & 0x1f));
  if (code > 0x1a || kLetters.find(letter) == std::string_view::npos) {
    to.put("device 0x").hex(code, 2).put(' ').decimal(number);
    return;
  }
  to.put(letter);
  // Slot and terminal: X00502 is terminal 2 of slot 5.
  if (code == kInput || code == kOutput)
    for (std::uint32_t limit = 10000; limit > 1 && number < limit; limit /= 10) to.put('0');
  to.decimal(number);
}

void write_range(Writer& to, Cursor& in) {
  const std::uint16_t code = in.be16();
  const std::uint32_t number = in.be32();
  const std::uint16_t count = in.be16();
  write_device(to, code, number);
  if (count < 2) return;
  to.put("..");
  write_device(to, code, number + count - 1);
}

// The first devices of a list, then how many more; `value` bytes stand behind each.
void write_list(Writer& to, Cursor& in, std::size_t value) {
  constexpr std::size_t kNamedMax = 3;
  const std::size_t count = in.be16();
  for (std::size_t i = 0; i < std::min(count, kNamedMax) && in.is_good(); ++i) {
    if (i > 0) to.put(", ");
    const std::uint16_t code = in.be16();
    write_device(to, code, in.be32());
    in.skip(value);
  }
  if (count > kNamedMax) to.put(" +").decimal(count - kNamedMax);
}

// Unit, slot, position and number of data of a module's own registers.
void write_module(Writer& to, Cursor& in) {
  to.put("unit ").decimal(in.u8());
  to.put(" slot ").decimal(in.u8());
  const std::uint32_t position = in.be16();
  const std::uint32_t count = in.be16();
  to.put(" position ").decimal(position);
  if (count > 1) to.put("..").decimal(position + count - 1);
}

void write_target(Writer& to, std::uint8_t command, Cursor& in) {
  switch (command) {
    case 0x01:
    case 0x02:
    case 0x11:
    case 0x12:
      return write_range(to, in);
    case 0x03:
    case 0x13: {
      const std::uint16_t code = in.be16();
      return write_device(to, code, in.be32());
    }
    case 0x04:
    case 0x14:
      return write_list(to, in, 0);
    case 0x05:
      return write_list(to, in, 1);
    case 0x15:
      return write_list(to, in, 2);
    case 0x31:
    case 0x32:
      return write_module(to, in);
    default:
      return;
  }
}

void write_cpu(Writer& to, unsigned number) {
  if (number != 1) to.put("CPU ").decimal(number).put(' ');
}

void say_request(Cursor& in, Out& out) {
  const std::uint8_t command = in.u8();
  const std::uint8_t cpu = in.u8();
  in.skip(2);
  Text<kTargetBytesMax> target;
  write_cpu(target, cpu);
  std::uint32_t code = command;
  if (command == kInformation)
    code = code << 16 | in.be16();
  else
    write_target(target, command, in);
  out.say_direction(Role::request, in);
  say(Role::request, code, trimmed(target.text()), false, in, out);
}

// 62: the answer does not say what it tells of.
void read_information(std::string_view asked, Cursor& in, Collected& facts) {
  constexpr std::size_t kSystemBytes = 16;
  constexpr std::size_t kRevisionBytes = 8;
  if (asked == "0x620001" && in.left() == 2) {
    constexpr std::string_view kModes[] = {"", "RUN", "STOP", "DEBUG"};
    const std::uint16_t mode = in.be16();
    facts.add(about_sender("cpu_mode", kConfidence), mode < std::size(kModes) ? kModes[mode] : "");
  } else if (asked == "0x620002" && in.left() >= kSystemBytes + kRevisionBytes) {
    facts.add(about_sender("vendor", 80), "Yokogawa");
    facts.add_raw(about_sender("model", kConfidence), in.text(kSystemBytes));
    facts.add_raw(about_sender("firmware", kConfidence), in.text(kRevisionBytes));
  }
}

void say_response(Cursor& in, Out& out) {
  const auto command = static_cast<std::uint8_t>(in.u8() & ~kResponse);
  const bool is_error = in.u8() != 0;
  in.skip(2);
  Collected facts;
  if (command == kInformation && !is_error)
    if (const auto asked = out.asked(0)) read_information(asked->code, in, facts);
  out.say_direction(Role::response, in);
  facts.say(out, in);
  say(Role::response, command, "", is_error, in, out);
}

std::string_view take_word(std::string_view& text) {
  const std::size_t end = std::min(text.find_first_of(", "), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

// "D0001,02": the first device and how many. "02D0001,D0005": each of them, in BRW and WRW with a
// value behind.
void write_ascii_target(Writer& to, std::string_view command, std::string_view parameters) {
  constexpr std::size_t kNamedMax = 3;
  const std::string_view form = command.substr(1);
  if (command[0] != 'B' && command[0] != 'W') return;
  if (form == "RD" || form == "WR" || form == "FL") {
    to.printable(take_word(parameters));
    if (form == "FL") return;
    std::string_view count = take_word(parameters);
    while (count.size() > 1 && count[0] == '0') count.remove_prefix(1);
    if (!count.empty() && count != "1") to.put(" x").printable(count);
  } else if (form == "RR" || form == "RW" || form == "RS") {
    while (!parameters.empty() && !is_letter(parameters[0])) parameters.remove_prefix(1);
    for (std::size_t i = 0; i < kNamedMax && !parameters.empty(); ++i) {
      if (i > 0) to.put(", ");
      to.printable(take_word(parameters));
      if (form == "RW") take_word(parameters);
    }
    if (!parameters.empty()) to.put(" ...");
  }
}

bool is_command_word(std::string_view word) {
  return word.size() == 3 && std::all_of(word.begin(), word.end(), is_letter);
}

// "OK" and data, or "ER", two codes and the command that failed.
void say_ascii_response(std::string_view body, const Cursor& in, Out& out) {
  constexpr std::size_t kCodesEnd = 6;
  const bool is_error = body.starts_with("ER");
  const std::string_view refused = is_error ? body.substr(std::min(body.size(), kCodesEnd)) : "";
  out.say_direction(Role::response, in);
  if (is_command_word(refused)) {
    say(Role::response, code_of(refused), "", true, in, out);
    return;
  }
  if (!out.asked(0)) {
    out.check(in);
    return;
  }
  Operation said;
  said.role = Role::response;
  said.is_error = is_error;
  out.say(said, in);
}

void say_ascii(std::string_view line, Cursor& in, Out& out) {
  constexpr std::size_t kHeadBytes = 2;  // zero, CPU
  in.expect(line.size() > kHeadBytes + 1 && line[1] >= '1' && line[1] <= '4');
  const std::string_view body = in.is_good() ? line.substr(kHeadBytes) : "";
  if (body.starts_with("OK") || body.starts_with("ER")) {
    say_ascii_response(body, in, out);
    return;
  }
  const std::string_view command = body.substr(0, 3);
  in.expect(is_command_word(command));
  Text<kTargetBytesMax> target;
  if (in.is_good()) {
    write_cpu(target, static_cast<unsigned>(line[1] - '0'));
    write_ascii_target(target, command, body.substr(command.size()));
  }
  out.say_direction(Role::request, in);
  say(Role::request, code_of(command), trimmed(target.text()), false, in, out);
}

void dissect(Cursor in, const Context& context, Out& out) {
  if (is_ascii(in)) {
    const bool is_head = context.over == over::kTcp && !context.is_whole;
    const std::string_view text = in.text(in.left());
    const std::size_t end = text.find_first_of("\r\n");
    in.skip(end == std::string_view::npos && !is_head ? 1 : 0);
    say_ascii(text.substr(0, end), in, out);
    return;
  }
  const std::size_t length = std::size_t{in.peek(2)} << 8 | in.peek(3);
  in.expect(!context.is_whole || in.left() == kHeaderBytes + length);
  if ((in.peek() & kResponse) == 0)
    say_request(in, out);
  else
    say_response(in, out);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "fa_m3",
    .title = "Yokogawa FA-M3 personal computer link",
    .over = over::kTcp | over::kUdp,
    .off_port = OffPort::never,
    .ports = kPorts,
    .functions = kFunctions,
    .write_code = write_code,
    .facts = "vendor model firmware cpu_mode",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::fa_m3
