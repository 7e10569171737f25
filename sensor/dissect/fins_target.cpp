// What the data of a FINS command names; OMRON W342, clause 5-2 (memory and parameter areas) and
// the commands of chapter 5-3; W227 for the areas of the CV series.
#include "sensor/dissect/fins_target.h"

#include <array>

namespace osect::dissect::fins_message {
namespace {

constexpr std::size_t kNamedMax = 3;  // of a list of addresses or files; the others are counted
constexpr std::size_t kFileNameBytes = 12;

enum class Unit : std::uint8_t { none, bit, word, element };

struct Area {
  std::string_view name;
  Unit unit = Unit::none;
};

// Clause 5-2-2; 0x00, 0x01, 0x80, 0x81 and 0x90..0x9c are those of the CV series. Bank names end in
// "_", as programming writes E0_100.
constexpr std::array<Area, 256> kAreas = [] {
  constexpr std::array<std::string_view, 25> kBanks = {
      "E0_",  "E1_",  "E2_",  "E3_",  "E4_",  "E5_",  "E6_", "E7_",  "E8_",
      "E9_",  "EA_",  "EB_",  "EC_",  "ED_",  "EE_",  "EF_", "E10_", "E11_",
      "E12_", "E13_", "E14_", "E15_", "E16_", "E17_", "E18_"};
  constexpr std::array<std::string_view, 4> kContacts = {"CIO", "W", "H", "A"};
  std::array<Area, 256> areas{};
  for (std::size_t i = 0; i < kContacts.size(); ++i) {
    areas[0x30 + i] = areas[0x70 + i] = {kContacts[i], Unit::bit};
    areas[0xb0 + i] = areas[0xf0 + i] = {kContacts[i], Unit::word};
  }
  areas[0x00] = areas[0x40] = {"CIO", Unit::bit};
  areas[0x80] = areas[0xc0] = {"CIO", Unit::word};
  areas[0x01] = areas[0x41] = {"T", Unit::element};
  areas[0x81] = {"T", Unit::element};
  areas[0x09] = areas[0x49] = {"T", Unit::element};
  areas[0x89] = {"T", Unit::element};
  areas[0x02] = {"DM", Unit::bit};
  areas[0x82] = {"DM", Unit::word};
  areas[0x03] = areas[0x43] = {"TN", Unit::element};
  areas[0x04] = areas[0x44] = areas[0x84] = {"ST", Unit::element};
  areas[0x06] = areas[0x46] = {"TK", Unit::element};
  areas[0x07] = {"clock pulse ", Unit::element};
  for (std::size_t i = 0; i < 16; ++i) {
    areas[0x20 + i] = {kBanks[i], Unit::bit};
    areas[0xa0 + i] = {kBanks[i], Unit::word};
  }
  for (std::size_t i = 0; i < 9; ++i) {
    areas[0xe0 + i] = {kBanks[16 + i], Unit::bit};
    areas[0x60 + i] = {kBanks[16 + i], Unit::word};
  }
  for (std::size_t i = 0; i < 8; ++i) areas[0x90 + i] = {kBanks[i], Unit::word};
  areas[0x0a] = {"EM", Unit::bit};
  areas[0x98] = {"EM", Unit::word};
  areas[0x9c] = {"register ", Unit::element};
  areas[0xbc] = {"DR", Unit::element};
  areas[0xdc] = {"IR", Unit::element};
  return areas;
}();

struct Address {
  std::uint8_t code = 0;
  std::uint32_t word = 0;
  std::uint32_t bit = 0;
};

Address read_address(Cursor& data) {
  Address address;
  address.code = data.u8();
  address.word = data.be16();
  address.bit = data.u8();
  return address;
}

// Counters stand behind the timers: from 0x8000, in the CV series from 0x0800.
std::string_view name_of(const Address& address, std::uint32_t& word) {
  const bool is_cv = (address.code & 0x3f) == 1;
  const std::uint32_t counters = is_cv ? 0x0800 : 0x8000;
  const bool is_timer = is_cv || (address.code & 0x3f) == 9;
  if (!is_timer || word < counters) return kAreas[address.code].name;
  word -= counters;
  return "C";
}

void write_one(Writer& to, const Address& address, std::uint32_t ahead) {
  std::uint32_t word = address.word;
  const Area& area = kAreas[address.code];
  if (area.unit == Unit::none) {
    to.put("area 0x").hex(address.code, 2).put(' ').decimal(word + ahead);
    return;
  }
  to.put(name_of(address, word));
  if (area.unit != Unit::bit) {
    to.decimal(word + ahead);
    return;
  }
  const std::uint32_t bit = address.bit + ahead;
  to.decimal(word + bit / 16).put('.').put(bit % 16 < 10 ? "0" : "").decimal(bit % 16);
}

void write_range(Writer& to, const Address& address, std::uint32_t count) {
  write_one(to, address, 0);
  if (count <= 1) return;
  if (kAreas[address.code].unit == Unit::none)
    to.put("..").decimal(std::uint64_t{address.word} + count - 1);
  else
    write_one(to.put(".."), address, count - 1);
}

// The first few of many, then how many more.
void write_more(Writer& to, std::size_t total) {
  if (total > kNamedMax) to.put(" +").decimal(total - kNamedMax);
}

void write_addresses(Writer& to, Cursor& data, std::size_t total, std::size_t before) {
  for (std::size_t i = 0; i < total && i < kNamedMax && data.is_good(); ++i) {
    data.skip(before);
    write_range(i > 0 ? to.put(", ") : to, read_address(data), 1);
  }
  write_more(to, total);
}

void write_numbers(Writer& to, std::uint32_t first, std::uint32_t count) {
  to.put(' ').decimal(first);
  if (count > 1) to.put("..").decimal(std::uint64_t{first} + count - 1);
}

void write_parameter_area(Writer& to, Cursor& data) {
  constexpr std::uint16_t kLast = 0x8000;  // of the count: the last of several messages
  const std::uint16_t area = data.be16();
  const std::uint16_t first = data.be16();
  const std::uint16_t count = data.be16() & static_cast<std::uint16_t>(~kLast);
  switch (area) {
    case 0x8002:
      to.put("CPU bus unit setup");
      break;
    case 0x8010:
      to.put("PLC setup");
      break;
    case 0x8011:
      to.put("peripheral device setup");
      break;
    case 0x8012:
      to.put("I/O table");
      break;
    case 0x8013:
      to.put("routing table");
      break;
    default:
      to.put("parameter area 0x").hex(area, 4);
  }
  write_numbers(to, first, count);
}

void write_program(Writer& to, Cursor& data) {
  const std::uint16_t program = data.be16();
  to.put("program");
  if (program != 0xffff) to.put(' ').decimal(program);  // else the only one
}

void write_run_mode(Writer& to, Cursor& data) {
  if (data.left() < 3) return;  // without a mode it is MONITOR
  data.skip(2);
  const std::uint8_t mode = data.u8();
  if (mode == 1) to.put("mode DEBUG");
  if (mode == 2) to.put("mode MONITOR");
  if (mode == 4) to.put("mode RUN");
}

void write_disk(Writer& to, Cursor& data) {
  const std::uint16_t disk = data.be16();
  if (disk == 0x8000)
    to.put("memory card");
  else if (disk == 0x8001)
    to.put("EM file memory");
  else
    to.put("disk ").decimal(disk);
}

void write_file(Writer& to, Cursor& data) {
  to.put(' ').printable(trimmed(data.text(kFileNameBytes)));
}

void write_file_delete(Writer& to, Cursor& data) {
  write_disk(to, data);
  const std::size_t total = data.be16();
  for (std::size_t i = 0; i < total && i < kNamedMax && data.is_good(); ++i)
    write_file(i > 0 ? to.put(',') : to, data);
  write_more(to, total);
}

// Between memory and a file; the first parameter tells which way.
void write_transfer(Writer& to, std::uint16_t command, Cursor& data) {
  constexpr std::uint16_t kFromFile = 1;
  Text<48> memory;
  const std::uint16_t parameter = data.be16();
  if (command == 0x220a) {
    const Address address = read_address(data);
    write_range(memory, address, data.be16());
  } else if (command == 0x220b) {
    write_parameter_area(memory, data);
  } else {
    write_program(memory, data);
    data.skip(8);  // beginning word, number of bytes
  }
  Text<48> file;
  write_disk(file, data);
  write_file(file, data);
  const bool is_from_file = (parameter & 0xff) == kFromFile;
  to.put(is_from_file ? file.text() : memory.text()).put(" to ");
  to.put(is_from_file ? memory.text() : file.text());
}

void write_file_target(Writer& to, std::uint16_t command, Cursor& data) {
  write_disk(to, data);
  switch (command) {
    case 0x2203:
    case 0x2206:
      data.skip(2);  // how
      break;
    case 0x2201:
    case 0x2204:
      return;
    default:
      break;
  }
  write_file(to, data);
  if (command == 0x2207) {
    write_disk(to.put(" to "), data);
    write_file(to, data);
  } else if (command == 0x2208) {
    write_file(to.put(" to"), data);
  }
}

void write_memory_transfer(Writer& to, Cursor& data) {
  const Address from = read_address(data);
  const Address target = read_address(data);
  const std::uint16_t count = data.be16();
  write_range(to, from, count);
  write_range(to.put(" to "), target, count);
}

}  // namespace

void write_target(Writer& to, std::uint16_t command, Cursor& data, bool is_whole) {
  switch (command) {
    case 0x0101:
    case 0x0102:
    case 0x0103:
    case 0x230a: {
      const Address first = read_address(data);
      write_range(to, first, data.be16());
      break;
    }
    case 0x0104:
    case 0x0110:
      data.expect(is_whole);  // nothing else tells how many they are
      write_addresses(to, data, data.left() / 4, 0);
      break;
    case 0x0105:
      write_memory_transfer(to, data);
      break;
    case 0x0201:
    case 0x0202:
    case 0x0203:
      write_parameter_area(to, data);
      break;
    case 0x0304:
    case 0x0305:
    case 0x0306:
    case 0x0307:
    case 0x0308:
      write_program(to, data);
      break;
    case 0x0401:
      write_run_mode(to, data);
      break;
    case 0x2201:
    case 0x2202:
    case 0x2203:
    case 0x2204:
    case 0x2206:
    case 0x2207:
    case 0x2208:
    case 0x2209:
      write_file_target(to, command, data);
      break;
    case 0x2205:
      write_file_delete(to, data);
      break;
    case 0x220a:
    case 0x220b:
    case 0x220c:
      write_transfer(to, command, data);
      break;
    case 0x2301: {
      const std::size_t count = data.be16();
      write_addresses(to, data, count, 2);
      break;
    }
    default:
      break;
  }
}

}  // namespace osect::dissect::fins_message
