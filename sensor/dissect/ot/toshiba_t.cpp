// Toshiba T and V series computer link: UM-TS03***-E008 (T-series computer link), 6F3B0362 (T2N
// Ethernet), 6F8C0926 (S2T), clause "computer link protocol".
#include <algorithm>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/dissector.h"

namespace osect::dissect::toshiba_t {
namespace {

// The plant's choice; the manuals use this one as their example. Answers come from the next one.
constexpr std::uint16_t kPorts[] = {2000, 2001};
constexpr std::size_t kMessageMax = 255;
constexpr std::size_t kHeadBytes = 6;  // "(A", station, command
constexpr std::size_t kTailBytes = 5;  // "&", sum, ")" or ";", end
constexpr char kEnd = '\r';

constexpr Lead kLeads[] = {
    {0, {'('}},
    {1, {'A'}},
    {2, {'0', '1', '2', '3'}},
    {3, {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9'}},
};

constexpr std::uint32_t code_of(std::string_view letters) {
  return static_cast<std::uint32_t>(static_cast<std::uint8_t>(letters[0]) << 8 |
                                    static_cast<std::uint8_t>(letters[1]));
}

void write_code(Writer& to, std::uint32_t code) {
  to.put(static_cast<char>(code >> 8)).put(static_cast<char>(code & 0xff));
}

constexpr Function kFunctions[] = {
    {code_of("TS"), "test", Access::diagnostic},
    {code_of("ST"), "status_read", Access::diagnostic},
    {code_of("ER"), "error_status_read", Access::diagnostic},
    {code_of("DR"), "data_read", Access::read},
    {code_of("DW"), "data_write", Access::write},
    {code_of("SR"), "system_information_read", Access::read},
    {code_of("SW"), "system_information_write", Access::config},
    {code_of("BR"), "program_block_read", Access::program},
    {code_of("BW"), "program_block_write", Access::program},
    {code_of("EC"), "execution_control", Access::control},
    {code_of("RT"), "time_read", Access::time},
    {code_of("WT"), "time_write", Access::time},
    // Refusals instead of an answer.
    {code_of("CE"), "computer_link_error", Access::none},
    {code_of("EE"), "controller_error", Access::none},
};

const Function* find_function(std::string_view letters) {
  const auto* const at =
      std::find_if(std::begin(kFunctions), std::end(kFunctions),
                   [&](const Function& row) { return row.code == code_of(letters); });
  return at != std::end(kFunctions) ? at : nullptr;
}

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr bool is_capital(char c) {
  return c >= 'A' && c <= 'Z';
}

constexpr bool is_hexadecimal(char c) {
  return is_digit(c) || (c >= 'A' && c <= 'F');
}

struct Message {
  bool is_sound = false;
  std::string_view station;
  std::string_view letters;  // of the command
  std::string_view data;
};

// The low byte of the sum of all characters up to and with the "&", in two digits.
bool is_sealed(std::string_view summed, std::string_view digits) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::uint8_t sum = 0;
  for (const char c : summed) sum = static_cast<std::uint8_t>(sum + static_cast<std::uint8_t>(c));
  return digits[0] == kDigits[sum >> 4U] && digits[1] == kDigits[sum & 0xfU];
}

// A whole message with its end.
Message read_message(std::string_view text) {
  Message message;
  if (text.size() < kHeadBytes + kTailBytes || text.substr(0, 2) != "(A" || text.back() != kEnd)
    return message;
  const std::string_view tail = text.substr(text.size() - kTailBytes);
  message.station = text.substr(2, 2);
  message.letters = text.substr(4, 2);
  message.data = text.substr(kHeadBytes, text.size() - kHeadBytes - kTailBytes);
  message.is_sound = std::all_of(message.station.begin(), message.station.end(), is_digit) &&
                     std::all_of(message.letters.begin(), message.letters.end(), is_capital) &&
                     tail[0] == '&' && (tail[3] == ')' || tail[3] == ';') &&
                     is_sealed(text.substr(0, text.size() - kTailBytes + 1), tail.substr(1, 2));
  return message;
}

std::string_view text_of(const Cursor& in) {
  Cursor copy = in;
  return copy.text(copy.left());
}

Verdict probe(Cursor in, const Context& context) {
  const std::string_view text = text_of(in);
  const std::size_t end = text.find(kEnd);
  if (end == std::string_view::npos) {
    const bool is_begin = !text.empty() && text[0] == '(' && (text.size() == 1 || text[1] == 'A');
    const bool is_partial = context.over == over::kTcp && text.size() < kMessageMax;
    return is_begin && is_partial ? Verdict::maybe : Verdict::no;
  }
  if (context.over == over::kUdp && end + 1 != text.size()) return Verdict::no;
  return read_message(text.substr(0, end + 1)).is_sound ? Verdict::yes : Verdict::no;
}

Framing frame(Cursor in, const Context&) {
  if (in.left() == 0) return Framing::kNeedMore;
  if (in.peek() != '(') return Framing::kNotAMessage;
  const std::size_t end = text_of(in).find(kEnd);
  if (end == std::string_view::npos)
    return in.left() < kMessageMax ? Framing::kNeedMore : Framing::kNotAMessage;
  return end + 1;
}

// Requests name a register and how many; answers are hexadecimal digits. Where the data tell
// nothing, the port does, and then what is known of the connection.
bool is_request(const Message& message, const Context& context) {
  const std::string_view data = message.data;
  if (message.letters == "CE" || message.letters == "EE") return false;
  if (message.letters == "DR" && !std::all_of(data.begin(), data.end(), is_hexadecimal))
    return true;
  if (message.letters == "DW" || message.letters == "SW" || message.letters == "BW" ||
      message.letters == "EC" || message.letters == "WT")
    return !data.empty();
  if (message.letters == "ST" || message.letters == "ER" || message.letters == "RT")
    return data.empty();
  if (context.destination_port == kPorts[0]) return true;
  if (context.source_port == kPorts[0] || context.source_port == kPorts[1]) return false;
  return message.letters != "DR" && context.is_to_server;
}

// Of "D0100,10": the register, and how many where values do not follow.
void write_registers(Writer& to, std::string_view data, bool is_read) {
  const std::string_view name = data.substr(0, data.find(','));
  const auto is_name = [](char c) { return is_capital(c) || is_digit(c); };
  constexpr std::size_t kNameMax = 8;
  if (name.empty() || name.size() > kNameMax || !is_capital(name[0]) ||
      !std::all_of(name.begin(), name.end(), is_name))
    return;
  to.put(' ').put(name);
  if (!is_read || name.size() == data.size()) return;
  std::string_view count = data.substr(name.size() + 1);
  count.remove_prefix(std::min(count.find_first_not_of('0'), count.size()));
  constexpr std::size_t kCountMax = 3;
  if (!count.empty() && count.size() <= kCountMax &&
      std::all_of(count.begin(), count.end(), is_hexadecimal))
    to.put(" x").put(count);
}

void write_station(Writer& to, const Message& message) {
  to.put("station ");
  if (message.station[0] != '0') to.put(message.station[0]);
  to.put(message.station[1]);
}

void write_target(Writer& to, const Message& message) {
  constexpr std::size_t kControlMax = 2;
  write_station(to, message);
  if (message.letters == "DR" || message.letters == "DW")
    write_registers(to, message.data, message.letters == "DR");
  else if (message.letters == "EC" && message.data.size() <= kControlMax)
    to.put(" control ").printable(message.data);
}

// Half duplex, without a number: the last request is the one that is answered. The flow's memory
// counts them.
std::uint64_t transaction_of(bool is_request, const Context& context) {
  if (context.memory == nullptr) return 1;
  if (is_request) ++*context.memory;
  return std::uint64_t{1} << 32 | *context.memory;
}

void say_response(const Message& message, std::uint64_t transaction, const Cursor& in, Out& out) {
  const bool is_error = message.letters == "CE" || message.letters == "EE";
  const bool is_asked = out.asked(transaction).has_value();
  const Function* const function = find_function(message.letters);
  if (!is_error && message.letters == "ST")
    out.say({Subject::sender, {}, {}, "vendor", "Toshiba", 60}, in);
  // From a port of its own (6F3B0362, figure 4.5) an answer is in another conversation than what
  // it answers: then it says what it can by itself.
  Text<kTargetBytesMax> target;
  if (!is_asked) write_station(target, message);
  Operation said;
  said.role = Role::response;
  said.target = target.text();
  said.is_error = is_error;
  said.transaction = transaction;
  if (!is_error || !is_asked) {
    said.function = function != nullptr ? function->name : "";
    said.code = message.letters;
    said.access = function != nullptr ? function->access : Access::none;
  }
  out.say(said, in);
}

void dissect(Cursor in, const Context& context, Out& out) {
  const Message message = read_message(in.text(in.left()));
  in.expect(message.is_sound);
  if (!message.is_sound) {
    out.check(in);
    return;
  }
  const bool is_to_server = is_request(message, context);
  const std::uint64_t transaction = transaction_of(is_to_server, context);
  out.say_direction(is_to_server ? Role::request : Role::response, in);
  if (!is_to_server) {
    say_response(message, transaction, in, out);
    return;
  }
  const Function* const function = find_function(message.letters);
  Text<kTargetBytesMax> target;
  write_target(target, message);
  out.say({.role = Role::request,
           .function = function != nullptr ? function->name : "",
           .code = message.letters,
           .access = function != nullptr ? function->access : Access::none,
           .target = target.text(),
           .transaction = transaction},
          in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "toshiba_t",
    .title = "Toshiba T/V series computer link",
    .over = over::kTcp | over::kUdp,
    .off_port = OffPort::strong,
    .ports = kPorts,
    .leads = kLeads,
    .functions = kFunctions,
    .write_code = write_code,
    .facts = "vendor",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::toshiba_t
