// Formats told apart by the letters that stand outside quotes and brackets.
#include "cloud/ledger/number_format.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cmath>

namespace osect::ledger {
namespace {

constexpr double kLastDay = 2'958'465;  // 9999-12-31, the last a spreadsheet knows
constexpr double kIntegerMost = 1e15;   // beyond, a double has no units any more
constexpr int kSecondsADay = 86'400;

bool is_built_in_date(int id) {
  return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) ||
         (id >= 50 && id <= 58);
}

}  // namespace

bool is_date_format(int id, std::string_view code) {
  if (code.empty()) return is_built_in_date(id);
  bool is_quoted = false;
  bool is_bracketed = false;
  for (std::size_t i = 0; i < code.size(); ++i) {
    const char c = code[i];
    if (c == '"') is_quoted = !is_quoted;
    if (c == '\\' || c == '_' || c == '*') ++i;  // the next character is shown as it is, or space
    if (is_quoted) continue;
    if (c == '[') is_bracketed = true;
    if (c == ']') is_bracketed = false;
    if (c == ';') return false;  // the first section decides
    constexpr std::string_view kLetters = "yYmMdDhHsSeEgG";
    const bool is_exponent =
        (c == 'E' || c == 'e') && i + 1 < code.size() && (code[i + 1] == '+' || code[i + 1] == '-');
    const bool is_general = code.substr(i).starts_with("General");
    if (is_general) i += 6;
    if (!is_bracketed && !is_exponent && !is_general && kLetters.find(c) != std::string_view::npos)
      return true;
  }
  return false;
}

std::string date_text(double days, bool is_1904) {
  if (!(days >= 0) || days > kLastDay) return fmt::format("{}", days);
  using std::chrono::sys_days;
  using namespace std::chrono_literals;
  auto whole = static_cast<int>(std::floor(days));
  int seconds = static_cast<int>(std::lround((days - whole) * kSecondsADay));
  if (seconds == kSecondsADay) {
    seconds = 0;
    ++whole;
  }
  const std::string time =
      fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (whole == 0 && !is_1904) return time;
  // Day 60 is a 29 February 1900 that never was; days before it are one later.
  const sys_days origin = is_1904      ? sys_days{1904y / 1 / 1}
                          : whole < 60 ? sys_days{1899y / 12 / 31}
                                       : sys_days{1899y / 12 / 30};
  const std::chrono::year_month_day date{origin + std::chrono::days{whole}};
  const std::string day =
      fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return seconds == 0 ? day : day + " " + time;
}

std::string number_text(std::string_view stored) {
  double value = 0;
  const auto [end, error] = std::from_chars(stored.data(), stored.data() + stored.size(), value);
  if (error != std::errc() || end != stored.data() + stored.size()) return std::string(stored);
  if (std::abs(value) < kIntegerMost && std::trunc(value) == value)
    return fmt::format("{}", static_cast<long long>(value));
  return fmt::format("{:.15g}", value);
}

}  // namespace osect::ledger
