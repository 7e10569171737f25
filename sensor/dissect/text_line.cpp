// Finds lines and replies in the text protocols of the Internet; RFC 959 clause 4.2.
#include "sensor/dissect/text_line.h"

#include <algorithm>

#include "sensor/dissect/http_message.h"

namespace osect::dissect::text_line {
namespace {

constexpr std::size_t kCodeDigits = 3;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

std::size_t length(std::string_view text) {
  const auto end = text.find('\n');
  return end == std::string_view::npos ? 0 : end + 1;
}

std::string_view first(std::string_view text) {
  const auto line = text.substr(0, text.find('\n'));
  return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

std::string_view word(std::string_view line) {
  return line.substr(0, line.find(' '));
}

std::string_view behind_word(std::string_view line) {
  const auto blank = line.find(' ');
  if (blank == std::string_view::npos) return {};
  const auto begin = line.find_first_not_of(' ', blank);
  return begin == std::string_view::npos ? std::string_view{} : line.substr(begin);
}

unsigned reply_code(std::string_view text) {
  if (text.size() <= kCodeDigits || text[0] < '1' || text[0] > '6' || !is_digit(text[1]) ||
      !is_digit(text[2]))
    return 0;
  if (const char next = text[kCodeDigits];
      next != ' ' && next != '-' && next != '\r' && next != '\n')
    return 0;
  return static_cast<unsigned>((text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0'));
}

Verdict begins_with(std::string_view text, std::span<const std::string_view> words) {
  Verdict best = Verdict::no;
  for (const std::string_view word : words) {
    const auto size = std::min(text.size(), word.size());
    if (!http_message::equals_ignoring_case(text.substr(0, size), word.substr(0, size))) continue;
    if (text.size() <= word.size())
      best = Verdict::maybe;
    else if (text[size] == ' ' || text[size] == '\r' || text[size] == '\n')
      return Verdict::yes;
  }
  return best;
}

std::size_t reply_length(std::string_view text) {
  if (text.size() > kCodeDigits && text[kCodeDigits] != '-') return length(text);
  for (std::size_t at = length(text); at > 0;) {
    const auto rest = text.substr(at);
    const std::size_t line = length(rest);
    if (line == 0) return 0;
    if (rest.substr(0, kCodeDigits) == text.substr(0, kCodeDigits) && rest[kCodeDigits] != '-')
      return at + line;
    at += line;
  }
  return 0;
}

}  // namespace osect::dissect::text_line
