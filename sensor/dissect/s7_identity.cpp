// System status lists: module (xy11) and component (xy1C) identification, operating state (xy24),
// protection (xy32).
#include "sensor/dissect/s7_identity.h"

#include <algorithm>
#include <array>

namespace osect::dissect::s7 {
namespace {

constexpr std::uint8_t kSure = 95;
constexpr std::uint8_t kLessPrecise = 85;  // the order number where the type's name is not read
constexpr std::uint8_t kModule = 0x11;
constexpr std::uint8_t kComponent = 0x1c;
constexpr std::uint8_t kMode = 0x24;
constexpr std::uint8_t kCommunication = 0x32;
constexpr std::uint16_t kProtection = 4;  // index of list xy32
constexpr std::size_t kIndexBytes = 2;
constexpr std::size_t kModuleBytes = 28;
constexpr std::size_t kComponentBytes = 34;

std::size_t record_bytes(std::uint8_t list) {
  return list == kModule ? kModuleBytes : list == kComponent ? kComponentBytes : 0;
}

// Between the parts of a list: the list, how many bytes of a record the last part ended with, and
// that record's index.
struct Rest {
  std::uint8_t list;
  std::uint8_t bytes;
  std::uint16_t index;
};

Rest unpack(std::uint32_t word) {
  return {static_cast<std::uint8_t>(word >> 24U), static_cast<std::uint8_t>(word >> 16U),
          static_cast<std::uint16_t>(word)};
}

std::uint32_t pack(const Rest& rest) {
  return std::uint32_t{rest.list} << 24U | std::uint32_t{rest.bytes} << 16U | rest.index;
}

void add_module(std::uint16_t index, Cursor record, Collected& facts) {
  constexpr std::uint16_t kUnit = 1;
  constexpr std::uint16_t kHardware = 6;
  constexpr std::uint16_t kFirmware = 7;
  constexpr std::uint16_t kBootLoader = 0x81;
  const std::string_view order_number = trimmed(record.text(20));
  record.skip(2);  // type
  const std::uint8_t version[] = {record.u8(), record.u8(), record.u8(), record.u8()};
  if (!record.is_good()) return;
  switch (index) {
    case kUnit:
      facts.add_raw(about_sender("order_number", kSure), order_number);
      facts.add_raw(about_sender("model", kLessPrecise), order_number);
      if (order_number.starts_with("6ES7") || order_number.starts_with("6AG1"))
        facts.add(about_sender("vendor", kSure), "Siemens");
      return;
    case kHardware:
      facts.add_text(about_sender("hardware", kSure),
                     [&](Writer& to) { to.decimal(std::uint32_t{version[0]} << 8U | version[1]); });
      return;
    case kFirmware:
      if (version[0] != 'V') return;
      facts.add_text(about_sender("firmware", kSure), [&](Writer& to) {
        to.put('V').decimal(version[1]).put('.').decimal(version[2]).put('.').decimal(version[3]);
      });
      return;
    case kBootLoader:
      facts.add_text(about_sender("boot_loader", kSure), [&](Writer& to) {
        to.printable(order_number).put(' ').put(static_cast<char>(version[0] & 0x7fU)).put(' ');
        to.decimal(version[2]).put('.').decimal(version[3]);
      });
      return;
    default:
      return;
  }
}

void add_component(std::uint16_t index, Cursor record, Collected& facts) {
  constexpr std::array<std::string_view, 12> kAttributes = {
      "", "station_name", "module_name", "plant_name", "copyright", "serial",
      "", "model",        "memory_card", "",           "",          "location"};
  // Of a redundant system the upper byte says which of its controllers.
  const std::uint8_t what = index & 0xffU;
  if (what >= kAttributes.size() || kAttributes[what].empty()) return;
  facts.add_raw(about_sender(kAttributes[what], kSure), record.text(kComponentBytes - kIndexBytes));
}

void add_record(std::uint8_t list, std::uint16_t index, Cursor record, Collected& facts) {
  if (list == kModule)
    add_module(index, record, facts);
  else
    add_component(index, record, facts);
}

void add_mode(Cursor record, Collected& facts) {
  record.skip(3);  // event, its kind
  facts.add(about_sender("cpu_mode", kSure), operating_state(record.u8() & 0x0fU));
}

void add_protection(Cursor record, Collected& facts) {
  constexpr std::array<std::string_view, 5> kSwitch = {"", "RUN", "RUN_P", "STOP", "MRES"};
  if (record.be16() != kProtection) return;
  record.skip(4);  // level at the switch, level assigned
  const std::uint16_t level = record.be16();
  const std::uint16_t position = record.be16();
  if (!record.is_good()) return;
  if (level > 0)
    facts.add_text(about_sender("protection_level", kSure), [&](Writer& to) { to.decimal(level); });
  if (position < kSwitch.size()) facts.add(about_sender("mode_switch", kSure), kSwitch[position]);
}

// The records that lie whole in this part; what the next part must know of the one that does not.
std::uint32_t read_records(std::uint8_t list, Cursor records, Collected& facts) {
  const std::size_t size = record_bytes(list);
  while (records.left() >= size) {
    Cursor record = records.child(size);
    const std::uint16_t index = record.be16();
    add_record(list, index, record, facts);
  }
  const auto left = static_cast<std::uint8_t>(records.left());
  const std::uint16_t index = left >= kIndexBytes ? records.be16() : std::uint16_t{0};
  return pack({list, left, index});
}

}  // namespace

std::string_view operating_state(std::uint8_t number) {
  constexpr std::array<std::string_view, 14> kWords = {
      "",        "STOP", "STOP", "STOP", "STOP",    "STARTUP", "STARTUP",
      "STARTUP", "RUN",  "RUN",  "HOLD", "LINK_UP", "UPDATE",  "DEFECTIVE"};
  return number < kWords.size() ? kWords[number] : std::string_view();
}

std::string_view mode_after_transition(std::uint8_t subfunction) {
  switch (subfunction) {
    case 0:
      return "STOP";
    case 1:
    case 3:
    case 6:
      return "STARTUP";
    case 2:
    case 9:
      return "RUN";
    case 4:
      return "HOLD";
    case 11:
      return "LINK_UP";
    case 12:
      return "UPDATE";
    default:
      return {};
  }
}

void read_status_list(Cursor list, bool is_first, std::uint32_t& rest, Collected& facts) {
  if (!is_first) {
    const Rest before = unpack(rest);
    const std::size_t size = record_bytes(before.list);
    if (size == 0) return;
    if (before.bytes == kIndexBytes && list.left() + kIndexBytes >= size)
      add_record(before.list, before.index, list, facts);
    if (before.bytes > 0) list.skip(size - before.bytes);
    rest = list.is_good() ? read_records(before.list, list, facts) : 0;
    return;
  }
  rest = 0;
  const std::uint8_t what = list.be16() & 0xffU;
  list.skip(2);  // index
  const std::uint16_t size = list.be16();
  const std::uint16_t count = list.be16();
  if (!list.is_good() || count == 0) return;
  if (record_bytes(what) != 0 && size == record_bytes(what))
    rest = read_records(what, list, facts);
  else if (what == kMode)
    add_mode(list.child(std::min<std::size_t>(size, list.left())), facts);
  else if (what == kCommunication)
    add_protection(list.child(std::min<std::size_t>(size, list.left())), facts);
}

}  // namespace osect::dissect::s7
