// POP3: RFC 1939, RFC 2449, RFC 2595. The server's greeting and its login; no name, no mail.
#include "sensor/dissect/mail_session.h"
#include "sensor/dissect/software.h"
#include "sensor/dissect/text_line.h"

namespace osect::dissect::pop3 {
namespace {

constexpr std::uint16_t kPorts[] = {110};
constexpr std::uint8_t kConfidence = 70;
constexpr std::uint8_t kSystemConfidence = 65;
constexpr std::string_view kLogins[] = {"PASS", "AUTH"};
constexpr std::string_view kMails[] = {"APOP"};

bool is_yes(std::string_view line) {
  return line.starts_with("+OK");
}

bool is_answer(std::string_view line) {
  return is_yes(line) || line.starts_with("-ERR");
}

// A timestamp in angle brackets differs every time (RFC 1939 clause 7, APOP).
void collect_greeting(std::string_view line, Collected& facts) {
  if (!is_yes(line)) return;
  const auto banner = text_line::behind_word(line.substr(0, line.find('<')));
  facts.add_raw(about_sender("server_software", kConfidence), banner);
  software::collect(facts, about_sender("", kSystemConfidence), banner);
}

constexpr mail_session::Speech kSpeech{.title = "POP3",
                                       .is_answer = is_answer,
                                       .is_yes = is_yes,
                                       .collect_greeting = collect_greeting,
                                       .command = text_line::word,
                                       .starttls = "STLS",
                                       .logins = kLogins,
                                       .mails = kMails};

Verdict probe(Cursor in, const Context&) {
  constexpr std::string_view kBeginnings[] = {"+OK",  "-ERR", "CAPA", "USER",
                                              "APOP", "AUTH", "STLS"};
  return text_line::begins_with(text_line::text_of(in), kBeginnings);
}

void dissect(Cursor in, const Context& context, Out& out) {
  mail_session::dissect(in, context, out, kSpeech, nullptr);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "pop3",
    .title = "POP3",
    .over = over::kTcp,
    .off_port = OffPort::never,
    .ports = kPorts,
    .functions = {},
    .facts = "server_software os cleartext_login",
    .probe = probe,
    .frame = mail_session::frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::pop3
