// The MELSEC communication protocol's A-compatible 1E frame, binary: MELSEC communication protocol
// reference manual SH-080008, FX3U-ENET-ADP manual. Kept apart from SLMP because hardly anything in
// it proves itself.
#include <algorithm>
#include <array>
#include <iterator>

#include "sensor/dissect/byte_codes.h"
#include "sensor/dissect/collected.h"
#include "sensor/dissect/dissector.h"

namespace osect::dissect::mc1e {
namespace {

constexpr std::uint16_t kPorts[] = {1025, 5000, 5001, 8192};
constexpr std::uint8_t kResponse = 0x80;
constexpr std::uint8_t kAbnormal = 0x5b;  // an abnormal code follows
constexpr std::size_t kHeadBytes = 4;     // subheader, PC number, timer
constexpr std::size_t kDeviceBytes = 6;   // number, code
constexpr std::uint8_t kPcType = 0x15;
constexpr std::uint8_t kConfidence = 80;

constexpr Lead kLeads[] = {
    {1, {0xff, 0x00, 0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x5b, 0x60}}};

constexpr Function kFunctions[] = {
    {0x00, "batch_read_bits", Access::read},
    {0x01, "batch_read_words", Access::read},
    {0x02, "batch_write_bits", Access::write},
    {0x03, "batch_write_words", Access::write},
    {0x04, "test_write_bits", Access::write},
    {0x05, "test_write_words", Access::write},
    {0x06, "monitor_registration_bits", Access::read},
    {0x07, "monitor_registration_words", Access::read},
    {0x08, "monitor_bits", Access::read},
    {0x09, "monitor_words", Access::read},
    {0x13, "remote_run", Access::control},
    {0x14, "remote_stop", Access::control},
    {kPcType, "pc_type_read", Access::identity},
    {0x16, "loopback_test", Access::diagnostic},
};

const Function* find_function(std::uint8_t code) {
  const auto* const at = std::find_if(std::begin(kFunctions), std::end(kFunctions),
                                      [&](const Function& entry) { return entry.code == code; });
  return at != std::end(kFunctions) ? at : nullptr;
}

struct Device {        // NOLINT(clang-analyzer-optin.performance.Padding): as the manual lists them
  std::uint16_t code;  // its letters, the first in the high byte
  std::string_view name;
  bool is_bit;
  bool is_hexadecimal;
};

constexpr Device kDevices[] = {
    {0x4420, "D", false, false},  {0x5720, "W", false, true},  {0x5220, "R", false, false},
    {0x4d20, "M", true, false},   {0x5320, "S", true, false},  {0x5820, "X", true, true},
    {0x5920, "Y", true, true},    {0x4220, "B", true, true},   {0x4620, "F", true, false},
    {0x544e, "TN", false, false}, {0x5453, "TS", true, false}, {0x5443, "TC", true, false},
    {0x434e, "CN", false, false}, {0x4353, "CS", true, false}, {0x4343, "CC", true, false},
};

const Device* find_device(std::uint16_t code) {
  const auto* const at = std::find_if(std::begin(kDevices), std::end(kDevices),
                                      [&](const Device& device) { return device.code == code; });
  return at != std::end(kDevices) ? at : nullptr;
}

bool is_in_bits(std::uint8_t function) {
  return function % 2 == 0;
}

std::size_t points_of(std::uint8_t raw) {
  return raw == 0 ? 256 : raw;
}

std::size_t data_bytes(std::uint8_t function, std::size_t points) {
  return is_in_bits(function) ? (points + 1) / 2 : 2 * points;
}

// Of the request that begins here; 0 when the bytes are too few to tell.
std::size_t request_bytes(const Cursor& in) {
  constexpr std::size_t kBatch = kHeadBytes + kDeviceBytes + 2;
  const std::uint8_t function = in.peek();
  const std::size_t have = in.left();
  switch (function) {
    case 0x00:
    case 0x01:
      return kBatch;
    case 0x02:
    case 0x03:
      return have < kBatch ? 0 : kBatch + data_bytes(function, points_of(in.peek(10)));
    case 0x04:
    case 0x05:
    case 0x06:
    case 0x07: {
      if (have < kHeadBytes + 2) return 0;
      const std::size_t value = function == 0x04 ? 1 : function == 0x05 ? 2 : 0;
      return kHeadBytes + 2 + points_of(in.peek(4)) * (kDeviceBytes + value);
    }
    case 0x16:
      return have < kHeadBytes + 1 ? 0 : kHeadBytes + 1 + in.peek(4);
    default:
      return kHeadBytes;
  }
}

// What is remembered: the last request's function, how many bytes of data its answer has, and how
// many a monitor's answer has (at most 512 each).
std::uint32_t memory_of(std::uint8_t function, std::size_t answer, std::size_t registered) {
  return std::uint32_t{1} << 31 | std::uint32_t{function} << 20 |
         static_cast<std::uint32_t>(answer) << 10 | static_cast<std::uint32_t>(registered);
}

std::size_t response_bytes(const Cursor& in, const Context& context) {
  const std::uint8_t complete = in.peek(1);
  if (complete == kAbnormal) return 4;
  if (complete != 0) return 2;
  if (context.memory == nullptr) return in.left();
  const std::uint32_t memory = *context.memory;
  const bool is_asked = memory >> 20 == (0x800U | (in.peek() & 0x7fU));
  return is_asked ? 2 + (memory >> 10 & 0x3ff) : in.left();
}

bool is_complete_code(std::uint8_t code) {
  return code == 0 || code == 0x60 || (code >= 0x50 && code <= 0x58) || code == kAbnormal;
}

Verdict probe(Cursor in, const Context& context) {
  const std::size_t have = in.left();
  const std::uint8_t first = in.peek();
  if (have < 2 || find_function(first & 0x7f) == nullptr) return Verdict::no;
  if ((first & kResponse) != 0) {
    // Two bytes prove nothing by themselves; other protocols' messages begin so, too.
    return is_complete_code(in.peek(1)) ? Verdict::maybe : Verdict::no;
  }
  const std::size_t whole = request_bytes(in);
  if (in.peek(1) != 0xff || whole == 0) return Verdict::no;
  if (context.over == over::kUdp && context.is_whole && have != whole) return Verdict::no;
  if (whole <= kHeadBytes) return context.is_usual_port ? Verdict::maybe : Verdict::yes;
  const bool is_list = first >= 0x04 && first <= 0x07;
  const std::size_t code_at = is_list ? 10 : 8;
  if (first == 0x16 || have < code_at + 2) return Verdict::maybe;
  const auto code = static_cast<std::uint16_t>(in.peek(code_at + 1) << 8 | in.peek(code_at));
  return find_device(code) != nullptr ? Verdict::yes : Verdict::no;
}

Framing frame(Cursor in, const Context& context) {
  if (in.left() < 2) return Framing::kNeedMore;
  if (find_function(in.peek() & 0x7f) == nullptr) return Framing::kNotAMessage;
  if ((in.peek() & kResponse) != 0)
    return is_complete_code(in.peek(1)) ? Framing(response_bytes(in, context))
                                        : Framing(Framing::kNotAMessage);
  if (in.peek(1) != 0xff) return Framing::kNotAMessage;
  const std::size_t whole = request_bytes(in);
  return whole == 0 ? Framing::kNeedMore : whole;
}

void write_device(Writer& to, Cursor& in, std::size_t points, bool is_bits) {
  const std::uint32_t first = in.le32();
  const std::uint16_t code = in.le16();
  const Device* const device = find_device(code);
  const auto write = [&](std::uint32_t number) {
    if (device == nullptr) {
      to.put("0x").hex(code, 4).put(' ').decimal(number);
    } else if (device->is_hexadecimal) {
      std::size_t digits = 1;
      while (digits < 8 && number >> 4 * digits != 0) ++digits;
      to.put(device->name);
      for (; digits > 0; --digits) to.put("0123456789ABCDEF"[number >> 4 * (digits - 1) & 0xf]);
    } else {
      to.put(device->name).decimal(number);
    }
  };
  if (device != nullptr && device->is_bit && !is_bits) points *= 16;
  write(first);
  if (points < 2) return;
  to.put("..");
  write(first + static_cast<std::uint32_t>(points) - 1);
}

// A list's first devices, then how many more.
void write_list(Writer& to, Cursor& in, std::uint8_t function) {
  constexpr std::size_t kNamedMax = 3;
  const std::size_t count = points_of(in.u8());
  in.skip(1);
  for (std::size_t i = 0; i < std::min(count, kNamedMax) && in.is_good(); ++i) {
    if (i > 0) to.put(", ");
    write_device(to, in, 1, is_in_bits(function));
    if (function <= 0x05) in.skip(function == 0x04 ? 1 : 2);
  }
  if (count > kNamedMax) to.put(" +").decimal(count - kNamedMax);
}

void say_request(Cursor in, const Context& context, Out& out) {
  const std::uint8_t function = in.u8();
  in.skip(3);  // PC number, timer
  Text<kTargetBytesMax> target;
  std::size_t answer = 0;
  std::size_t registered = context.memory != nullptr ? *context.memory & 0x3ff : 0;
  if (function <= 0x03) {
    Cursor device = in.child(kDeviceBytes);
    const std::size_t points = points_of(in.u8());
    in.skip(1);
    write_device(target, device, points, is_in_bits(function));
    if (function <= 0x01) answer = data_bytes(function, points);
  } else if (function <= 0x07) {
    const std::size_t points = points_of(in.peek());
    write_list(target, in, function);
    if (function >= 0x06) registered = data_bytes(function, points);
  } else if (function == kPcType) {
    answer = 2;
  } else if (function == 0x16) {
    answer = 1 + std::size_t{in.peek()};
  } else if (function == 0x08 || function == 0x09) {
    answer = registered;
  }
  if (context.memory != nullptr) *context.memory = memory_of(function, answer, registered);
  const Function* const listed = find_function(function);
  out.say_direction(Role::request, in);
  out.say({.role = Role::request,
           .function = listed != nullptr ? listed->name : "",
           .code = byte_code(function),
           .access = listed != nullptr ? listed->access : Access::none,
           .target = target.text()},
          in);
}

void say_response(Cursor in, Out& out) {
  const auto function = static_cast<std::uint8_t>(in.u8() & 0x7f);
  const std::uint8_t complete = in.u8();
  const Function* const listed = find_function(function);
  Collected facts;
  if (function == kPcType && complete == 0) {
    const std::uint8_t type = in.u8();
    facts.add_text(about_sender("model_code", kConfidence),
                   [&](Writer& to) { to.put(byte_code(type)); });
  }
  out.say_direction(Role::response, in);
  facts.say(out, in);
  // Whose devices it brings stands in the request alone.
  if (function <= 0x07 && !out.asked(0)) return;
  out.say({.role = Role::response,
           .function = listed != nullptr ? listed->name : "",
           .code = byte_code(function),
           .access = listed != nullptr ? listed->access : Access::none,
           .target = "",
           .is_error = complete != 0},
          in);
}

void dissect(Cursor in, const Context& context, Out& out) {
  if ((in.peek() & kResponse) != 0) {
    say_response(in, out);
    return;
  }
  in.expect(in.peek(1) == 0xff && find_function(in.peek()) != nullptr);
  if (in.is_good())
    say_request(in, context, out);
  else
    out.check(in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "mc1e",
    .title = "MELSEC communication protocol, frame 1E",
    .over = over::kTcp | over::kUdp,
    .off_port = OffPort::weak,
    .ports = kPorts,
    .leads = kLeads,
    .functions = kFunctions,
    .code_digits = 2,
    .facts = "model_code",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::mc1e
