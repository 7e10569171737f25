// What the data of an SLMP request names: devices, labels, buffer addresses, modes; SLMP reference
// manual SH-080956, chapters 5.2 and 5.3.
#include <algorithm>
#include <array>

#include "sensor/dissect/slmp_message.h"

namespace osect::dissect::slmp_message {
namespace {

constexpr std::size_t kNamedMax = 3;  // of a list of devices or labels; the others are counted
constexpr std::uint8_t kModuleAccess = 0xf8;
constexpr std::uint8_t kLinkDirect = 0xf9;
constexpr std::uint8_t kCpuBuffer = 0xfa;
constexpr std::uint16_t kForced = 3;

struct Device {  // NOLINT(clang-analyzer-optin.performance.Padding): as the manual's table stands
  std::uint16_t code;
  std::string_view name;
  bool is_bit;
  bool is_hexadecimal;
};

constexpr Device kDevices[] = {
    {0x91, "SM", true, false},   {0xa9, "SD", false, false},  {0x9c, "X", true, true},
    {0x9d, "Y", true, true},     {0x90, "M", true, false},    {0x92, "L", true, false},
    {0x93, "F", true, false},    {0x94, "V", true, false},    {0xa0, "B", true, true},
    {0x98, "S", true, false},    {0xa8, "D", false, false},   {0xb4, "W", false, true},
    {0xc1, "TS", true, false},   {0xc0, "TC", true, false},   {0xc2, "TN", false, false},
    {0x51, "LTS", true, false},  {0x50, "LTC", true, false},  {0x52, "LTN", false, false},
    {0xc7, "STS", true, false},  {0xc6, "STC", true, false},  {0xc8, "STN", false, false},
    {0x59, "LSTS", true, false}, {0x58, "LSTC", true, false}, {0x5a, "LSTN", false, false},
    {0xc4, "CS", true, false},   {0xc3, "CC", true, false},   {0xc5, "CN", false, false},
    {0x55, "LCS", true, false},  {0x54, "LCC", true, false},  {0x56, "LCN", false, false},
    {0xa1, "SB", true, true},    {0xb5, "SW", false, true},   {0xa2, "DX", true, true},
    {0xa3, "DY", true, true},    {0xcc, "Z", false, false},   {0x62, "LZ", false, false},
    {0xaf, "R", false, false},   {0xb0, "ZR", false, false},  {0x2c, "RD", false, false},
    {0xab, "G", false, false},   {0x2e, "HG", false, false},
};

// By the code's low byte; the high byte of listed devices is zero.
constexpr std::array<Device, 256> kByCode = [] {
  std::array<Device, 256> table{};
  for (const Device& device : kDevices) table[device.code] = device;
  return table;
}();

const Device* find_device(std::string_view name) {
  const auto* const at = std::find_if(std::begin(kDevices), std::end(kDevices),
                                      [&](const Device& device) { return device.name == name; });
  return at != std::end(kDevices) ? at : nullptr;
}

// How a subcommand writes its devices: bit 0 bits instead of words, bit 1 the wider form of iQ-R,
// bit 7 with an extension.
struct Form {
  explicit Form(std::uint16_t subcommand)
      : is_bits((subcommand & 1) != 0),
        is_wide((subcommand & 2) != 0),
        is_extended((subcommand & 0x80) != 0) {}
  bool is_bits;
  bool is_wide;
  bool is_extended;
};

struct Range {
  const Device* device = nullptr;  // null: not in the table
  std::uint32_t code = 0;
  std::uint32_t first = 0;
  std::uint8_t direct_memory = 0;
  std::uint16_t extension = 0;
};

Range read_binary_device(Fields& data, const Form& form) {
  Range range;
  Cursor& in = data.in();
  if (form.is_extended) in.skip(2);  // modification of the device number
  range.first = form.is_wide ? in.le32() : in.le24();
  range.code = form.is_wide ? in.le16() : in.u8();
  if (form.is_extended) {
    in.skip(2);  // modification of the extension
    range.extension = in.le16();
    range.direct_memory = in.u8();
  }
  if (range.code < kByCode.size() && !kByCode[range.code].name.empty())
    range.device = &kByCode[range.code];
  return range;
}

Range read_ascii_device(Fields& data, const Form& form) {
  Range range;
  Cursor& in = data.in();
  std::string_view name = in.text(form.is_wide ? 4 : 2);
  name = trimmed(name.substr(0, name.find('*')));
  range.device = find_device(name);
  const std::uint32_t base = range.device != nullptr && range.device->is_hexadecimal ? 16 : 10;
  for (const std::uint8_t c : in.bytes(form.is_wide ? 8 : 6)) {
    const std::uint32_t digit = digit_of(c);
    in.expect(digit < base || c == ' ');
    if (digit < base) range.first = range.first * base + digit;
  }
  return range;
}

Range read_device(Fields& data, const Form& form) {
  return data.is_ascii() ? read_ascii_device(data, form) : read_binary_device(data, form);
}

// As people write them: X1F, U3E0.
void write_hexadecimal(Writer& to, std::uint32_t number) {
  unsigned digits = 1;
  while (digits < 8 && number >> 4 * digits != 0) ++digits;
  for (; digits > 0; --digits) to.put("0123456789ABCDEF"[number >> 4 * (digits - 1) & 0xf]);
}

// "D100..D119", "U3E0\G10", "J1\W100".
void write_range(Writer& to, const Range& range, std::uint32_t points) {
  if (range.direct_memory == kLinkDirect) {
    to.put('J').decimal(range.extension).put('\\');
  } else if (range.direct_memory == kModuleAccess || range.direct_memory == kCpuBuffer) {
    write_hexadecimal(to.put('U'), range.extension);
    to.put('\\');
  }
  const bool is_hexadecimal = range.device != nullptr && range.device->is_hexadecimal;
  const auto write_one = [&](std::uint32_t number) {
    if (range.device != nullptr)
      to.put(range.device->name);
    else
      to.put("0x").hex(range.code, range.code > 0xff ? 4 : 2).put(' ');
    if (is_hexadecimal)
      write_hexadecimal(to, number);
    else
      to.decimal(number);
  };
  write_one(range.first);
  if (points < 2) return;
  to.put("..");
  write_one(range.first + points - 1);
}

// In words, of which one holds sixteen bits.
std::uint32_t points_of(const Range& range, std::uint32_t words) {
  return range.device != nullptr && range.device->is_bit ? words * 16 : words;
}

// A double word of words is named by its first.
std::uint32_t random_points_of(const Range& range, std::uint32_t words) {
  return range.device != nullptr && range.device->is_bit ? words * 16 : 1;
}

// The first few of many, then how many more.
class List {
 public:
  List(Writer& to, std::size_t total) : to_(to), total_(total) {}

  template <typename Write>
  void add(Write&& write) {
    if (count_++ >= kNamedMax) return;
    if (count_ > 1) to_.put(", ");
    write();
  }
  [[nodiscard]] bool is_full() const { return count_ >= kNamedMax; }
  void end() {
    if (total_ > kNamedMax) to_.put(" +").decimal(total_ - kNamedMax);
  }

 private:
  Writer& to_;
  std::size_t total_;
  std::size_t count_ = 0;
};

void write_batch(Writer& to, const Form& form, Fields& data) {
  const Range range = read_device(data, form);
  const std::uint32_t points = data.u16();
  write_range(to, range, form.is_bits ? points : points_of(range, points));
}

// Word and double word devices one by one; in a write each is followed by its value.
void write_random(Writer& to, const Form& form, Fields& data, bool is_write) {
  const std::size_t words = data.u8();
  const std::size_t doubles = form.is_bits ? 0 : data.u8();
  List list(to, words + doubles);
  for (std::size_t i = 0; i < words + doubles && !list.is_full() && data.in().is_good(); ++i) {
    const Range range = read_device(data, form);
    const std::uint32_t width = i < words ? 1 : 2;
    list.add([&] { write_range(to, range, form.is_bits ? 1 : random_points_of(range, width)); });
    if (is_write) data.skip(form.is_bits ? (form.is_wide ? 2 : 1) : 2 * std::size_t{width});
  }
  list.end();
}

void write_blocks(Writer& to, const Form& form, Fields& data, bool is_write) {
  const std::size_t words = data.u8();
  const std::size_t bits = data.u8();
  List list(to, words + bits);
  for (std::size_t i = 0; i < words + bits && !list.is_full() && data.in().is_good(); ++i) {
    const Range range = read_device(data, form);
    const std::uint16_t points = data.u16();
    list.add([&] { write_range(to, range, points_of(range, points)); });
    if (is_write) data.skip(2 * std::size_t{points});
  }
  list.end();
}

// A label's name is counted in units of UTF-16.
void write_name(Writer& to, Fields& data) {
  const std::size_t length = data.u16();
  to.printable_utf16(data.in().bytes(2 * length));
}

void skip_name(Fields& data) {
  data.skip(2 * std::size_t{data.u16()});
}

void write_labels(Writer& to, std::uint16_t command, Fields& data) {
  constexpr std::uint16_t kArrayRead = 0x041a;
  constexpr std::uint16_t kArrayWrite = 0x141a;
  constexpr std::uint16_t kRandomWrite = 0x141b;
  const std::size_t count = data.u16();
  for (std::size_t left = data.u16(); left > 0 && data.in().is_good(); --left)
    skip_name(data);  // parts of names that %1, %2 stand for
  List list(to.put("label "), count);
  for (std::size_t i = 0; i < count && !list.is_full() && data.in().is_good(); ++i) {
    list.add([&] { write_name(to, data); });
    if (command == kArrayRead || command == kArrayWrite) {
      const bool is_in_bits = data.u8() == 0;
      data.skip(1);
      const std::size_t length = data.u16();
      if (command == kArrayWrite) data.skip(is_in_bits ? (length + 15) / 16 * 2 : length);
    } else if (command == kRandomWrite) {
      data.skip(data.u16());
    }
  }
  list.end();
}

void write_addresses(Writer& to, std::string_view what, std::uint32_t first, std::uint32_t count) {
  to.put(what).decimal(first);
  if (count > 1) to.put("..").decimal(std::uint64_t{first} + count - 1);
}

// How a remote RUN or PAUSE is carried out, where it is more than asking.
void write_mode(Writer& to, std::uint16_t command, Fields& data) {
  constexpr std::uint16_t kRemotePause = 0x1003;
  if (data.u16() == kForced) to.put("forced");
  if (command == kRemotePause) return;
  const std::uint8_t clear = data.u8();
  if (clear == 1) to.put(to.size() > 0 ? ", " : "").put("clear except latch");
  if (clear == 2) to.put(to.size() > 0 ? ", " : "").put("clear all");
}

// The node that is to take an address, and the address.
void write_new_address(Writer& to, Cursor& data) {
  data.skip(6 + 1 + 4);  // the master: MAC, size of its address, address
  const auto reversed = data.bytes(6);
  MacAddress mac;
  std::copy(reversed.rbegin(), reversed.rend(), mac.bytes.begin());
  data.expect(data.u8() == 4);
  to.address(mac).put(' ').address(IpAddress::v4(data.le32()));
}

}  // namespace

void write_route(Writer& to, const Route& route) {
  constexpr std::string_view kSystems[] = {"control CPU ", "standby CPU ", "system A CPU ",
                                           "system B CPU "};
  if (route.network != 0) to.put("network ").decimal(route.network).put(' ');
  if (route.station != 0xff) to.put("station ").decimal(route.station).put(' ');
  if ((route.module & 0xfffc) == 0x3e0)
    to.put("CPU ").decimal(route.module - 0x3dfU).put(' ');
  else if ((route.module & 0xfffc) == 0x3d0)
    to.put(kSystems[route.module & 3]);
  else if (route.module != 0x3ff)
    to.put("module 0x").hex(route.module, 4).put(' ');
  if (route.multidrop != 0) to.put("drop ").decimal(route.multidrop).put(' ');
}

void write_part(Writer& to, std::uint16_t command, std::uint16_t subcommand) {
  constexpr std::string_view kNetwork[] = {"main", "time slots"};
  constexpr std::string_view kCyclic[] = {"main", "transmit", "receive", "receive sources"};
  const std::span<const std::string_view> parts =
      command == 0x0e90   ? std::span<const std::string_view>(kNetwork)
      : command == 0x0e93 ? std::span<const std::string_view>(kCyclic)
                          : std::span<const std::string_view>();
  if (subcommand < parts.size()) to.put(parts[subcommand]);
}

void write_target(Writer& to, std::uint16_t command, std::uint16_t subcommand, Fields& data) {
  const Form form(subcommand);
  // The ASCII forms of an extension and of a label's name have no fixed places.
  const bool is_device_readable = !(form.is_extended && data.is_ascii());
  switch (command) {
    case 0x0401:
    case 0x1401:
      if (is_device_readable) write_batch(to, form, data);
      break;
    case 0x0403:
    case 0x0801:
    case 0x1402:
      if (is_device_readable) write_random(to, form, data, command == 0x1402);
      break;
    case 0x0406:
    case 0x1406:
      if (is_device_readable) write_blocks(to, form, data, command == 0x1406);
      break;
    case 0x041a:
    case 0x041c:
    case 0x141a:
    case 0x141b:
      if (!data.is_ascii()) write_labels(to, command, data);
      break;
    case 0x0601:
    case 0x1601: {
      const std::uint32_t address = data.u32();
      const std::uint16_t count = data.u16();
      to.put("module 0x").hex(data.u16(), 4);
      write_addresses(to, " buffer ", address, count);
      break;
    }
    case 0x0613:
    case 0x1613: {
      const std::uint32_t address = data.u32();
      write_addresses(to, "memory ", address, data.u16());
      break;
    }
    case 0x1001:
    case 0x1003:
      write_mode(to, command, data);
      break;
    case 0x0e31:
      if (!data.is_ascii()) write_new_address(to, data.in());
      break;
    case 0x0e90:
    case 0x0e93:
      write_part(to, command, subcommand);
      break;
    default:
      break;
  }
}

}  // namespace osect::dissect::slmp_message
