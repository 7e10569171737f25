// How Yokogawa recorders (DX, CX, MV, µR, GM/GX) are found: the instrument information server of IM
// 04L41B01-17E, clause 3.12, and IM 04L31A01-17E, clauses 6.15 and 7.4.
#include <algorithm>

#include "sensor/dissect/collected.h"

namespace osect::dissect::yokogawa_recorder {
namespace {

constexpr std::uint16_t kPorts[] = {34264};
constexpr std::size_t kRequestMax = 128;
constexpr std::uint8_t kConfidence = 90;
constexpr std::string_view kCode = "information";

constexpr Function kFunctions[] = {{1, "instrument_information", Access::identity}};

void write_code(Writer& to, std::uint32_t) {
  to.put(kCode);
}

constexpr std::string_view kBlanks = " \t\r\n";

std::string_view text_of(const Cursor& in) {
  Cursor copy = in;
  return copy.text(copy.left());
}

std::string_view take_word(std::string_view& text) {
  const std::size_t begin = std::min(text.find_first_not_of(kBlanks), text.size());
  text.remove_prefix(begin);
  const std::string_view word = text.substr(0, std::min(text.find_first_of(kBlanks), text.size()));
  text.remove_prefix(word.size());
  return word;
}

bool is_word(std::string_view word, std::string_view known) {
  return std::equal(word.begin(), word.end(), known.begin(), known.end(), [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? a + ('a' - 'A') : a) == b;
  });
}

// What is asked for, in any order.
bool is_request(std::string_view text) {
  constexpr std::string_view kParameters[] = {"serial", "host", "ip", "model", "all"};
  if (text.size() > kRequestMax) return false;
  std::size_t words = 0;
  for (std::string_view word = take_word(text); !word.empty(); word = take_word(text), ++words)
    if (std::none_of(std::begin(kParameters), std::end(kParameters),
                     [&](std::string_view known) { return is_word(word, known); }))
      return false;
  return words > 0;
}

// Lines between "EA" and "EN", as with everything that these recorders answer.
bool is_response(std::string_view text) {
  return text.starts_with("EA\r\n") && text.ends_with("EN\r\n");
}

Verdict probe(Cursor in, const Context&) {
  const std::string_view text = text_of(in);
  return is_response(text) || is_request(text) ? Verdict::yes : Verdict::no;
}

// "YOKOGAWA,CX2000,1.01"
void read_model(std::string_view value, Collected& facts) {
  for (const std::string_view attribute : {"vendor", "model", "firmware"}) {
    const std::size_t end = std::min(value.find(','), value.size());
    facts.add_raw(about_sender(attribute, kConfidence), value.substr(0, end));
    value.remove_prefix(std::min(end + 1, value.size()));
  }
}

void read_line(std::string_view line, Collected& facts) {
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos) return;
  const std::string_view name = trimmed(line.substr(0, equals));
  const std::string_view value = trimmed(line.substr(equals + 1));
  if (is_word(name, "serial"))
    facts.add_raw(about_sender("serial", kConfidence), value);
  else if (is_word(name, "host"))
    facts.add_raw(about_sender("host_name", kConfidence), value);
  else if (is_word(name, "ip"))
    facts.add_raw(about_sender("ip", kConfidence), value);
  else if (is_word(name, "model"))
    read_model(value, facts);
}

void dissect(Cursor in, const Context&, Out& out) {
  std::string_view text = in.text(in.left());
  const Role role = text.starts_with("EA") ? Role::response : Role::request;
  in.expect(role == Role::response ? is_response(text) : is_request(text));
  Collected facts;
  while (role == Role::response && in.is_good() && !text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1);
    read_line(text.substr(0, end), facts);
    text.remove_prefix(end + 1);
  }
  out.say_direction(role, in);
  facts.say(out, in);
  out.say({.role = role,
           .function = kFunctions[0].name,
           .code = kCode,
           .access = kFunctions[0].access,
           .target = ""},
          in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "yokogawa_recorder",
    .title = "Yokogawa recorder search",
    .over = over::kUdp,
    .off_port = OffPort::never,
    .ports = kPorts,
    .functions = kFunctions,
    .write_code = write_code,
    .facts = "serial host_name ip vendor model firmware",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::yokogawa_recorder
