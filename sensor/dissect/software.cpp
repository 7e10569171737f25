// Words of banners and the systems that write them; seen in the products' own answers and manuals.
#include "sensor/dissect/software.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "sensor/dissect/windows_versions.h"

namespace osect::dissect::software {
namespace {

struct Row {
  std::string_view word;  // how a word of the banner begins, in small letters
  std::string_view attribute;
  std::string_view value;
};

// Sorted; no word begins like another of its attribute.
constexpr Row kRows[] = {
    {"allen-bradley", "vendor", "Rockwell Automation"},
    {"android", "os", "Android"},
    {"axis", "vendor", "Axis Communications"},
    {"beckhoff", "vendor", "Beckhoff"},
    {"bizhub", "vendor", "Konica Minolta"},
    {"canon http", "vendor", "Canon"},
    {"centos", "os", "CentOS"},
    {"cisco", "vendor", "Cisco"},
    {"debian", "os", "Debian"},
    {"ecos", "os", "eCos"},
    {"epson", "vendor", "Seiko Epson"},
    {"fanuc", "vendor", "FANUC"},
    {"fedora", "os", "Fedora"},
    {"filezilla server", "os", "Windows"},
    {"for_windows", "os", "Windows"},
    {"freebsd", "os", "FreeBSD"},
    {"freertos", "os", "FreeRTOS"},
    {"hirschmann", "vendor", "Hirschmann"},
    {"hp http server", "vendor", "HP"},
    {"hp-chaiserver", "vendor", "HP"},
    {"hp-chaisoe", "vendor", "HP"},
    {"ipad", "os", "iPadOS"},
    {"iphone", "os", "iOS"},
    {"jetdirect", "vendor", "HP"},
    {"keyence", "vendor", "KEYENCE"},
    {"km-mfp", "vendor", "KYOCERA"},
    {"kv-", "vendor", "KEYENCE"},
    {"lantronix", "vendor", "Lantronix"},
    {"linux arm", "os", "Linux"},
    {"linux i686", "os", "Linux"},
    {"linux x86_64", "os", "Linux"},
    {"mac os x", "os", "macOS"},
    {"melsec", "vendor", "Mitsubishi Electric"},
    {"microsoft esmtp", "os", "Windows"},
    {"microsoft ftp service", "os", "Windows"},
    {"microsoft telnet", "os", "Windows"},
    {"microsoft-cryptoapi", "os", "Windows"},
    {"microsoft-httpapi", "os", "Windows"},
    {"microsoft-iis/10.0", "os", "Windows 10 / Windows Server 2016"},
    {"microsoft-iis/4.0", "os", "Windows NT 4.0"},
    {"microsoft-iis/5.0", "os", "Windows 2000"},
    {"microsoft-iis/5.1", "os", "Windows XP"},
    {"microsoft-iis/6.0", "os", "Windows Server 2003"},
    {"microsoft-iis/7.0", "os", "Windows Vista / Windows Server 2008"},
    {"microsoft-iis/7.5", "os", "Windows 7 / Windows Server 2008 R2"},
    {"microsoft-iis/8.0", "os", "Windows 8 / Windows Server 2012"},
    {"microsoft-iis/8.5", "os", "Windows 8.1 / Windows Server 2012 R2"},
    {"microsoft-wince", "os", "Windows CE"},
    {"mikrotik", "vendor", "MikroTik"},
    {"moxa", "vendor", "Moxa"},
    {"netbsd", "os", "NetBSD"},
    {"nucleus", "os", "Nucleus RTOS"},
    {"omron", "vendor", "OMRON"},
    {"openbsd", "os", "OpenBSD"},
    {"phoenix contact", "vendor", "Phoenix Contact"},
    {"qnx", "os", "QNX"},
    {"raspbian", "os", "Raspberry Pi OS"},
    {"red hat", "os", "Red Hat Enterprise Linux"},
    {"ricoh", "vendor", "Ricoh"},
    {"rosssh", "vendor", "MikroTik"},
    {"routeros", "vendor", "MikroTik"},
    {"schneider-web", "vendor", "Schneider Electric"},
    {"siemens", "vendor", "Siemens"},
    {"simatic", "vendor", "Siemens"},
    {"sunos", "os", "Solaris"},
    {"suse", "os", "SUSE Linux"},
    {"synology", "vendor", "Synology"},
    {"threadx", "os", "ThreadX"},
    {"twincat", "vendor", "Beckhoff"},
    {"ubuntu", "os", "Ubuntu"},
    {"vxworks", "os", "VxWorks"},
    {"wago", "vendor", "WAGO"},
    {"windows ce", "os", "Windows CE"},
    {"windows_nt", "os", "Windows"},
    {"yokogawa", "vendor", "Yokogawa"},
    {"zebra", "vendor", "Zebra Technologies"},
};

constexpr std::size_t kLetters = 26;

// Where the rows of each letter begin, and where those of the last one end.
constexpr auto kBegins = [] {
  std::array<std::size_t, kLetters + 1> begins{};
  for (std::size_t letter = 0; letter <= kLetters; ++letter)
    while (begins[letter] < std::size(kRows) &&
           kRows[begins[letter]].word[0] < static_cast<char>('a' + letter))
      ++begins[letter];
  return begins;
}();

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_letter(char c) {
  return lower(c) >= 'a' && lower(c) <= 'z';
}

bool begins(std::string_view text, std::string_view word) {
  return text.size() >= word.size() && std::equal(word.begin(), word.end(), text.begin(),
                                                  [](char a, char b) { return a == lower(b); });
}

// "Windows NT 6.1" of browsers: the version tells which Windows.
windows::Version windows_of(std::string_view text) {
  constexpr std::string_view kName = "windows nt ";
  windows::Version version;
  if (!begins(text, kName)) return version;
  const char* const end = text.data() + text.size();
  const auto major = std::from_chars(text.data() + kName.size(), end, version.major);
  if (major.ec != std::errc() || major.ptr == end || *major.ptr != '.') return {};
  const auto minor = std::from_chars(major.ptr + 1, end, version.minor);
  return minor.ec == std::errc() ? version : windows::Version{};
}

}  // namespace

void collect(Collected& facts, Fact about, std::string_view banner) {
  bool is_word_begun = false;
  // The first word of each kind: the next ones say the same less exactly.
  bool has_os = false;
  bool has_vendor = false;
  const auto add = [&](std::string_view attribute, std::string_view value) {
    if (value.empty() || std::exchange(attribute == "os" ? has_os : has_vendor, true)) return;
    about.attribute = attribute;
    facts.add(about, value);
  };
  for (std::size_t at = 0; at < banner.size(); ++at) {
    const bool is_begun = std::exchange(is_word_begun, is_letter(banner[at]));
    if (is_begun || !is_word_begun) continue;
    const auto rest = banner.substr(at);
    const auto letter = static_cast<std::size_t>(lower(rest[0]) - 'a');
    for (std::size_t row = kBegins[letter]; row < kBegins[letter + 1]; ++row) {
      if (begins(rest, kRows[row].word)) add(kRows[row].attribute, kRows[row].value);
    }
    if (const auto windows = windows_of(rest); windows.major != 0)
      add("os", facts.keep([&](Writer& to) { windows::write_name(to, windows); }));
  }
}

}  // namespace osect::dissect::software
