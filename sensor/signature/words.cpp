// Pieces of a rule's text.
#include "sensor/signature/words.h"

#include <algorithm>
#include <charconv>

namespace osect::signature {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

std::optional<std::uint64_t> in_base(std::string_view text, int base) {
  std::uint64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '[') ++depth;
    if (text[i] == ']') --depth;
    if (text[i] != separator || depth > 0) continue;
    parts.push_back(trimmed(text.substr(begin, i - begin)));
    begin = i + 1;
  }
  parts.push_back(trimmed(text.substr(begin)));
  return parts;
}

std::optional<std::uint64_t> number(std::string_view text, std::uint64_t most) {
  const auto value = in_base(text, 10);
  return value && *value <= most ? value : std::nullopt;
}

std::optional<std::int64_t> signed_number(std::string_view text, std::int64_t most) {
  const bool is_negative = text.starts_with('-');
  const auto value = number(text.substr(is_negative ? 1 : 0), static_cast<std::uint64_t>(most));
  if (!value) return std::nullopt;
  const auto size = static_cast<std::int64_t>(*value);
  return is_negative ? -size : size;
}

std::optional<std::uint64_t> any_number(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0X")) return in_base(text.substr(2), 16);
  // A leading zero may mean octal to some and decimal to others.
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  return in_base(text, 10);
}

std::optional<std::string> unquoted(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::nullopt;
  text = text.substr(1, text.size() - 2);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') return std::nullopt;
    if (text[i] == '\\') {
      constexpr std::string_view kEscaped = "\\\";:";
      if (++i == text.size() || kEscaped.find(text[i]) == std::string_view::npos)
        return std::nullopt;
    }
    out.push_back(text[i]);
  }
  return out;
}

std::optional<std::string> content_bytes(std::string_view text) {
  if (text.size() < 3 || text.front() != '"' || text.back() != '"') return std::nullopt;
  text = text.substr(1, text.size() - 2);
  std::string out;
  bool is_hex = false;
  int high = -1;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '|') {
      if (high >= 0) return std::nullopt;
      is_hex = !is_hex;
    } else if (is_hex) {
      if (c == ' ') continue;
      const int digit = hex_digit(c);
      if (digit < 0) return std::nullopt;
      if (high >= 0) out.push_back(static_cast<char>(high * 16 + digit));
      high = high >= 0 ? -1 : digit;
    } else {
      if (c == '"') return std::nullopt;
      if (c == '\\') {
        constexpr std::string_view kEscaped = "\\\";:";
        if (++i == text.size() || kEscaped.find(text[i]) == std::string_view::npos)
          return std::nullopt;
        c = text[i];
      }
      out.push_back(c);
    }
  }
  if (is_hex || high >= 0 || out.empty()) return std::nullopt;
  return out;
}

}  // namespace osect::signature
