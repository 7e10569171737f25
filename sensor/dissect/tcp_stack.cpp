// The stacks by the options they write, in order, and the first window they offer; facts observed
// by p0f 3.09b (Michal Zalewski) and, for systems younger than it, by this project's captures.
#include "sensor/dissect/tcp_stack.h"

#include <algorithm>
#include <array>

#include "sensor/decode/cursor.h"

namespace osect::dissect::tcp_stack {
namespace {

using decode::Cursor;

// Kinds of options, IANA "TCP Option Kind Numbers".
enum Kind : std::uint8_t {
  eol = 0,
  nop = 1,
  mss = 2,
  scale = 3,
  sack_permitted = 4,
  timestamp = 8
};

// The order of options, four bits each; the list ends where it ends, or with eol.
using Layout = std::uint64_t;
constexpr int kLayoutMax = 15;
constexpr int kBits = 4;
constexpr std::uint64_t kEolMark = 15;

constexpr Layout with(Layout layout, std::uint64_t kind) {
  return layout << kBits | (kind == Kind::eol ? kEolMark : kind);
}

// "MS,.,W": M maximum segment size, W window scale, S selective acknowledgement, T timestamp,
// . no operation, E end of list.
consteval Layout layout_of(std::string_view letters) {
  Layout layout = 0;
  for (const char letter : letters)
    layout = with(layout, letter == 'M'   ? Kind::mss
                          : letter == 'W' ? Kind::scale
                          : letter == 'S' ? Kind::sack_permitted
                          : letter == 'T' ? Kind::timestamp
                          : letter == '.' ? Kind::nop
                                          : Kind::eol);
  return layout;
}

// The orders in which one stack writes what both sides want; an answer leaves out what was not
// asked for.
constexpr std::array kLinuxAnswers = {layout_of("M"),      layout_of("MST"),   layout_of("M..T"),
                                      layout_of("M..S"),   layout_of("M.W"),   layout_of("MST.W"),
                                      layout_of("M..T.W"), layout_of("M..S.W")};
constexpr std::array kWindowsAnswers = {
    layout_of("M"),      layout_of("M.W"),    layout_of("M..S"),    layout_of("M..T"),
    layout_of("M.W..S"), layout_of("M.W..T"), layout_of("M..T..S"), layout_of("M.W..T..S"),
    layout_of("MST"),    layout_of("M.WST")};
constexpr std::array kFreeBsdAnswers = {layout_of("M.W"),    layout_of("M.WST"), layout_of("M.WSE"),
                                        layout_of("M.W..T"), layout_of("MST"),   layout_of("MSE"),
                                        layout_of("M..T")};
constexpr std::array kOpenBsdAnswers = {
    layout_of("M..S"),    layout_of("M.W"),    layout_of("M..S.W"),   layout_of("M..T"),
    layout_of("M..S..T"), layout_of("M.W..T"), layout_of("M..S.W..T")};
constexpr std::array kSolaris8Answers = {
    layout_of("M"),      layout_of(".WM"),    layout_of("..TM"),    layout_of("..SM"),
    layout_of("..T.WM"), layout_of(".W..SM"), layout_of("..T..SM"), layout_of("..T.W..SM")};
constexpr std::array kSolaris10Answers = {
    layout_of("M"),      layout_of("M.W"),    layout_of("..TM"),    layout_of("M..S"),
    layout_of("..TM.W"), layout_of("M.W..S"), layout_of("..TM..S"), layout_of("..TM.W..S")};
constexpr std::array kHpUxAnswers = {
    layout_of("M"),      layout_of("MW."),    layout_of("M..T"),    layout_of("M..S"),
    layout_of("MW...T"), layout_of("M..SW."), layout_of("M..S..T"), layout_of("M..SW...T")};
constexpr std::array kLinux = {layout_of("MST.W")};
constexpr std::array kLinuxWithoutTime = {layout_of("M..S.W")};
constexpr std::array kWindows = {layout_of("M..S"), layout_of("M.W..S")};
constexpr std::array kWindowsWithTime = {layout_of("M.WST")};
constexpr std::array kDarwin = {layout_of("M.W..TSE")};
constexpr std::array kFreeBsd = {layout_of("M.WST")};
constexpr std::array kOpenBsd = {layout_of("M..S.W..T")};
constexpr std::array kSolaris8 = {layout_of(".W..T..SM")};
constexpr std::array kSolaris10 = {layout_of("M.W..S")};

// A first window: a number, or so many segments.
struct Window {
  std::uint16_t size = 0;  // 0: any
  std::uint16_t segments = 0;
};
constexpr Window kAny;
constexpr Window bytes(std::uint16_t size) {
  return {size, 0};
}
constexpr Window segments(std::uint16_t count) {
  return {0, count};
}

constexpr int kAnyScale = -1;
constexpr int kNoScale = 0;  // or none at all
constexpr std::uint8_t kSure = 40;
constexpr std::uint8_t kGeneric = 30;  // the family, not the release
constexpr std::uint8_t kHopsMax = 35;  // p0f's own limit; no route of a plant comes near

// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): in the order in which one reads it
struct Row {
  bool is_answer;
  std::span<const Layout> layouts;
  std::uint8_t ttl;
  Window window;
  int scale;
  std::string_view os;
  std::uint8_t confidence;
};

// The first row that fits counts.
constexpr Row kRows[] = {
    {false, kLinux, 64, segments(44), 7, "Linux 4.20 or later", kSure},
    {false, kLinux, 64, segments(20), 7, "Linux 3.11 or later", kSure},
    {false, kLinux, 64, segments(20), 10, "Linux 3.11 or later", kSure},
    {false, kLinux, 64, segments(10), 4, "Linux 3.1 to 3.10", kSure},
    {false, kLinux, 64, segments(10), 5, "Linux 3.1 to 3.10", kSure},
    {false, kLinux, 64, segments(10), 6, "Linux 3.1 to 3.10", kSure},
    {false, kLinux, 64, segments(10), 7, "Linux 3.1 to 3.10", kSure},
    {false, kLinux, 64, segments(4), 6, "Linux 2.6", kSure},
    {false, kLinux, 64, segments(4), 7, "Linux 2.6", kSure},
    {false, kLinux, 64, segments(4), 8, "Linux 2.6", kSure},
    {false, kLinux, 64, segments(4), 0, "Linux 2.4", kSure},
    {false, kLinux, 64, segments(4), 1, "Linux 2.4", kSure},
    {false, kLinux, 64, segments(4), 2, "Linux 2.4", kSure},
    {false, kLinux, 64, segments(11), 0, "Linux 2.2", kSure},
    {false, kLinux, 64, segments(20), 0, "Linux 2.2", kSure},
    {false, kLinux, 64, segments(22), 0, "Linux 2.2", kSure},
    {false, kLinux, 64, kAny, kAnyScale, "Linux", kGeneric},
    {false, kLinuxWithoutTime, 64, kAny, kAnyScale, "Linux", kGeneric},
    {false, kWindows, 128, bytes(64240), 8, "Windows 10 or later", kSure},
    {false, kWindows, 128, bytes(65535), 8, "Windows 10 or later", kSure},
    {false, kWindows, 128, bytes(16384), kNoScale, "Windows XP", kSure},
    {false, kWindows, 128, bytes(65535), kNoScale, "Windows XP", kSure},
    {false, kWindows, 128, bytes(65535), 1, "Windows XP", kSure},
    {false, kWindows, 128, bytes(65535), 2, "Windows XP", kSure},
    {false, kWindows, 128, bytes(8192), kNoScale, "Windows 7 or 8", kSure},
    {false, kWindows, 128, bytes(8192), 2, "Windows 7 or 8", kSure},
    {false, kWindows, 128, bytes(8192), 8, "Windows 7 or 8", kSure},
    {false, kWindowsWithTime, 128, bytes(8192), 2, "Windows 7 or 8", kSure},
    {false, kWindows, 128, bytes(16384), kAnyScale, "Windows 2000, XP or 2003", kGeneric},
    {false, kWindows, 128, bytes(8192), kAnyScale, "Windows Vista or later", kGeneric},
    {false, kWindows, 128, kAny, kAnyScale, "Windows", kGeneric},
    {false, kDarwin, 64, bytes(65535), 4, "macOS 10.9 or later", kSure},
    {false, kDarwin, 64, bytes(65535), 2, "iOS", kSure},
    {false, kDarwin, 64, bytes(65535), kAnyScale, "macOS", kGeneric},
    {false, kFreeBsd, 64, bytes(65535), 6, "FreeBSD 9 or later", kSure},
    {false, kFreeBsd, 64, bytes(65535), 3, "FreeBSD 8", kSure},
    {false, kFreeBsd, 64, bytes(65535), kAnyScale, "FreeBSD", kGeneric},
    {false, kOpenBsd, 64, bytes(16384), 0, "OpenBSD 3", kSure},
    {false, kOpenBsd, 64, bytes(16384), kAnyScale, "OpenBSD", kSure},
    {false, kSolaris8, 64, bytes(32850), 1, "Solaris 8", kSure},
    {false, kSolaris10, 64, segments(34), 0, "Solaris 10", kSure},

    {true, kLinuxAnswers, 64, segments(45), kAnyScale, "Linux 4.20 or later", kSure},
    {true, kLinuxAnswers, 64, segments(44), kAnyScale, "Linux 4.20 or later", kSure},
    {true, kLinuxAnswers, 64, segments(20), kAnyScale, "Linux 3.11 or later", kSure},
    {true, kLinuxAnswers, 64, segments(10), kAnyScale, "Linux 3", kSure},
    {true, kLinuxAnswers, 64, segments(4), kNoScale, "Linux 2.4 or 2.6", kSure},
    {true, kLinuxAnswers, 64, segments(4), kAnyScale, "Linux 2.6", kSure},
    {true, kWindowsAnswers, 128, bytes(65535), 8, "Windows 10 or later", kSure},
    {true, kWindowsAnswers, 128, bytes(65535), kNoScale, "Windows XP", kSure},
    {true, kWindowsAnswers, 128, bytes(16384), kNoScale, "Windows XP", kSure},
    {true, kWindowsAnswers, 128, bytes(8192), kNoScale, "Windows 7 or 8", kSure},
    {true, kWindowsAnswers, 128, bytes(8192), 8, "Windows 7 or 8", kSure},
    {true, kFreeBsdAnswers, 64, bytes(65535), 6, "FreeBSD 9", kSure},
    {true, kFreeBsdAnswers, 64, bytes(65535), 3, "FreeBSD 8", kSure},
    {true, kOpenBsdAnswers, 64, bytes(16384), 3, "OpenBSD 5", kSure},
    {true, kSolaris8Answers, 64, segments(19), kNoScale, "Solaris 8", kSure},
    {true, kSolaris10Answers, 64, segments(37), kNoScale, "Solaris 10", kSure},
    {true, kHpUxAnswers, 64, bytes(32768), kNoScale, "HP-UX 11", kSure},
};

struct Options {
  Layout layout = 0;
  std::uint16_t mss = 0;
  int scale = kNoScale;
  bool has_timestamp = false;
};

// Layout 0 where the options contradict RFC 9293 clause 3.2 or hold one that no row knows.
Options read_options(std::span<const std::uint8_t> bytes) {
  Options read;
  Cursor in(bytes);
  for (int count = 0; in.left() > 0; ++count) {
    const std::uint8_t kind = in.u8();
    if (count == kLayoutMax || kind > Kind::timestamp) return {};
    read.layout = with(read.layout, kind);
    if (kind == Kind::eol) break;
    if (kind == Kind::nop) continue;
    const std::uint8_t length = in.u8();
    if (length < 2) return {};
    Cursor value = in.child(length - 2U);
    if (kind == Kind::mss) read.mss = value.be16();
    if (kind == Kind::scale) read.scale = value.u8();
    read.has_timestamp = read.has_timestamp || kind == Kind::timestamp;
    if (!value.is_good()) return {};
  }
  return in.is_good() ? read : Options{};
}

// Segments are as long as the size asked for, or shorter by the timestamp in each.
bool fits(const Window& wanted, std::uint16_t window, const Options& options) {
  constexpr std::uint32_t kTimestampBytes = 12;
  if (wanted.size != 0) return window == wanted.size;
  if (wanted.segments == 0) return true;
  const std::uint32_t mss = options.mss;
  if (mss <= kTimestampBytes) return false;
  return window == wanted.segments * mss ||
         (options.has_timestamp && window == wanted.segments * (mss - kTimestampBytes));
}

}  // namespace

std::optional<Stack> identify(const Handshake& handshake) {
  const Options options = read_options(handshake.options);
  if (options.layout == 0) return std::nullopt;
  for (const Row& row : kRows) {
    if (row.is_answer != handshake.is_answer || row.ttl < handshake.ttl ||
        row.ttl - handshake.ttl > kHopsMax ||
        (row.scale != kAnyScale && row.scale != options.scale) ||
        !fits(row.window, handshake.window, options) ||
        std::find(row.layouts.begin(), row.layouts.end(), options.layout) == row.layouts.end())
      continue;
    return Stack{row.os, row.confidence, static_cast<std::uint8_t>(row.ttl - handshake.ttl)};
  }
  return std::nullopt;
}

}  // namespace osect::dissect::tcp_stack
