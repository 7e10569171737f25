// What SMTP, POP3 and IMAP have in common: a greeting, commands in lines, a login, and TLS that
// begins on the same connection; RFC 5321, RFC 1939, RFC 9051, RFC 3207, RFC 2595.
#pragma once

#include <string_view>

#include "sensor/dissect/collected.h"

namespace osect::dissect::mail_session {

// How one of them says it.
struct Speech {
  std::string_view title;
  bool (*is_answer)(std::string_view line);
  bool (*is_yes)(std::string_view line);  // to the wish for TLS
  void (*collect_greeting)(std::string_view line, Collected& facts);
  // Of a client's line, in capitals or not: the command.
  std::string_view (*command)(std::string_view line);
  std::string_view starttls;
  // After these nothing is read any more: secrets and mail follow.
  std::span<const std::string_view> logins;
  std::span<const std::string_view> mails;
};

[[nodiscard]] Framing frame(Cursor in, const Context& context);
// A line. Facts of a client are the protocol's own: `collect_command` may be null.
void dissect(Cursor in, const Context& context, Out& out, const Speech& speech,
             void (*collect_command)(std::string_view line, Collected& facts));

}  // namespace osect::dissect::mail_session
