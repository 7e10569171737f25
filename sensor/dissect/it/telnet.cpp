// Telnet: RFC 854, RFC 855. What a server shows before its login prompt, and that it takes
// passwords in the clear; nothing that anybody types.
#include <algorithm>
#include <array>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/http_message.h"
#include "sensor/dissect/software.h"
#include "sensor/dissect/text_line.h"

namespace osect::dissect::telnet {
namespace {

constexpr std::uint16_t kPorts[] = {23, 2323};
constexpr std::uint8_t kConfidence = 70;
constexpr std::uint8_t kSystemConfidence = 65;
constexpr std::uint8_t kSeenConfidence = 90;
constexpr std::size_t kPromptWithin = 1024;  // bytes in which a prompt is looked for

constexpr std::uint8_t kIac = 255;
constexpr std::uint8_t kSubnegotiation = 250;
constexpr std::uint8_t kSubnegotiationEnd = 240;
constexpr std::uint8_t kWill = 251;
constexpr std::uint8_t kDont = 254;

// In small letters; how a server asks who is there.
constexpr auto kPrompts =
    std::to_array<std::string_view>({"login:", "username:", "user name:", "user:", "password:"});
constexpr std::string_view kPassword = "password:";

enum Memory : std::uint32_t {
  name_asked = 1,      // what follows may hold what was typed
  password_asked = 2,  // there is nothing more to learn
};

// The length up to and with the first prompt; 0 when there is none.
std::size_t prompt_end(std::string_view text) {
  for (std::size_t at = text.find(':'); at != std::string_view::npos; at = text.find(':', at + 1)) {
    const auto before = text.substr(0, at + 1);
    for (const auto prompt : kPrompts)
      if (before.size() >= prompt.size() &&
          http_message::equals_ignoring_case(before.substr(before.size() - prompt.size()), prompt))
        return before.size();
  }
  return 0;
}

Verdict probe(Cursor in, const Context&) {
  if (in.peek() == kIac) {
    if (in.left() < 2) return Verdict::maybe;
    return in.peek(1) >= kSubnegotiation && in.peek(1) <= kDont ? Verdict::yes : Verdict::no;
  }
  return prompt_end(text_line::text_of(in).substr(0, kPromptWithin)) > 0 ? Verdict::yes
                                                                         : Verdict::no;
}

// A server's message ends with a prompt; what clients send is passed over.
Framing frame(Cursor in, const Context& context) {
  if (context.is_to_server || (*context.memory & Memory::password_asked) != 0)
    return Framing(Framing::kUntilEnd, 0);
  const auto text = text_line::text_of(in).substr(0, kPromptWithin);
  if (const std::size_t end = prompt_end(text); end > 0) return end;
  return text.size() == kPromptWithin ? Framing(Framing::kUntilEnd, 0)
                                      : Framing(Framing::kNeedMore);
}

// The text without the commands in it, each run of blanks and line ends as one blank.
void write_shown(Writer& to, Cursor in) {
  bool is_blank = true;
  while (in.left() > 0) {
    const std::uint8_t byte = in.u8();
    if (byte != kIac) {
      const auto c = static_cast<char>(byte);
      const bool is_gap = byte <= ' ';
      if (!is_gap) to.printable(std::string_view(&c, 1));
      if (is_gap && !is_blank) to.put(' ');
      is_blank = is_gap;
      continue;
    }
    const std::uint8_t command = in.u8();
    if (command >= kWill && command <= kDont) in.skip(1);
    if (command != kSubnegotiation) continue;
    while (in.left() > 0 && !(in.u8() == kIac && in.peek() == kSubnegotiationEnd)) {
    }
    in.skip(std::min<std::size_t>(1, in.left()));
  }
}

void dissect(Cursor in, const Context& context, Out& out) {
  std::uint32_t& memory = *context.memory;
  const bool is_negotiated = in.peek() == kIac;
  const auto text = text_line::text_of(in);
  const bool is_password =
      text.size() >= kPassword.size() &&
      http_message::equals_ignoring_case(text.substr(text.size() - kPassword.size()), kPassword);
  Collected facts;
  // Where no options are settled first, what stands before a prompt may be what somebody typed.
  if ((memory & Memory::name_asked) == 0 && is_negotiated) {
    Text<kPromptWithin> shown;
    write_shown(shown, in);
    facts.add_raw(about_sender("server_software", kConfidence), shown.text());
    software::collect(facts, about_sender("", kSystemConfidence), shown.text());
  }
  memory |= is_password ? Memory::password_asked : Memory::name_asked;
  if (is_password) facts.add(about_sender("cleartext_login", kSeenConfidence), "Telnet");
  facts.say(out, in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "telnet",
    .title = "Telnet",
    .over = over::kTcp,
    .off_port = OffPort::never,
    .ports = kPorts,
    .functions = {},
    .facts = "server_software os vendor cleartext_login",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::telnet
