// Cells to words, words to addresses.
#include "cloud/ledger/values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>

namespace osect::ledger {
namespace {

struct Character {
  std::uint32_t code = 0;
  std::size_t bytes = 1;
};

// Of valid UTF-8, which is what a Workbook has; a stray byte stands for itself.
Character character_at(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::size_t size = byte(0) < 0x80 ? 1 : byte(0) < 0xe0 ? 2 : byte(0) < 0xf0 ? 3 : 4;
  if (size == 1 || text.size() < size) return {byte(0), 1};
  std::uint32_t code = byte(0) & (0xffU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) code = code << 6U | (byte(i) & 0x3fU);
  return {code, size};
}

constexpr std::uint32_t kFullWidthFirst = 0xff01;  // '!'
constexpr std::uint32_t kFullWidthLast = 0xff5e;   // '~'
constexpr std::uint32_t kFullWidthOffset = 0xfee0;

bool is_space(std::uint32_t code) {
  return code == ' ' || code == '\t' || code == '\r' || code == 0xa0 || code == 0x3000 ||
         (code >= 0x2000 && code <= 0x200b) || code == 0xfeff;
}

// Hyphens and dashes of every kind, also the minus sign and the long-vowel mark some keyboards
// give for it.
bool is_dash(std::uint32_t code) {
  constexpr std::array<std::uint32_t, 12> kDashes{0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015,
                                                  0x2212, 0xff0d, 0xff70, 0xfe63, 0x02d7, 0x2043};
  return std::find(kDashes.begin(), kDashes.end(), code) != kDashes.end();
}

// What stands between two values of a cell.
bool is_between(char c) {
  return c == '\n' || c == ',' || c == ';' || c == '|' || c == ' ' || c == '(' || c == ')';
}

// Half width, and what separates values in Japanese as a comma.
std::string words_ready(std::string_view cell) {
  const std::string text = half_width(cell);
  std::string_view rest = text;
  std::string out;
  while (!rest.empty()) {
    constexpr std::array<std::string_view, 6> kMarks{"、", "・", "／", "｡", "。", "･"};
    const auto mark = std::find_if(kMarks.begin(), kMarks.end(),
                                   [&](std::string_view m) { return rest.starts_with(m); });
    out += mark == kMarks.end() ? rest.front() : ',';
    rest.remove_prefix(mark == kMarks.end() ? 1 : mark->size());
  }
  return out;
}

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : text + '\n') {
    if (!is_between(c)) {
      word += c;
    } else if (!word.empty()) {
      words.push_back(word);
      word.clear();
    }
  }
  return words;
}

std::optional<MacAddress> mac_of(std::string_view word) {
  std::array<std::uint8_t, 12> digits{};
  std::size_t count = 0;
  for (const char c : word) {
    if (c == ':' || c == '-' || c == '.' || c == ' ') continue;
    std::uint8_t digit = 0;
    const auto [end, error] = std::from_chars(&c, &c + 1, digit, 16);
    if (error != std::errc() || count == digits.size()) return std::nullopt;
    digits[count++] = digit;
  }
  if (count != digits.size()) return std::nullopt;
  MacAddress mac;
  for (std::size_t i = 0; i < mac.bytes.size(); ++i)
    mac.bytes[i] = static_cast<std::uint8_t>(digits[2 * i] << 4U | digits[2 * i + 1]);
  return mac;
}

// "192.168.001.010" and "192.168.1.10/24" are meant as 192.168.1.10.
std::optional<IpAddress> ip_of(std::string_view word) {
  word = word.substr(0, word.find('/'));
  if (const auto ip = IpAddress::parse(word)) return ip;
  std::string plain;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const bool begins = i == 0 || word[i - 1] == '.';
    const bool is_padding =
        word[i] == '0' && begins && i + 1 < word.size() && word[i + 1] >= '0' && word[i + 1] <= '9';
    if (!is_padding) {
      plain += word[i];
    } else if (i + 2 < word.size() && word[i + 1] == '0' && word[i + 2] >= '0' &&
               word[i + 2] <= '9') {
      ++i;  // two of them
    }
  }
  return IpAddress::parse(plain);
}

template <typename Address>
void add(std::vector<Address>& all, const Address& address) {
  if (std::find(all.begin(), all.end(), address) == all.end()) all.push_back(address);
}

}  // namespace

std::string half_width(std::string_view text) {
  std::string out;
  bool is_space_due = false;
  while (!text.empty()) {
    const auto [code, bytes] = character_at(text);
    if (is_space(code)) {
      is_space_due = !out.empty() && out.back() != '\n';
    } else {
      if (is_space_due && code != '\n') out += ' ';
      is_space_due = false;
      if (code >= kFullWidthFirst && code <= kFullWidthLast && !is_dash(code))
        out += static_cast<char>(code - kFullWidthOffset);
      else if (is_dash(code))
        out += '-';
      else
        out += text.substr(0, bytes);
    }
    text.remove_prefix(bytes);
  }
  while (!out.empty() && out.back() == '\n') out.pop_back();
  return out;
}

bool is_blank(std::string_view text) {
  constexpr std::array<std::string_view, 20> kNothing{
      "",     "-",    "--",     "---",    "n/a",  "N/A",  "na",   "なし", "無し", "無",
      "不明", "未定", "未設定", "未確認", "自動", "DHCP", "dhcp", "?",    "×",    "該当なし"};
  return std::find(kNothing.begin(), kNothing.end(), text) != kNothing.end();
}

Read<std::vector<MacAddress>> read_macs(std::string_view cell) {
  const std::string text = words_ready(cell);
  std::vector<MacAddress> macs;
  if (is_blank(text)) return macs;
  // "00 80 F4 09 51 3B" is one address, not six words.
  if (const auto mac = mac_of(text)) return std::vector{*mac};
  for (const std::string& word : words_of(text)) {
    if (is_blank(word)) continue;
    const auto mac = mac_of(word);
    if (!mac) return Complaint{Complaint::Kind::no_mac, word};
    add(macs, *mac);
  }
  return macs;
}

Read<std::vector<IpAddress>> read_ips(std::string_view cell) {
  std::vector<IpAddress> ips;
  const std::string text = words_ready(cell);
  if (is_blank(text)) return ips;
  for (const std::string& word : words_of(text)) {
    if (is_blank(word)) continue;
    const auto ip = ip_of(word);
    if (!ip) return Complaint{Complaint::Kind::no_ip, word};
    add(ips, *ip);
  }
  return ips;
}

}  // namespace osect::ledger
