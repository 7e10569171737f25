// Follows a mail protocol until its login, its first mail or TLS.
#include "sensor/dissect/mail_session.h"

#include <algorithm>

#include "sensor/dissect/http_message.h"
#include "sensor/dissect/text_line.h"

namespace osect::dissect::mail_session {
namespace {

constexpr std::uint8_t kSeenConfidence = 95;

enum Memory : std::uint32_t {
  greeted = 1,
  over = 2,  // secrets or mail follow
  tls_asked = 4,
  encrypted = 8,
};

bool is_one_of(std::string_view command, std::span<const std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return http_message::equals_ignoring_case(command, word);
  });
}

}  // namespace

Framing frame(Cursor in, const Context& context) {
  if ((*context.memory & Memory::encrypted) != 0) return Framing::kAnotherProtocol;
  if ((*context.memory & Memory::over) != 0) return Framing(Framing::kUntilEnd, 0);
  const auto text = text_line::text_of(in);
  const std::size_t length = text_line::length(text);
  return length == 0 && text.size() > text_line::kBytesMax ? Framing(Framing::kUntilEnd, 0)
                                                           : Framing(length);
}

void dissect(Cursor in, const Context& context, Out& out, const Speech& speech,
             void (*collect_command)(std::string_view line, Collected& facts)) {
  std::uint32_t& memory = *context.memory;
  const auto line = text_line::first(text_line::text_of(in));
  Collected facts;
  if (speech.is_answer(line)) {
    out.say_direction(Role::response, in);
    if ((memory & Memory::greeted) == 0) speech.collect_greeting(line, facts);
    memory |= Memory::greeted;
    if ((memory & Memory::tls_asked) != 0) {
      memory &= ~std::uint32_t{Memory::tls_asked};
      if (speech.is_yes(line)) memory |= Memory::encrypted;
    }
    facts.say(out, in);
    return;
  }
  memory |= Memory::greeted;
  const auto command = speech.command(line);
  const bool is_login = is_one_of(command, speech.logins);
  if (is_login) facts.add(about_receiver("cleartext_login", kSeenConfidence), speech.title);
  if (is_login || is_one_of(command, speech.mails)) memory |= Memory::over;
  if (http_message::equals_ignoring_case(command, speech.starttls)) memory |= Memory::tls_asked;
  if (collect_command != nullptr) collect_command(line, facts);
  facts.say(out, in);
}

}  // namespace osect::dissect::mail_session
