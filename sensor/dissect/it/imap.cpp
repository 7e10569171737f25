// IMAP: RFC 9051, RFC 3501. The server's greeting and its login; no name, no mail.
#include <algorithm>

#include "sensor/dissect/mail_session.h"
#include "sensor/dissect/software.h"
#include "sensor/dissect/text_line.h"

namespace osect::dissect::imap {
namespace {

constexpr std::uint16_t kPorts[] = {143};
constexpr std::uint8_t kConfidence = 70;
constexpr std::uint8_t kSystemConfidence = 65;
constexpr std::string_view kLogins[] = {"LOGIN", "AUTHENTICATE"};
constexpr std::string_view kMails[] = {"SELECT", "EXAMINE", "APPEND"};

// Behind the tag: a condition of an answer, a command of a client.
std::string_view condition(std::string_view line) {
  return text_line::word(text_line::behind_word(line));
}

bool is_yes(std::string_view line) {
  return condition(line) == "OK";
}

bool is_answer(std::string_view line) {
  const auto word = condition(line);
  return line.starts_with("* ") || word == "OK" || word == "NO" || word == "BAD";
}

// "* OK [CAPABILITY IMAP4rev1] Dovecot ready."
void collect_greeting(std::string_view line, Collected& facts) {
  if (!line.starts_with("* OK")) return;
  auto banner = text_line::behind_word(text_line::behind_word(line));
  if (const auto end = banner.find(']'); banner.starts_with('[') && end != std::string_view::npos)
    banner.remove_prefix(end + 1);
  facts.add_raw(about_sender("server_software", kConfidence), banner);
  software::collect(facts, about_sender("", kSystemConfidence), banner);
}

constexpr mail_session::Speech kSpeech{.title = "IMAP",
                                       .is_answer = is_answer,
                                       .is_yes = is_yes,
                                       .collect_greeting = collect_greeting,
                                       .command = condition,
                                       .starttls = "STARTTLS",
                                       .logins = kLogins,
                                       .mails = kMails};

Verdict probe(Cursor in, const Context&) {
  constexpr std::string_view kGreetings[] = {"OK", "PREAUTH", "BYE"};
  constexpr std::string_view kCommands[] = {"CAPABILITY", "LOGIN",  "AUTHENTICATE", "STARTTLS",
                                            "ID",         "LOGOUT", "NOOP"};
  constexpr std::size_t kTagBytesMax = 16;
  const auto text = text_line::text_of(in);
  const auto tag = text_line::word(text);
  const bool is_tag = std::all_of(tag.begin(), tag.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '*';
  });
  if (!is_tag || tag.size() > kTagBytesMax) return Verdict::no;
  if (tag.size() == text.size()) return Verdict::maybe;
  if (tag == "*") return text_line::begins_with(text.substr(2), kGreetings);
  return text_line::begins_with(text.substr(tag.size() + 1), kCommands);
}

void dissect(Cursor in, const Context& context, Out& out) {
  mail_session::dissect(in, context, out, kSpeech, nullptr);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "imap",
    .title = "IMAP",
    .over = over::kTcp,
    .off_port = OffPort::never,
    .ports = kPorts,
    .functions = {},
    .facts = "server_software os cleartext_login",
    .probe = probe,
    .frame = mail_session::frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::imap
