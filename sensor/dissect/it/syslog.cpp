// Syslog: RFC 5424 clause 6, RFC 3164 clause 4. Who wrote it, host and program; not what it says.
#include <algorithm>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/text_line.h"

namespace osect::dissect::syslog {
namespace {

constexpr std::uint16_t kPorts[] = {514};
constexpr std::uint8_t kConfidence = 60;  // relays pass on what others wrote
constexpr std::size_t kNameMax = 255;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// "<165>": the length of the priority; 0 when there is none.
std::size_t priority_length(std::string_view text) {
  const auto end = text.substr(0, 5).find('>');
  if (!text.starts_with('<') || end == std::string_view::npos || end < 2) return 0;
  const auto digits = text.substr(1, end - 1);
  return std::all_of(digits.begin(), digits.end(), is_digit) ? end + 1 : 0;
}

Verdict probe(Cursor in, const Context&) {
  return priority_length(in.text(in.left())) > 0 ? Verdict::yes : Verdict::no;
}

// "Apr  5 12:56:51 ": the length of the time of RFC 3164; 0 when there is none.
std::size_t time_length(std::string_view text) {
  constexpr std::size_t kBytes = 16;
  return text.size() > kBytes && text[3] == ' ' && text[6] == ' ' && text[9] == ':' &&
                 text[12] == ':' && text[15] == ' '
             ? kBytes
             : 0;
}

void add(std::string_view attribute, std::string_view value, Collected& facts) {
  if (value != "-" && value.size() <= kNameMax)
    facts.add_raw(about_sender(attribute, kConfidence), value);
}

// A program's name with its process behind it, "sshd[4711]:".
std::string_view program_of(std::string_view word) {
  return word.substr(0, word.find_first_of("[:"));
}

void collect(std::string_view text, Collected& facts) {
  if (text.starts_with("1 ")) {
    const auto host = text_line::behind_word(text_line::behind_word(text));
    add("host_name", text_line::word(host), facts);
    add("application_name", text_line::word(text_line::behind_word(host)), facts);
  } else if (const std::size_t time = time_length(text); time > 0) {
    const auto first = text_line::word(text.substr(time));
    // Some leave their name out: then the program stands first.
    const bool has_host = first.find_first_of("[:") == std::string_view::npos;
    if (has_host) add("host_name", first, facts);
    const auto program =
        has_host ? text_line::word(text_line::behind_word(text.substr(time))) : first;
    if (program.ends_with(':')) add("application_name", program_of(program), facts);
  }
}

void dissect(Cursor in, const Context& context, Out& out) {
  auto text = in.text(in.left());
  text.remove_prefix(priority_length(text));
  Collected facts;
  // Of a message that was cut, a name may be half a name.
  if (context.is_whole) collect(text, facts);
  facts.say(out, in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "syslog",
    .title = "Syslog",
    .over = over::kUdp,
    .off_port = OffPort::never,
    .ports = kPorts,
    .functions = {},
    .facts = "host_name application_name",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::syslog
