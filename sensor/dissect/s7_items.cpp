// S7comm's ways to name a variable: S7ANY, DBREAD, symbolic, NCK; packet-s7comm's syntax ids.
#include "sensor/dissect/s7_items.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace osect::dissect::s7 {
namespace {

using decode::Cursor;

constexpr std::uint8_t kVariable = 0x12;
constexpr std::uint8_t kDataBlock = 0x84;
constexpr std::size_t kItemsWritten = 4;

// Syntax ids.
constexpr std::uint8_t kS7Any = 0x10;
constexpr std::uint8_t kNck = 0x82;
constexpr std::uint8_t kNckMetric = 0x83;
constexpr std::uint8_t kNckInch = 0x84;
constexpr std::uint8_t kDriveParameter = 0xa2;
constexpr std::uint8_t kDbRead = 0xb0;
constexpr std::uint8_t kSymbolic = 0xb2;

struct Area {
  std::uint8_t code;
  std::string_view word;
  bool is_numbered;  // timers and counters: an element's number instead of a place in memory
};
constexpr std::array<Area, 17> kAreas = {{
    {0x01, "RD", true},     // data record
    {0x03, "SYS", false},   // 200 family: system information
    {0x05, "SM", false},    // 200 family: system flags
    {0x06, "AI", false},    // 200 family: analog inputs
    {0x07, "AQ", false},    // 200 family: analog outputs
    {0x1c, "C", true},      // counters
    {0x1d, "T", true},      // timers
    {0x1e, "IEC_C", true},  // 200 family
    {0x1f, "IEC_T", true},  // 200 family
    {0x80, "P", false},     // peripherals
    {0x81, "I", false},
    {0x82, "Q", false},
    {0x83, "M", false},
    {0x84, "DB", false},
    {0x85, "DI", false},
    {0x86, "L", false},
    {0x87, "V", false},
}};

// The letter of an element's width, by transport size.
char width_letter(std::uint8_t transport) {
  switch (transport) {
    case 0x01:
      return 'X';
    case 0x04:  // WORD
    case 0x05:  // INT
    case 0x0c:  // S5TIME
      return 'W';
    case 0x06:  // DWORD
    case 0x07:  // DINT
    case 0x08:  // REAL
    case 0x0a:  // TOD
    case 0x0b:  // TIME
      return 'D';
    default:  // BYTE, CHAR and structures
      return 'B';
  }
}

void write_count(Writer& to, std::uint16_t count) {
  if (count > 1) to.put(" x").decimal(count);
}

void write_any(Writer& to, Cursor item) {
  const std::uint8_t transport = item.u8();
  const std::uint16_t count = item.be16();
  const std::uint16_t block = item.be16();
  const std::uint8_t code = item.u8();
  const std::uint32_t address = item.be24();
  const auto* const area =
      std::find_if(kAreas.begin(), kAreas.end(), [&](const Area& a) { return a.code == code; });
  if (area == kAreas.end()) {
    to.put("area 0x").hex(code, 2).put(' ').decimal(address / 8);
  } else if (area->is_numbered) {
    to.put(area->word).decimal(address);
  } else {
    const char letter = width_letter(transport);
    const bool is_block = code == kDataBlock || code == kDataBlock + 1;
    to.put(area->word);
    if (is_block) to.decimal(block).put('.').put(area->word);
    if (is_block || letter != 'X') to.put(letter);
    to.decimal(address / 8);
    if (letter == 'X') to.put('.').decimal(address % 8);
  }
  write_count(to, count);
}

void write_db_read(Writer& to, Cursor item) {
  const std::uint8_t parts = item.u8();
  for (std::uint8_t i = 0; i < parts && item.left() > 0; ++i) {
    if (i == 2) {
      to.put(" +").decimal(parts - i);
      return;
    }
    if (i > 0) to.put(' ');
    const std::uint8_t count = item.u8();
    to.put("DB").decimal(item.be16()).put(".DBB");
    to.decimal(item.be16());
    write_count(to, count);
  }
}

void write_symbolic(Writer& to, Cursor item) {
  constexpr std::uint16_t kInBlock = 0x8a0e;
  constexpr std::uint16_t kFirstArea = 0x50;
  constexpr std::array<char, 5> kLetters = {'I', 'Q', 'M', 'C', 'T'};
  item.skip(1);
  const std::uint16_t kind = item.be16();
  const std::uint16_t which = item.be16();
  if (kind == kInBlock)
    to.put("DB").decimal(which);
  else if (kind == 0 && which >= kFirstArea && which < kFirstArea + kLetters.size())
    to.put(kLetters[which - kFirstArea]);
  else
    to.put("area 0x").hex(which, 4);
  to.put(" symbol");
}

void write_nck(Writer& to, Cursor item) {
  const std::uint8_t where = item.u8();
  const std::uint16_t column = item.be16();
  const std::uint16_t line = item.be16();
  const std::uint8_t module = item.u8();
  to.put("NCK area ").decimal(where >> 5U).put(" unit ").decimal(where & 0x1fU);
  to.put(" module ").decimal(module).put(" column ").decimal(column).put(" line ").decimal(line);
}

void write_item(Writer& to, Cursor item) {
  const std::uint8_t syntax = item.u8();
  switch (syntax) {
    case kS7Any:
      write_any(to, item);
      return;
    case kDbRead:
      write_db_read(to, item);
      return;
    case kSymbolic:
      write_symbolic(to, item);
      return;
    case kNck:
    case kNckMetric:
    case kNckInch:
      write_nck(to, item);
      return;
    case kDriveParameter:
      item.skip(5);
      to.put("drive parameter ").decimal(item.be16());
      return;
    default:
      to.put("syntax 0x").hex(syntax, 2);
  }
}

}  // namespace

void write_variables(Writer& to, Cursor& items) {
  const std::uint8_t count = items.u8();
  for (std::uint8_t i = 0; i < count && items.is_good(); ++i) {
    items.expect(items.u8() == kVariable);
    const std::uint8_t length = items.u8();
    const Cursor item = items.child(length);
    if (length % 2 != 0 && i + 1 < count) items.skip(1);
    if (i < kItemsWritten && to.size() < 44) {
      if (i > 0) to.put(", ");
      write_item(to, item);
      if (i + 1 < count && (i + 1U == kItemsWritten || to.size() >= 44))
        to.put(", +").decimal(count - i - 1U).put(" more");
    }
  }
}

std::string_view block_word(std::string_view type) {
  struct Kind {
    std::string_view code;
    std::string_view word;
  };
  constexpr std::array<Kind, 8> kKinds = {{{"08", "OB"},
                                           {"09", "CMOD"},
                                           {"0A", "DB"},
                                           {"0B", "SDB"},
                                           {"0C", "FC"},
                                           {"0D", "SFC"},
                                           {"0E", "FB"},
                                           {"0F", "SFB"}}};
  for (const Kind& kind : kKinds)
    if (kind.code == type) return kind.word;
  return {};
}

void write_block(Writer& to, std::string_view name) {
  if (!name.empty() && (name.front() == '_' || name.front() == '$')) name.remove_prefix(1);
  if (name.size() < 7) return;
  const std::string_view word = block_word(name.substr(0, 2));
  if (word.empty()) return;
  std::uint32_t number = 0;
  for (const char digit : name.substr(2, 5)) {
    if (digit < '0' || digit > '9') return;
    number = number * 10 + static_cast<std::uint32_t>(digit - '0');
  }
  to.put(word).decimal(number);
}

}  // namespace osect::dissect::s7
