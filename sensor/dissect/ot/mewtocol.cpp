// Panasonic MEWTOCOL-COM and MEWTOCOL7-COM: AFP7CPS manuals (FP7), ARCT1F320 (MEWTOCOL).
#include <algorithm>
#include <utility>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/dissector.h"

namespace osect::dissect::mewtocol {
namespace {

constexpr std::uint16_t kPorts[] = {9094, 8500, 32769};
constexpr std::size_t kMessageMax = 4096;
constexpr std::size_t kHead = 96;  // the command, what it names, identities; values are not read
constexpr std::size_t kHeadBytes = 4;   // "%01#"
constexpr std::size_t kSealBytes = 3;   // block check and end
constexpr std::size_t kHeadBytes7 = 8;  // ">@001" "01" "#"
constexpr std::size_t kNameBytes7 = 6;  // "00MMRD"
constexpr std::uint8_t kEnd = '\r';
constexpr std::uint8_t kConfidence = 90;

constexpr Lead kLeads[] = {
    {0, {'%', '<', '>'}},
    {1, {'@', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'}},
    {2, {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'}},
};

constexpr std::uint32_t code_of(std::string_view letters) {
  std::uint32_t code = 0;
  for (const char c : letters) code = code << 8 | static_cast<std::uint8_t>(c);
  return code;
}

void write_code(Writer& to, std::uint32_t code) {
  for (int shift = 24; shift >= 0; shift -= 8)
    if (const auto c = static_cast<char>(code >> shift & 0xff); c != '\0') to.put(c);
}

constexpr Function kFunctions[] = {
    {code_of("RC"), "read_contact_area", Access::read},
    {code_of("WC"), "write_contact_area", Access::write},
    {code_of("RD"), "read_data_area", Access::read},
    {code_of("WD"), "write_data_area", Access::write},
    {code_of("RS"), "read_timer_counter_set_value", Access::read},
    {code_of("WS"), "write_timer_counter_set_value", Access::write},
    {code_of("RK"), "read_timer_counter_elapsed_value", Access::read},
    {code_of("WK"), "write_timer_counter_elapsed_value", Access::write},
    {code_of("SC"), "fill_contact_area", Access::write},
    {code_of("SD"), "fill_data_area", Access::write},
    {code_of("MC"), "register_contacts_monitored", Access::read},
    {code_of("MD"), "register_data_monitored", Access::read},
    {code_of("MG"), "monitor", Access::read},
    {code_of("RR"), "read_system_register", Access::read},
    {code_of("WR"), "write_system_register", Access::config},
    {code_of("RT"), "read_status", Access::identity},
    {code_of("EX"), "extended_command", Access::identity},
    {code_of("RP"), "read_program", Access::program},
    {code_of("WP"), "write_program", Access::program},
    {code_of("RM"), "remote_control", Access::control},
    {code_of("AB"), "abort", Access::session},
    {code_of("MMRD"), "memory_read", Access::read},
    {code_of("MMWT"), "memory_write", Access::write},
    {code_of("STRD"), "status_read", Access::identity},
};

const Function* find_function(std::string_view letters) {
  const std::uint32_t code = code_of(letters);
  const auto* const at = std::find_if(std::begin(kFunctions), std::end(kFunctions),
                                      [&](const Function& row) { return row.code == code; });
  return at != std::end(kFunctions) ? at : nullptr;
}

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr bool is_hexadecimal(char c) {
  return is_digit(c) || (c >= 'A' && c <= 'F');
}

template <typename Is>
bool all(std::string_view text, Is&& is) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is);
}

struct Message {
  bool is_sound = false;
  bool is_seven = false;
  char kind = '\0';  // '#' asks, '$' answers, '!' refuses
  std::string_view station;
  std::string_view number;   // of the frame, in MEWTOCOL7
  std::string_view letters;  // of the command; none in a refusal
  std::string_view data;     // behind them, with the block check
};

// The beginning of a message, whose end need not be there.
Message read_message(std::string_view text) {
  Message message;
  const auto is_command = [](char c) { return c >= 'A' && c <= 'Z'; };
  message.is_seven = text.substr(0, 2) == ">@";
  const std::size_t head = message.is_seven ? kHeadBytes7 : kHeadBytes;
  if (text.size() < head + 2) return message;
  message.station = message.is_seven ? text.substr(2, 3) : text.substr(1, 2);
  if (message.is_seven) message.number = text.substr(5, 2);
  message.kind = text[head - 1];
  std::string_view rest = text.substr(head);
  const bool is_begin = message.is_seven || text[0] == '%' || text[0] == '<';
  message.is_sound = is_begin && all(message.station, is_hexadecimal) &&
                     (!message.is_seven || all(message.number, is_hexadecimal));
  if (message.kind == '!') {
    message.is_sound = message.is_sound && all(rest.substr(0, 2), is_hexadecimal);
  } else if (message.kind == '#' || message.kind == '$') {
    if (message.is_seven) {
      message.is_sound =
          message.is_sound && rest.size() >= kNameBytes7 && all(rest.substr(0, 2), is_hexadecimal);
      rest.remove_prefix(std::min<std::size_t>(rest.size(), 2));
    }
    message.letters = rest.substr(0, message.is_seven ? 4 : 2);
    message.data = rest.substr(message.letters.size());
    message.is_sound = message.is_sound && all(message.letters, is_command);
  } else {
    message.is_sound = false;
  }
  return message;
}

std::string_view text_of(const Cursor& in) {
  Cursor copy = in;
  return copy.text(copy.left());
}

// The exclusive or of all before it in two digits, or "**" where nobody checks.
bool is_sealed(std::string_view whole) {
  if (whole.size() < kHeadBytes + kSealBytes) return false;
  const std::string_view seal = whole.substr(whole.size() - kSealBytes, 2);
  if (seal == "**") return true;
  std::uint8_t sum = 0;
  for (const char c : whole.substr(0, whole.size() - kSealBytes))
    sum = static_cast<std::uint8_t>(sum ^ static_cast<std::uint8_t>(c));
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  return seal[0] == kDigits[sum >> 4U] && seal[1] == kDigits[sum & 0xfU];
}

Verdict probe(Cursor in, const Context& context) {
  const std::string_view text = text_of(in);
  const std::size_t end = text.find(static_cast<char>(kEnd));
  if (end == std::string_view::npos) {
    const bool is_begin = !text.empty() && kLeads[0].bytes.has(in.peek());
    return is_begin && context.over == over::kTcp && text.size() < kMessageMax ? Verdict::maybe
                                                                               : Verdict::no;
  }
  if (context.over == over::kUdp && end + 1 != text.size()) return Verdict::no;
  const std::string_view whole = text.substr(0, end + 1);
  const Message message = read_message(whole);
  if (!message.is_sound || (!message.is_seven && !is_sealed(whole))) return Verdict::no;
  if (message.kind != '!' && find_function(message.letters) == nullptr)
    return context.is_usual_port ? Verdict::maybe : Verdict::no;
  return Verdict::yes;
}

Framing frame(Cursor in, const Context&) {
  if (in.left() == 0) return Framing::kNeedMore;
  if (!kLeads[0].bytes.has(in.peek())) return Framing::kNotAMessage;
  const std::size_t end = text_of(in).find(static_cast<char>(kEnd));
  if (end == std::string_view::npos)
    return in.left() < kMessageMax ? Framing::kNeedMore : Framing::kNotAMessage;
  return {end + 1, std::min(end + 1, kHead)};
}

// A number without the zeros that fill its places.
std::string_view unfilled(std::string_view digits) {
  const std::size_t at = digits.find_first_not_of('0');
  return at == std::string_view::npos ? digits.substr(0, digits.empty() ? 0 : 1)
                                      : digits.substr(at);
}

// Two numbers of so many places.
void write_range(Writer& to, std::string_view name, std::string_view digits, std::size_t places) {
  if (digits.size() < 2 * places || !all(digits.substr(0, 2 * places), is_hexadecimal)) return;
  const std::string_view first = digits.substr(0, places);
  const std::string_view last = digits.substr(places, places);
  to.put(name).put(unfilled(first));
  if (first != last) to.put("..").put(name).put(unfilled(last));
}

std::string_view data_area(char code) {
  return code == 'D' ? "DT" : code == 'L' ? "LD" : code == 'F' ? "FL" : "";
}

std::string_view word_area(char code) {
  switch (code) {
    case 'X':
      return "WX";
    case 'Y':
      return "WY";
    case 'R':
      return "WR";
    case 'L':
      return "WL";
    case 'T':
      return "T";
    case 'C':
      return "C";
    default:
      return "";
  }
}

// One contact, several or words of contacts; in a write a digit of value follows each of several.
void write_contacts(Writer& to, std::string_view data, bool is_write) {
  const std::size_t contact_bytes = is_write ? 6 : 5;
  constexpr std::size_t kNamedMax = 3;
  if (data[0] == 'C' && data.size() > 1) {
    if (const std::string_view area = word_area(data[1]); !area.empty())
      write_range(to, area, data.substr(2), 4);
    return;
  }
  const bool is_list = data[0] == 'P' && data.size() > 1 && is_digit(data[1]);
  if (!is_list && data[0] != 'S') return;
  const std::size_t total = is_list ? static_cast<std::size_t>(data[1] - '0') : 1;
  data.remove_prefix(is_list ? 2 : 1);
  for (std::size_t i = 0; i < total && i < kNamedMax && data.size() >= contact_bytes; ++i) {
    if (word_area(data[0]).empty() || !all(data.substr(1, 4), is_hexadecimal)) return;
    to.put(i > 0 ? ", " : "").put(data[0]).put(unfilled(data.substr(1, 4)));
    data.remove_prefix(contact_bytes);
  }
  if (total > kNamedMax) to.put(" +").decimal(total - kNamedMax);
}

void write_named(Writer& to, std::string_view letters, std::string_view data) {
  if (data.empty()) return;
  if (letters == "RD" || letters == "WD" || letters == "SD") {
    if (const std::string_view area = data_area(data[0]); !area.empty())
      write_range(to, area, data.substr(1), 5);
    else if (data[0] == 'I' && data.size() > 1 && (data[1] == 'X' || data[1] == 'Y'))
      to.put(data.substr(0, 2));
  } else if (letters == "RC" || letters == "WC") {
    write_contacts(to, data, letters == "WC" && data[0] == 'P');
  } else if (letters == "SC") {
    if (const std::string_view area = word_area(data[0]); !area.empty())
      write_range(to, area, data.substr(1), 4);
  } else if (letters == "RS" || letters == "WS") {
    write_range(to, "SV", data, 4);
  } else if (letters == "RK" || letters == "WK") {
    write_range(to, "EV", data, 4);
  } else if (letters == "RR" || letters == "WR") {
    write_range(to.put("system register "), "", data.substr(1), 3);
  } else if (letters == "RM") {
    to.put(data[0] == 'R' ? "mode RUN" : data[0] == 'P' ? "mode PROG" : "");
  }
}

std::uint8_t hexadecimal(std::string_view two) {
  const auto digit = [](char c) { return is_digit(c) ? c - '0' : c - 'A' + 10; };
  return static_cast<std::uint8_t>(digit(two[0]) << 4 | digit(two[1]));
}

// Families by the machine type that EX00RT tells.
std::string_view family_of(std::uint8_t type) {
  if (type == 0x72 || type == 0x75 || type == 0x7f) return "FP-X0";
  if (type >= 0x70 && type <= 0x7a) return "FP-X";
  if (type >= 0xa0 && type <= 0xaf) return "FP-XH";
  if (type == 0xb0 || type == 0xb1) return "FP0H";
  if (type >= 0x46 && type <= 0x49) return "FP0R";
  if (type == 0x43 || type == 0x44 || type == 0xe1) return "FP-Sigma";
  if (type == 0x50) return "FP2";
  if (type == 0x60 || type == 0x62) return "FP2SH";
  if (type >= 0x40 && type <= 0x42) return "FP0";
  return "";
}

std::string_view fp7_of(std::string_view type) {
  constexpr std::pair<std::string_view, std::string_view> kModels[] = {
      {"03", "FP7 CPS41E"},  {"04", "FP7 CPS31E"}, {"05", "FP7 CPS31"}, {"06", "FP7 CPS41ES"},
      {"07", "FP7 CPS31ES"}, {"08", "FP7 CPS31S"}, {"09", "FP7 CPS21"}, {"10", "ELC500"}};
  for (const auto& [code, name] : kModels)
    if (code == type) return name;
  return "";
}

// STRD: "00", series, model, versions.
void read_status(std::string_view data, Collected& facts) {
  if (data.size() < 10 || data.substr(0, 4) != "0007" || !all(data.substr(4, 6), is_digit)) return;
  facts.add(about_sender("vendor", 80), "Panasonic");
  facts.add(about_sender("model", 80), fp7_of(data.substr(4, 2)));
  const std::string_view version = data.substr(6, 4);
  facts.add_text(about_sender("firmware", 80), [&](Writer& to) {
    to.put(unfilled(version.substr(0, 2))).put('.').put(version.substr(2));
  });
}

void read_identity(const Message& message, Collected& facts) {
  constexpr std::string_view kStatus = "00RT";
  const std::string_view data = message.data;
  if (message.letters == "STRD") return read_status(data, facts);
  if (message.letters == "RT" && data.size() >= 8 && all(data.substr(0, 8), is_hexadecimal)) {
    facts.add(about_sender("vendor", 80), "Panasonic");
    facts.add_text(about_sender("model_code", kConfidence),
                   [&](Writer& to) { to.put("0x").hex(hexadecimal(data), 2); });
    facts.add_text(about_sender("firmware", kConfidence),
                   [&](Writer& to) { to.put(data[2]).put('.').put(data[3]); });
    const bool is_running = (hexadecimal(data.substr(6)) & 1) != 0;
    facts.add(about_sender("cpu_mode", kConfidence), is_running ? "RUN" : "PROG");
  } else if (message.letters == "EX" && data.substr(0, 4) == kStatus && data.size() >= 10 &&
             all(data.substr(4, 6), is_hexadecimal)) {
    facts.add(about_sender("vendor", 80), "Panasonic");
    facts.add(about_sender("model", 80), family_of(hexadecimal(data.substr(8))));
  }
}

// Frames of MEWTOCOL7 are numbered. MEWTOCOL-COM is half duplex: an answer repeats its command, a
// refusal is to the last one.
std::uint64_t transaction_of(const Message& message, const Context& context) {
  if (message.number.size() == 2) return hexadecimal(message.number);
  constexpr std::uint64_t kByCommand = std::uint64_t{1} << 32;
  if (context.memory == nullptr) return kByCommand | code_of(message.letters);
  if (message.kind == '#') *context.memory = code_of(message.letters);
  return kByCommand | (message.kind == '!' ? *context.memory : code_of(message.letters));
}

void dissect(Cursor in, const Context& context, Out& out) {
  const Message message = read_message(in.text(in.left()));
  in.expect(message.is_sound);
  const bool is_request = message.kind == '#';
  const std::uint64_t transaction = transaction_of(message, context);
  out.say_direction(is_request ? Role::request : Role::response, in);
  if (message.kind == '!' && !out.asked(transaction)) return;

  Collected facts;
  Text<kTargetBytesMax> target;
  if (is_request) {
    if (message.station != "EE") target.put("station ").put(unfilled(message.station)).put(' ');
    if (!message.is_seven) write_named(target, message.letters, message.data);
  } else if (in.is_good()) {
    read_identity(message, facts);
  }
  const Function* function = find_function(message.letters);
  facts.say(out, in);
  out.say({.role = is_request ? Role::request : Role::response,
           .function = function != nullptr ? function->name : "",
           .code = message.letters,
           .access = function != nullptr ? function->access : Access::none,
           .target = trimmed(target.text()),
           .is_error = message.kind == '!',
           .transaction = transaction},
          in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "mewtocol",
    .title = "Panasonic MEWTOCOL",
    .over = over::kTcp | over::kUdp,
    .off_port = OffPort::weak,
    .ports = kPorts,
    .leads = kLeads,
    .functions = kFunctions,
    .write_code = write_code,
    .facts = "vendor model model_code firmware cpu_mode",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::mewtocol
