// The manners of makers: Siemens writes columns, Cisco and Windows sentences, Unix what uname says.
#include "sensor/dissect/system_description.h"

#include <algorithm>
#include <charconv>

#include "sensor/dissect/windows_versions.h"

namespace osect::dissect::system_description {
namespace {

constexpr auto kNone = std::string_view::npos;

Fact with(Fact fact, std::string_view attribute) {
  fact.attribute = attribute;
  return fact;
}

// What stands behind `mark`, up to one of `ends`; nothing without the mark.
std::string_view behind(std::string_view text, std::string_view mark, std::string_view ends) {
  const auto at = text.find(mark);
  if (at == kNone) return {};
  const auto rest = text.substr(at + mark.size());
  return rest.substr(0, rest.find_first_of(ends));
}

// "Siemens, SIMATIC NET, SCALANCE X212-2, 6GK5 212-2BB00-2AA3, HW: 7, FW: V4.02": maker, family,
// model, order number, versions.
void add_columns(const Fact& whom, std::string_view text, Collected& facts) {
  facts.add_raw(with(whom, "vendor"), text.substr(0, text.find(',')));
  int column = 0;
  for (std::string_view rest = text; !rest.empty(); ++column) {
    const auto end = rest.find(',');
    const auto cell = trimmed(rest.substr(0, end));
    rest = end == kNone ? std::string_view() : rest.substr(end + 1);
    if (cell.starts_with("HW: "))
      facts.add_raw(with(whom, "hardware"), cell.substr(4));
    else if (cell.starts_with("FW: "))
      facts.add_raw(with(whom, "firmware"), cell.substr(4));
    else if (cell.starts_with("6"))  // MLFB numbers of automation: 6ES7, 6GK5, 6AV2, 6SL3
      facts.add_raw(with(whom, "order_number"), cell);
    else if (column == 2)
      facts.add_raw(with(whom, "model"), cell);
  }
}

std::uint16_t number_of(std::string_view digits) {
  std::uint16_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

// "Hardware: ... - Software: Windows Version 6.1 (Build 7601 Multiprocessor Free)", of Microsoft's
// agent.
void add_windows(const Fact& whom, std::string_view text, Collected& facts) {
  const auto version = behind(text, " Version ", " (");
  const auto dot = version.find('.');
  if (dot == kNone) return;
  windows::add_version(whom,
                       {.major = static_cast<std::uint8_t>(number_of(version)),
                        .minor = static_cast<std::uint8_t>(number_of(version.substr(dot + 1))),
                        .build = number_of(behind(text, "(Build ", " )"))},
                       facts);
}

// "Linux name 4.4.0-31-generic #50 SMP ...": the system, the host's name, the release.
void add_uname(const Fact& whom, std::string_view text, Collected& facts) {
  const auto name = text.find(' ');
  const auto release = text.find(' ', name + 1);
  if (name == kNone || release == kNone) return;
  const auto number = text.substr(release + 1, text.find(' ', release + 1) - release - 1);
  facts.add_text(with(whom, "os"), [&](Writer& to) {
    to.put(text.substr(0, name)).put(' ').printable(number.substr(0, 60));
  });
}

// "Cisco IOS Software, 2800 Software (...), Version 12.4(24)T, RELEASE ..."
void add_cisco(const Fact& whom, std::string_view text, Collected& facts) {
  const bool is_nexus = text.find("NX-OS") != kNone;
  facts.add(with(whom, "vendor"), "Cisco");
  facts.add(with(whom, "os"), is_nexus ? "Cisco NX-OS"
                              : text.find("IOS-XE") != kNone || text.find("IOS XE") != kNone
                                  ? "Cisco IOS XE"
                              : text.find("IOS") != kNone ? "Cisco IOS"
                                                          : "");
  facts.add_raw(with(whom, "firmware"), behind(text, is_nexus ? "version " : "Version ", ", \r\n"));
}

}  // namespace

void add(Fact about_whom, std::string_view raw, Collected& facts) {
  const auto text = trimmed(raw).substr(0, Collected::kValueBytesMax);
  facts.add_text(with(about_whom, "description"), [&](Writer& to) {
    for (std::string_view rest = text; !rest.empty();) {
      const auto end = rest.find_first_of("\r\n");
      const auto line = trimmed(rest.substr(0, end));
      if (!line.empty()) (to.size() > 0 ? to.put(' ') : to).printable(line);
      rest = end == kNone ? std::string_view() : rest.substr(end + 1);
    }
  });
  constexpr std::string_view kUnixes[] = {"Linux ",   "FreeBSD ", "NetBSD ",
                                          "OpenBSD ", "Darwin ",  "SunOS "};
  if (text.starts_with("Siemens, "))
    add_columns(about_whom, text, facts);
  else if (text.starts_with("Cisco "))
    add_cisco(about_whom, text, facts);
  else if (text.find("Software: Windows") != kNone)
    add_windows(about_whom, text, facts);
  else if (std::any_of(std::begin(kUnixes), std::end(kUnixes),
                       [&](std::string_view unix) { return text.starts_with(unix); }))
    add_uname(about_whom, text, facts);
}

}  // namespace osect::dissect::system_description
