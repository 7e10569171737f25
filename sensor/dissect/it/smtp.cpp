// SMTP: RFC 5321, RFC 3207, RFC 4954. Names and software of both sides; no address, no mail.
#include <algorithm>

#include "sensor/dissect/http_message.h"
#include "sensor/dissect/mail_session.h"
#include "sensor/dissect/software.h"
#include "sensor/dissect/text_line.h"

namespace osect::dissect::smtp {
namespace {

constexpr std::uint16_t kPorts[] = {25, 587};
constexpr std::uint8_t kConfidence = 70;
constexpr std::uint8_t kSystemConfidence = 65;
constexpr std::uint8_t kNameConfidence = 60;
constexpr std::string_view kLogins[] = {"AUTH"};
constexpr std::string_view kMails[] = {"MAIL", "DATA", "BDAT"};
constexpr std::string_view kHello[] = {"EHLO", "HELO"};
constexpr unsigned kReady = 220;

bool is_answer(std::string_view line) {
  return text_line::reply_code(line) != 0;
}

bool is_yes(std::string_view line) {
  return text_line::reply_code(line) == kReady;
}

void add_name(Collected& facts, std::string_view name) {
  const bool is_address = name.starts_with('[');
  if (!is_address && name.find('.') != std::string_view::npos)
    facts.add_raw(about_sender("fqdn", kNameConfidence), name);
  else if (!is_address)
    facts.add_raw(about_sender("host_name", kNameConfidence), name);
}

// Without the time, which Sendmail puts behind a semicolon and Exim behind its version:
// "ESMTP Exim 4.94 Thu, 04 Mar 2021 09:42:07 +0000".
std::string_view without_time(std::string_view banner) {
  const auto end = banner.find_first_of(";,");
  const bool is_day = end != std::string_view::npos && banner[end] == ',';
  banner = banner.substr(0, end);
  return is_day ? banner.substr(0, banner.rfind(' ')) : banner;
}

// "220 mail.plant.example ESMTP Postfix (Debian/GNU)"
void collect_greeting(std::string_view line, Collected& facts) {
  if (!is_yes(line) || line.size() < 5) return;
  const auto said = line.substr(4);
  add_name(facts, text_line::word(said));
  const auto banner = text_line::behind_word(said);
  facts.add_raw(about_sender("server_software", kConfidence), without_time(banner));
  software::collect(facts, about_sender("", kSystemConfidence), banner);
}

bool is_hello(std::string_view line) {
  return std::any_of(std::begin(kHello), std::end(kHello), [&](std::string_view hello) {
    return http_message::equals_ignoring_case(text_line::word(line), hello);
  });
}

void collect_command(std::string_view line, Collected& facts) {
  if (is_hello(line)) add_name(facts, text_line::word(text_line::behind_word(line)));
}

constexpr mail_session::Speech kSpeech{.title = "SMTP",
                                       .is_answer = is_answer,
                                       .is_yes = is_yes,
                                       .collect_greeting = collect_greeting,
                                       .command = text_line::word,
                                       .starttls = "STARTTLS",
                                       .logins = kLogins,
                                       .mails = kMails};

Verdict probe(Cursor in, const Context&) {
  const auto text = text_line::text_of(in);
  if (is_yes(text)) return Verdict::yes;
  constexpr std::string_view kBeginnings[] = {"EHLO", "HELO", "220"};
  return text_line::begins_with(text, kBeginnings);
}

void dissect(Cursor in, const Context& context, Out& out) {
  mail_session::dissect(in, context, out, kSpeech, collect_command);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "smtp",
    .title = "SMTP",
    .over = over::kTcp,
    .off_port = OffPort::never,
    .ports = kPorts,
    .functions = {},
    .facts = "server_software fqdn host_name os cleartext_login",
    .probe = probe,
    .frame = mail_session::frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::smtp
