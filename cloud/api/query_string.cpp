// Query parameters: decoding and typed reading. RFC 3986 2.1, RFC 3339.
#include "cloud/api/query_string.h"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace osect::api {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::vector<std::string> to_strings(std::span<const std::string_view> words) {
  return {words.begin(), words.end()};
}

// Digits at a fixed place; -1 when they are not all digits.
int digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return -1;
  int value = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

// Nanoseconds of a fraction ".123" at `at`, which moves behind it; nothing when there is no digit.
std::optional<TimeNs> fraction(std::string_view text, std::size_t& at) {
  if (at >= text.size() || text[at] != '.') return 0;
  ++at;
  TimeNs value = 0;
  TimeNs unit = kSecondNs / 10;
  const std::size_t begin = at;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, unit /= 10)
    value += (text[at] - '0') * unit;
  if (at == begin) return std::nullopt;
  return value;
}

// Offset from UTC in seconds of "Z" or "+09:00" that ends the text.
std::optional<int> zone(std::string_view text) {
  if (text == "Z" || text == "z") return 0;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  const int hours = digits(text, 1, 2);
  const int minutes = digits(text, 4, 2);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
  const int seconds = hours * 3600 + minutes * 60;
  return text[0] == '+' ? seconds : -seconds;
}

// The length of the UTF-8 sequence that begins here, 0 when it is not one. RFC 3629.
std::size_t utf8_sequence(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto is_tail = [&](std::size_t i, unsigned least = 0x80, unsigned most = 0xbf) {
    return byte(i) >= least && byte(i) <= most;
  };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return is_tail(1) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    const unsigned least = lead == 0xe0 ? 0xa0 : 0x80;
    const unsigned most = lead == 0xed ? 0x9f : 0xbf;
    return is_tail(1, least, most) && is_tail(2) ? 3 : 0;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    const unsigned least = lead == 0xf0 ? 0x90 : 0x80;
    const unsigned most = lead == 0xf4 ? 0x8f : 0xbf;
    return is_tail(1, least, most) && is_tail(2) && is_tail(3) ? 4 : 0;
  }
  return 0;
}

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_sequence(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::size_t length_in_characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  if (out.find('\0') != std::string::npos || !is_utf8(out)) return std::nullopt;
  return out;
}

std::optional<std::int64_t> parse_id(std::string_view text) {
  if (text.empty() || text.size() > 19 || text[0] < '1' || text[0] > '9') return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<TimeNs> parse_time(std::string_view text) {
  const bool has_shape = text.size() >= 20 && text[4] == '-' && text[7] == '-' &&
                         (text[10] == 'T' || text[10] == 't' || text[10] == ' ') &&
                         text[13] == ':' && text[16] == ':';
  if (!has_shape) return std::nullopt;
  const int year = digits(text, 0, 4);
  const int month = digits(text, 5, 2);
  const int day = digits(text, 8, 2);
  const int hour = digits(text, 11, 2);
  const int minute = digits(text, 14, 2);
  const int second = digits(text, 17, 2);
  const bool is_in_range = year >= 1970 && year < 2200 && hour >= 0 && hour <= 23 && minute >= 0 &&
                           minute <= 59 && second >= 0 && second <= 60;
  if (!is_in_range || month < 0 || day < 0) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  std::size_t at = 19;
  const auto part = fraction(text, at);
  if (!part) return std::nullopt;
  const auto offset = zone(text.substr(at));
  if (!offset) return std::nullopt;
  const TimeNs days = std::chrono::sys_days(date).time_since_epoch().count();
  return (days * 86400 + hour * 3600 + minute * 60 + second - *offset) * kSecondNs + *part;
}

QueryString::QueryString(std::string_view encoded) {
  while (!encoded.empty()) {
    const std::string_view pair = encoded.substr(0, encoded.find('&'));
    encoded.remove_prefix(std::min(pair.size() + 1, encoded.size()));
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    const auto name = percent_decode(pair.substr(0, equals), true);
    if (!name || name->empty())
      throw invalid_field("query", std::string(pair.substr(0, equals)),
                          "The parameter's name is not valid percent-encoded UTF-8.");
    const auto value =
        percent_decode(equals == pair.npos ? std::string_view() : pair.substr(equals + 1), true);
    if (!value)
      throw invalid_field("query", *name, "The value is not valid percent-encoded UTF-8.");
    values_[*name].push_back(*value);
  }
}

const std::string* QueryString::find_single(std::string_view name) {
  known_.insert_or_assign(std::string(name), true);
  const auto found = values_.find(name);
  if (found == values_.end()) return nullptr;
  if (found->second.size() > 1) {
    refuse(std::string(name), "Given more than once.");
    return nullptr;
  }
  return &found->second.front();
}

std::optional<std::string> QueryString::read_text(std::string_view name,
                                                  std::size_t most_characters) {
  const std::string* value = find_single(name);
  if (value == nullptr) return std::nullopt;
  if (length_in_characters(*value) > most_characters) {
    refuse(std::string(name), "Longer than " + std::to_string(most_characters) + " characters.");
    return std::nullopt;
  }
  return *value;
}

std::optional<std::string> QueryString::read_word(std::string_view name,
                                                  std::span<const std::string_view> allowed) {
  const std::string* value = find_single(name);
  if (value == nullptr) return std::nullopt;
  if (std::find(allowed.begin(), allowed.end(), *value) == allowed.end()) {
    refuse(std::string(name), "Not one of the allowed values.", to_strings(allowed));
    return std::nullopt;
  }
  return *value;
}

std::string QueryString::read_required_word(std::string_view name,
                                            std::span<const std::string_view> allowed) {
  if (!values_.contains(name)) refuse(std::string(name), "Missing.", to_strings(allowed));
  return read_word(name, allowed).value_or(std::string());
}

std::optional<std::int64_t> QueryString::read_id(std::string_view name) {
  const std::string* value = find_single(name);
  if (value == nullptr) return std::nullopt;
  const auto id = parse_id(*value);
  if (!id) refuse(std::string(name), "Not an identifier.", {"a positive decimal number"});
  return id;
}

std::optional<std::int64_t> QueryString::read_integer(std::string_view name, std::int64_t least,
                                                      std::int64_t most) {
  const std::string* value = find_single(name);
  if (value == nullptr) return std::nullopt;
  std::int64_t number = 0;
  const char* last = value->data() + value->size();
  const auto [end, error] = std::from_chars(value->data(), last, number);
  if (error != std::errc() || end != last || number < least || number > most) {
    refuse(std::string(name), "Not a whole number in the allowed range.",
           {std::to_string(least) + " to " + std::to_string(most)});
    return std::nullopt;
  }
  return number;
}

std::optional<TimeNs> QueryString::read_time(std::string_view name) {
  const std::string* value = find_single(name);
  if (value == nullptr) return std::nullopt;
  const auto time = parse_time(*value);
  if (!time)
    refuse(std::string(name), "Not a time.",
           {"RFC 3339 with zone, such as 2026-11-23T09:30:00+09:00 ('+' written %2B)"});
  return time;
}

std::vector<std::string> QueryString::read_all(std::string_view name, std::size_t most) {
  known_.insert_or_assign(std::string(name), true);
  const auto found = values_.find(name);
  if (found == values_.end()) return {};
  if (found->second.size() > most) {
    refuse(std::string(name), "Given more than " + std::to_string(most) + " times.");
    return {};
  }
  return found->second;
}

void QueryString::refuse(std::string field, std::string detail, std::vector<std::string> allowed) {
  errors_.push_back({"query", std::move(field), std::move(detail), std::move(allowed)});
}

void QueryString::finish() const {
  auto errors = errors_;
  for (const auto& [name, values] : values_) {
    if (known_.contains(name)) continue;
    std::vector<std::string> allowed;
    for (const auto& [known, unused] : known_) allowed.push_back(known);
    errors.push_back({"query", name, "There is no such parameter.", std::move(allowed)});
  }
  if (!errors.empty()) throw invalid_fields(std::move(errors));
}

std::string QueryString::fingerprint_source() const {
  std::string out;
  for (const auto& [name, values] : values_) {
    if (name == "cursor" || name == "limit") continue;
    for (const auto& value : values) {
      out += name;
      out += '\0';
      out += value;
      out += '\0';
    }
  }
  return out;
}

}  // namespace osect::api
