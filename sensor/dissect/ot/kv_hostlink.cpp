// KEYENCE KV host link (upper link): KV-8000/7000/5000/3000 series user's manuals, "host link
// communication".
#include <algorithm>
#include <array>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/dissector.h"

namespace osect::dissect::kv_hostlink {
namespace {

constexpr std::uint16_t kPorts[] = {8501};
constexpr std::size_t kMessageMax = 8192;
constexpr std::size_t kHead = 64;          // command and device; values are not read
constexpr std::uint64_t kTransaction = 1;  // half duplex, without a number
constexpr std::uint8_t kConfidence = 90;

constexpr std::uint32_t code_of(std::string_view letters) {
  std::uint32_t code = 0;
  for (const char c : letters.substr(0, 4)) code = code << 8 | static_cast<std::uint8_t>(c);
  return code;
}

void write_code(Writer& to, std::uint32_t code) {
  for (int shift = 24; shift >= 0; shift -= 8)
    if (const auto c = static_cast<char>(code >> shift & 0xff); c != '\0') to.put(c);
}

constexpr Function kFunctions[] = {
    {code_of("?K"), "model_query", Access::identity},
    {code_of("?E"), "error_number_check", Access::diagnostic},
    {code_of("?M"), "operating_mode_check", Access::diagnostic},
    {code_of("M0"), "mode_change_program", Access::control},
    {code_of("M1"), "mode_change_run", Access::control},
    {code_of("ER"), "error_clear", Access::config},
    {code_of("ST"), "forced_set", Access::control},
    {code_of("RS"), "forced_reset", Access::control},
    {code_of("STS"), "continuous_forced_set", Access::control},
    {code_of("RSS"), "continuous_forced_reset", Access::control},
    {code_of("RD"), "read_data", Access::read},
    {code_of("RDS"), "read_continuous_data", Access::read},
    {code_of("RDE"), "read_continuous_data_extended", Access::read},
    {code_of("WR"), "write_data", Access::write},
    {code_of("WRS"), "write_continuous_data", Access::write},
    {code_of("WRE"), "write_continuous_data_extended", Access::write},
    {code_of("WS"), "write_set_value", Access::write},
    {code_of("WSS"), "write_continuous_set_values", Access::write},
    {code_of("MBS"), "register_bit_monitor", Access::read},
    {code_of("MWS"), "register_word_monitor", Access::read},
    {code_of("MBR"), "read_bit_monitor", Access::read},
    {code_of("MWR"), "read_word_monitor", Access::read},
    {code_of("RDC"), "read_comment", Access::read},
    {code_of("BE"), "switch_file_register_bank", Access::write},
    {code_of("URD"), "read_unit_buffer", Access::read},
    {code_of("UWR"), "write_unit_buffer", Access::write},
    {code_of("WRT"), "set_time", Access::time},
};

const Function* find_function(std::string_view word) {
  if (word.empty() || word.size() > 3) return nullptr;
  const std::uint32_t code = code_of(word);
  const auto* const at = std::find_if(std::begin(kFunctions), std::end(kFunctions),
                                      [&](const Function& row) { return row.code == code; });
  return at != std::end(kFunctions) ? at : nullptr;
}

constexpr bool is_visible(char c) {
  return c > ' ' && c <= '~';
}

std::string_view text_of(const Cursor& in) {
  Cursor copy = in;
  return copy.text(copy.left());
}

// The word that begins here; the blank behind it goes too.
std::string_view take_word(std::string_view& text) {
  const std::size_t end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

// What stands before the end of the line; a line feed that still belongs to the line before is not.
std::string_view line_of(std::string_view text) {
  return text.substr(0, std::min(text.find_first_of("\r\n"), text.size()));
}

bool is_request(const Context& context) {
  return context.destination_port == kPorts[0] && context.source_port != kPorts[0];
}

Verdict probe(Cursor in, const Context& context) {
  std::string_view line = text_of(in);
  const bool is_ended = line.find('\r') != std::string_view::npos;
  line = line_of(line);
  const auto is_text = [](char c) { return is_visible(c) || c == ' '; };
  if (!is_request(context)) {
    // Values, texts, OK: nothing that proves anything.
    return line.empty() || !is_text(line[0]) ? Verdict::no : Verdict::maybe;
  }
  if (!is_ended && context.over == over::kTcp && in.left() < kMessageMax) return Verdict::maybe;
  if (!is_ended || !std::all_of(line.begin(), line.end(), is_text)) return Verdict::no;
  return find_function(take_word(line)) != nullptr ? Verdict::yes : Verdict::no;
}

// A line, which answers end with a line feed behind the carriage return.
Framing frame(Cursor in, const Context&) {
  const std::string_view text = text_of(in);
  if (text.empty()) return Framing::kNeedMore;
  if (text[0] == '\n') return {1, 0};
  const std::size_t end = text.find('\r');
  if (end == std::string_view::npos)
    return text.size() < kMessageMax ? Framing::kNeedMore : Framing::kNotAMessage;
  return {end + 1, std::min(end + 1, kHead)};
}

// Of "DM100.U 3": DM100 x3. The suffix is a number format.
void write_target(Writer& to, std::string_view word, std::string_view arguments) {
  constexpr std::string_view kDevice[] = {"ST",  "RS",  "STS", "RSS", "RD",  "RDS", "RDE", "WR",
                                          "WRS", "WRE", "WS",  "WSS", "RDC", "MBS", "MWS"};
  const bool is_counted = word.size() == 3 && word != "RDC" && word[0] != 'M';
  if (std::find(std::begin(kDevice), std::end(kDevice), word) != std::end(kDevice)) {
    const std::string_view device = take_word(arguments);
    to.printable(device.substr(0, device.find('.')));
    if (!is_counted) return;
    if (const std::string_view count = take_word(arguments); !count.empty() && count != "1")
      to.put(" x").printable(count);
  } else if (word == "URD" || word == "UWR") {
    const std::string_view unit = take_word(arguments);
    const std::string_view address = take_word(arguments);
    to.put("unit ").printable(unit).put(" buffer ");
    to.printable(address.substr(0, address.find('.')));
  }
}

std::string_view model_of(std::string_view number) {
  constexpr std::pair<std::string_view, std::string_view> kModels[] = {
      {"134", "KV-N24"}, {"133", "KV-N40"},  {"132", "KV-N60"}, {"128", "KV-NC32T"},
      {"63", "KV-X550"}, {"61", "KV-X530"},  {"60", "KV-X520"}, {"62", "KV-X500"},
      {"59", "KV-X310"}, {"58", "KV-8000A"}, {"57", "KV-8000"}, {"55", "KV-7500"},
      {"54", "KV-7300"}, {"53", "KV-5500"},  {"52", "KV-5000"}, {"51", "KV-3000"},
      {"50", "KV-1000"}, {"49", "KV-700"},   {"48", "KV-700"}};
  for (const auto& [code, name] : kModels)
    if (code == number) return name;
  return "";
}

bool is_refusal(std::string_view line) {
  return line.size() == 2 && line[0] == 'E' && line[1] >= '0' && line[1] <= '9';
}

void say_response(std::string_view line, const Cursor& in, Out& out) {
  const auto asked = out.asked(kTransaction);
  if (!asked) return;
  const bool is_error = is_refusal(line);
  Collected facts;
  if (!is_error && asked->code == "?K") {
    facts.add(about_sender("vendor", 80), "KEYENCE");
    facts.add(about_sender("model", kConfidence), model_of(line));
    facts.add_raw(about_sender("model_code", kConfidence), line.substr(0, 4));
  } else if (!is_error && asked->code == "?M") {
    facts.add(about_sender("cpu_mode", kConfidence), line == "1"   ? "RUN"
                                                     : line == "0" ? "PROGRAM"
                                                                   : "");
  }
  facts.say(out, in);
  Operation said;
  said.role = Role::response;
  said.is_error = is_error;
  said.transaction = kTransaction;
  out.say(said, in);
}

void dissect(Cursor in, const Context& context, Out& out) {
  std::string_view line = line_of(in.text(in.left()));
  if (!is_request(context)) {
    out.say_direction(Role::response, in);
    say_response(line, in, out);
    return;
  }
  const std::string_view word = take_word(line);
  const Function* function = find_function(word);
  in.expect(function != nullptr);
  Text<kTargetBytesMax> target;
  if (function != nullptr) write_target(target, word, line);
  out.say_direction(Role::request, in);
  out.say({.role = Role::request,
           .function = function != nullptr ? function->name : "",
           .code = word,
           .access = function != nullptr ? function->access : Access::none,
           .target = target.text(),
           .transaction = kTransaction},
          in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "kv_hostlink",
    .title = "KEYENCE KV host link",
    .over = over::kTcp | over::kUdp,
    .off_port = OffPort::never,
    .ports = kPorts,
    .functions = kFunctions,
    .write_code = write_code,
    .facts = "vendor model model_code cpu_mode",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::kv_hostlink
