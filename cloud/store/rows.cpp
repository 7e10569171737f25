// Text results of libpq as C++ values.
#include "cloud/store/rows.h"

#include <libpq-fe.h>

#include <cassert>
#include <charconv>
#include <cstdlib>

namespace osect::store {
namespace {

template <typename T>
T number(std::string_view text) {
  T value{};
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// Days since 1970-01-01 of a date of the proleptic Gregorian calendar.
std::int64_t days_from_civil(std::int64_t year, std::int64_t month, std::int64_t day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t of_era = year - era * 400;
  const std::int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

// "2026-11-23 03:17:43.123456+00", the fraction being optional.
TimeNs parse_time(std::string_view text) {
  const auto part = [&](std::size_t at, std::size_t length) {
    return number<std::int64_t>(text.substr(at, length));
  };
  const std::size_t dash = text.find('-', 1);
  const std::int64_t days = days_from_civil(number<std::int64_t>(text.substr(0, dash)),
                                            part(dash + 1, 2), part(dash + 4, 2));
  const std::int64_t seconds =
      ((days * 24 + part(dash + 7, 2)) * 60 + part(dash + 10, 2)) * 60 + part(dash + 13, 2);
  std::int64_t fraction_ns = 0;
  if (dash + 15 < text.size() && text[dash + 15] == '.') {
    std::int64_t unit = kSecondNs / 10;
    for (std::size_t i = dash + 16; i < text.size() && text[i] >= '0' && text[i] <= '9';
         ++i, unit /= 10)
      fraction_ns += (text[i] - '0') * unit;
  }
  return seconds * kSecondNs + fraction_ns;
}

bool is_binary(const pg_result* result, int column) {
  return PQfformat(result, column) == 1;
}

std::int64_t big_endian(std::string_view bytes) {
  assert(bytes.size() == 8);
  std::uint64_t value = 0;
  for (const char c : bytes) value = value << 8U | static_cast<unsigned char>(c);
  return static_cast<std::int64_t>(value);
}

// PostgreSQL's times begin with 2000-01-01.
constexpr TimeNs kEpochNs = TimeNs{946'684'800} * kSecondNs;

}  // namespace

bool Row::is_null(int column) const {
  return PQgetisnull(result_, row_, column) != 0;
}

std::string_view Row::text(int column) const {
  assert(!is_null(column));
  return {PQgetvalue(result_, row_, column),
          static_cast<std::size_t>(PQgetlength(result_, row_, column))};
}

std::int64_t Row::integer(int column) const {
  return is_binary(result_, column) ? big_endian(text(column)) : number<std::int64_t>(text(column));
}
double Row::real(int column) const {
  return std::strtod(text(column).data(), nullptr);
}
bool Row::boolean(int column) const {
  return is_binary(result_, column) ? text(column) != std::string_view("\0", 1)
                                    : text(column) == "t";
}
TimeNs Row::time(int column) const {
  return is_binary(result_, column) ? kEpochNs + big_endian(text(column)) * 1000
                                    : parse_time(text(column));
}

std::string Row::bytes(int column) const {
  if (is_binary(result_, column)) return std::string(text(column));
  const std::string_view hex = text(column);
  assert(hex.starts_with("\\x"));
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string out((hex.size() - 2) / 2, '\0');
  const char* at = hex.data() + 2;
  for (char& byte : out) {
    byte = static_cast<char>(digit(at[0]) * 16 + digit(at[1]));
    at += 2;
  }
  return out;
}

std::vector<std::int64_t> Row::integers(int column) const {
  std::vector<std::int64_t> out;
  std::string_view rest = text(column).substr(1);
  while (rest.size() > 1) {
    const std::size_t end = rest.find_first_of(",}");
    out.push_back(number<std::int64_t>(rest.substr(0, end)));
    rest.remove_prefix(end + 1);
  }
  return out;
}

std::vector<std::string> Row::texts(int column) const {
  std::vector<std::string> out;
  const std::string_view all = text(column);
  std::string item;
  bool is_quoted = false;
  for (std::size_t i = 1; i < all.size(); ++i) {
    const char c = all[i];
    if (c == '\\') {
      item += all[++i];
    } else if (c == '"') {
      is_quoted = !is_quoted;
    } else if (!is_quoted && (c == ',' || c == '}')) {
      if (all.size() > 2) out.push_back(std::move(item));
      item.clear();
    } else {
      item += c;
    }
  }
  return out;
}

std::optional<std::int64_t> Row::try_integer(int column) const {
  return is_null(column) ? std::nullopt : std::optional(integer(column));
}
std::optional<std::string> Row::try_text(int column) const {
  return is_null(column) ? std::nullopt : std::optional<std::string>(text(column));
}
std::optional<TimeNs> Row::try_time(int column) const {
  return is_null(column) ? std::nullopt : std::optional(time(column));
}

Rows::Rows(pg_result* result) : result_(result) {}
void Rows::Clear::operator()(pg_result* result) const {
  PQclear(result);
}
std::size_t Rows::size() const {
  return static_cast<std::size_t>(PQntuples(result_.get()));
}
std::int64_t Rows::affected() const {
  return number<std::int64_t>(PQcmdTuples(result_.get()));
}
std::string_view Rows::column_name(int column) const {
  return PQfname(result_.get(), column);
}
int Rows::column_count() const {
  return PQnfields(result_.get());
}

}  // namespace osect::store
