// Lines that end with CRLF, as FTP, SMTP, POP3 and IMAP share them; RFC 959 clause 5.3, RFC 5321
// clause 2.3.8.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "sensor/dissect/dissector.h"

namespace osect::dissect::text_line {

// No line of these protocols is longer; what is, is none.
constexpr std::size_t kBytesMax = 2048;

[[nodiscard]] inline std::string_view text_of(decode::Cursor in) {
  return in.text(in.left());
}

// The first line's length with its end; 0 when that is not here yet.
[[nodiscard]] std::size_t length(std::string_view text);
// The first line without its end.
[[nodiscard]] std::string_view first(std::string_view text);
// The first word of a line, and what follows it without the blanks between.
[[nodiscard]] std::string_view word(std::string_view line);
[[nodiscard]] std::string_view behind_word(std::string_view line);

// Three digits and a blank or hyphen: the reply code of a server; 0 when this is none.
[[nodiscard]] unsigned reply_code(std::string_view text);
// The length of a reply, whose last line repeats its code before a blank; 0 when more is needed.
[[nodiscard]] std::size_t reply_length(std::string_view text);

// Does the text begin with one of the words, in capitals or not, and a blank or the line's end
// behind it? `maybe` while that can still become so.
[[nodiscard]] Verdict begins_with(std::string_view text, std::span<const std::string_view> words);

// Up to four letters as one number, in capitals: what functions of such protocols are found by.
[[nodiscard]] constexpr std::uint32_t code_of(std::string_view letters) {
  std::uint32_t code = 0;
  for (const char c : letters.substr(0, 4)) {
    const bool is_small = c >= 'a' && c <= 'z';
    code = code << 8 | static_cast<std::uint8_t>(is_small ? c - 'a' + 'A' : c);
  }
  return code;
}

}  // namespace osect::dissect::text_line
