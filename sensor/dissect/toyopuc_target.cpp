// The areas of a TOYOPUC CPU and how its programs spell their devices.
#include "sensor/dissect/toyopuc_target.h"

#include <algorithm>
#include <span>

namespace osect::dissect::toyopuc_message {
namespace {

// Words and bits are addressed through the same bytes: a word has two, a bit an eighth.
enum class Unit : std::uint8_t { bit, byte, word };

struct Area {  // NOLINT(clang-analyzer-optin.performance.Padding): as the manual lists them
  std::uint32_t first;  // byte
  std::uint32_t bytes;
  std::string_view name;
  bool is_of_bits;           // its bits are numbered: M0010W is M0100 to M010F
  std::uint16_t number = 0;  // of the first word
  std::uint8_t digits = 4;
};

constexpr Area kBasic[] = {
    {0x0000, 0x0040, "P", true},   {0x0040, 0x0060, "K", true},  {0x00a0, 0x0020, "V", true},
    {0x00c0, 0x0040, "T/C", true}, {0x0100, 0x0100, "L", true},  {0x0200, 0x0100, "X/Y", true},
    {0x0300, 0x0100, "M", true},   {0x0400, 0x0800, "S", false}, {0x0c00, 0x0400, "N", false},
    {0x1000, 0x1000, "R", false},  {0x2000, 0x6000, "D", false}, {0xc000, 0x4000, "B", false},
};

// Of a program of its own (P1 to P3); from 0xc000 on what only the PC10 has.
constexpr Area kProgram[] = {
    {0x0000, 0x0040, "P", true},          {0x0040, 0x0060, "K", true},
    {0x00a0, 0x0020, "V", true},          {0x00c0, 0x0040, "T/C", true},
    {0x0100, 0x0100, "L", true},          {0x0200, 0x0100, "X/Y", true},
    {0x0300, 0x0100, "M", true},          {0x0400, 0x0800, "S", false},
    {0x0c00, 0x0400, "N", false},         {0x1000, 0x1000, "R", false},
    {0x2000, 0x6000, "D", false},         {0xc000, 0x0100, "P", true, 0x100},
    {0xc100, 0x0100, "V", true, 0x100},   {0xc200, 0x0100, "T/C", true, 0x100},
    {0xc300, 0x0100, "M", true, 0x100},   {0xc400, 0x0400, "L", true, 0x100},
    {0xc800, 0x0800, "S", false, 0x1000}, {0xd000, 0x1000, "N", false, 0x1000},
};

constexpr Area kExtended[] = {
    {0x0000, 0x0200, "EP", true},    {0x0200, 0x0200, "EK", true},  {0x0400, 0x0200, "EV", true},
    {0x0600, 0x0100, "ET/EC", true}, {0x0700, 0x0400, "EL", true},  {0x0b00, 0x0100, "EX/EY", true},
    {0x0c00, 0x0400, "EM", true},    {0x1000, 0x1000, "ES", false}, {0x2000, 0x1000, "EN", false},
    {0x3000, 0x1000, "H", false},
};

constexpr Area kGeneral[] = {{0x0000, 0x2000, "GX/GY", true}, {0x2000, 0x2000, "GM", true}};
constexpr Area kU[] = {{0, 0x40000, "U", false, 0, 5}};
constexpr Area kEb[] = {{0, 0x80000, "EB", false, 0, 5}};
constexpr Area kFr[] = {{0, 0x400000, "FR", false, 0, 6}};

struct Space {
  std::string_view prefix;
  std::span<const Area> areas;
  std::uint32_t first = 0;  // byte of the areas that the space begins with
};

constexpr Space program_space(std::uint8_t number) {
  constexpr std::string_view kPrefixes[] = {"P1-", "P2-", "P3-"};
  return {kPrefixes[(number - 1U) % 3], kProgram};
}

// Commands 94 to 99 say "program number".
constexpr Space space_of_program_number(std::uint8_t number) {
  switch (number) {
    case 0x00:
      return {"", kExtended};
    case 0x01:
    case 0x02:
    case 0x03:
      return program_space(number);
    case 0x07:
      return {"", kGeneral};
    case 0x08:
      return {"", kU};
    default:
      return {};
  }
}

// Commands C2 to CA say "Ex No."; each is 64 Kbyte.
constexpr Space space_of_ex_number(std::uint32_t number) {
  if (number == 0x01) return {"", kExtended};
  if (number >= 0x03 && number <= 0x06) return {"", kU, (number - 0x03) << 16};
  if (number >= 0x0d && number <= 0x0f)
    return program_space(static_cast<std::uint8_t>(number - 12));
  if (number >= 0x10 && number <= 0x17) return {"", kEb, (number - 0x10) << 16};
  if (number >= 0x40 && number <= 0x7f) return {"", kFr, (number - 0x40) << 16};
  return {};
}

void write_number(Writer& to, std::uint32_t number, std::size_t digits) {
  for (; digits > 0; --digits) to.put("0123456789ABCDEF"[number >> 4 * (digits - 1) & 0xf]);
}

// "D0100", "D0100L", "M0010W", "M0107"; the address where no area has it.
void write_device(Writer& to, const Space& space, std::uint32_t byte, std::uint32_t bit,
                  Unit unit) {
  byte += space.first;
  const auto area = std::find_if(space.areas.begin(), space.areas.end(), [&](const Area& row) {
    return byte >= row.first && byte - row.first < row.bytes;
  });
  if (area == space.areas.end()) {
    to.put("0x").hex(unit == Unit::word ? byte / 2 : byte, 4);
    if (unit == Unit::bit) to.put('.').decimal(bit);
    return;
  }
  const std::uint32_t word = area->number + (byte - area->first) / 2;
  const std::uint32_t bit_of_word = byte % 2 * 8 + bit;
  to.put(space.prefix).put(area->name);
  if (unit == Unit::bit && area->is_of_bits) {
    write_number(to, word * 16 + bit_of_word, area->digits);
    return;
  }
  write_number(to, word, area->digits);
  if (unit == Unit::bit) {
    to.put('.');
    write_number(to, bit_of_word, 1);
  } else if (unit == Unit::byte) {
    to.put(byte % 2 == 0 ? 'L' : 'H');
  } else if (area->is_of_bits) {
    to.put('W');
  }
}

void write_range(Writer& to, const Space& space, std::uint32_t byte, std::size_t count, Unit unit) {
  write_device(to, space, byte, 0, unit);
  if (count < 2) return;
  const std::size_t size = unit == Unit::word ? 2 : 1;
  to.put("..");
  write_device(to, space, static_cast<std::uint32_t>(byte + (count - 1) * size), 0, unit);
}

// As commands of the basic areas address them.
void write_basic(Writer& to, std::uint16_t address, Unit unit) {
  const Space basic{"", kBasic};
  switch (unit) {
    case Unit::bit:
      return write_device(to, basic, address / 8, address % 8, unit);
    case Unit::byte:
      return write_device(to, basic, address, 0, unit);
    case Unit::word:
      return write_device(to, basic, std::uint32_t{address} * 2, 0, unit);
  }
}

// The first devices of a list of `count`, then how many more.
template <typename WriteOne>
void write_list(Writer& to, const Cursor& data, std::size_t count, WriteOne&& write_one) {
  constexpr std::size_t kNamedMax = 3;
  for (std::size_t i = 0; i < std::min(count, kNamedMax) && data.is_good(); ++i) {
    if (i > 0) to.put(", ");
    write_one(i);
  }
  if (count > kNamedMax) to.put(" +").decimal(count - kNamedMax);
}

// 22 to 27: addresses, in the writing (odd) ones with a value behind each.
void write_basic_list(Writer& to, std::uint8_t command, Cursor& data, std::size_t length) {
  const Unit unit = command <= 0x23 ? Unit::word : command <= 0x25 ? Unit::byte : Unit::bit;
  const std::size_t value = command % 2 == 0 ? 0 : unit == Unit::word ? 2 : 1;
  write_list(to, data, length / (2 + value), [&](std::size_t) {
    write_basic(to, data.le16(), unit);
    data.skip(value);
  });
}

// 94 to 97.
void write_extended(Writer& to, std::uint8_t command, Cursor& data, std::size_t length) {
  constexpr std::size_t kHead = 3;
  const Unit unit = command <= 0x95 ? Unit::word : Unit::byte;
  const std::size_t size = unit == Unit::word ? 2 : 1;
  const std::uint8_t number = data.u8();
  const std::uint32_t byte = data.le16() * static_cast<std::uint32_t>(size);
  const bool is_read = command % 2 == 0;
  const std::size_t count = is_read ? data.le16() : (std::max(length, kHead) - kHead) / size;
  const Space space = space_of_program_number(number);
  if (space.areas.empty()) to.put("number ").decimal(number).put(' ');
  write_range(to, space, byte, count, unit);
}

// 98, 99: how many bits, bytes and words, then each of them.
void write_extended_list(Writer& to, std::uint8_t command, Cursor& data) {
  const std::size_t bits = data.u8();
  const std::size_t bytes = data.u8();
  const std::size_t words = data.u8();
  const bool has_values = command % 2 != 0;
  write_list(to, data, bits + bytes + words, [&](std::size_t i) {
    const Unit unit = i < bits ? Unit::bit : i < bits + bytes ? Unit::byte : Unit::word;
    const std::uint8_t head = data.u8();  // of bits: their place in the byte, program number
    const std::uint32_t address = data.le16();
    const std::uint8_t number = unit == Unit::bit ? head & 0xf : head;
    const Space space = space_of_program_number(number);
    if (space.areas.empty()) to.put("number ").decimal(number).put(' ');
    write_device(to, space, unit == Unit::word ? address * 2 : address,
                 unit == Unit::bit ? head >> 4 : 0, unit);
    if (has_values) data.skip(unit == Unit::word ? 2 : 1);
  });
}

// C2, C3: so many bytes.
void write_block(Writer& to, std::uint8_t command, Cursor& data, std::size_t length) {
  constexpr std::size_t kHead = 4;
  const std::uint32_t address = data.le32();
  const std::size_t bytes = command == 0xc2 ? data.le16() : std::max(length, kHead) - kHead;
  const Space space = space_of_ex_number(address >> 16);
  const bool is_words = !space.areas.empty() && address % 2 == 0 && bytes % 2 == 0;
  const std::uint32_t byte = space.areas.empty() ? address : address & 0xffff;
  write_range(to, space, byte, is_words ? bytes / 2 : bytes, is_words ? Unit::word : Unit::byte);
}

// C4, C5: how many bits, bytes, words and long words, the address of each, then the values.
void write_block_list(Writer& to, Cursor& data) {
  const std::size_t bits = data.u8();
  const std::size_t bytes = data.u8();
  std::size_t words = data.u8();
  words += data.u8();
  write_list(to, data, bits + bytes + words, [&](std::size_t i) {
    const std::uint32_t address = data.le32();
    const bool is_bit = i < bits;
    const std::uint32_t byte = is_bit ? address / 8 : address;
    const Space space = space_of_ex_number(byte >> 16);
    if (is_bit)
      write_device(to, space, space.areas.empty() ? byte : byte & 0xffff, address % 8, Unit::bit);
    else if (space.areas.empty())
      write_device(to, space, byte, 0, Unit::byte);
    else
      write_device(to, space, byte & 0xffff, 0, i < bits + bytes ? Unit::byte : Unit::word);
  });
}

// 1C to 1F, also of the sequence program (18, 19), whose steps have no name.
void write_basic_range(Writer& to, std::uint8_t command, Cursor& data, std::size_t length) {
  constexpr std::size_t kHead = 2;
  const Unit unit = command <= 0x1d ? Unit::word : Unit::byte;
  const std::size_t size = unit == Unit::word ? 2 : 1;
  const std::uint32_t address = data.le16();
  const bool is_read = command % 2 == 0;
  const std::size_t count = is_read ? data.le16() : (std::max(length, kHead) - kHead) / size;
  if (command <= 0x19)
    to.put("0x").hex(address, 4).put(" x").decimal(count);
  else
    write_range(to, {"", kBasic}, address * static_cast<std::uint32_t>(size), count, unit);
}

}  // namespace

void write_target(Writer& to, std::uint8_t command, Cursor& data, std::size_t length) {
  constexpr std::size_t kFlashBlockWords = 0x8000;
  switch (command) {
    case 0x18:
    case 0x19:
    case 0x1c:
    case 0x1d:
    case 0x1e:
    case 0x1f:
      return write_basic_range(to, command, data, length);
    case 0x20:
    case 0x21:
      return write_basic(to, data.le16(), Unit::bit);
    case 0x22:
    case 0x23:
    case 0x24:
    case 0x25:
    case 0x26:
    case 0x27:
      return write_basic_list(to, command, data, length);
    case 0x94:
    case 0x95:
    case 0x96:
    case 0x97:
      return write_extended(to, command, data, length);
    case 0x98:
    case 0x99:
      return write_extended_list(to, command, data);
    case 0xc2:
    case 0xc3:
      return write_block(to, command, data, length);
    case 0xc4:
    case 0xc5:
      return write_block_list(to, data);
    case 0xca:
      return write_range(to, space_of_ex_number(data.u8()), 0, kFlashBlockWords, Unit::word);
    default:
      return;
  }
}

}  // namespace osect::dissect::toyopuc_message
