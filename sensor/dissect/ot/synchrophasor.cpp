// Synchrophasor data transfer between phasor measurement units and concentrators: IEEE C37.118.2
// clause 6.
#include <algorithm>
#include <array>
#include <string_view>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/dissector.h"

namespace osect::dissect::synchrophasor {
namespace {

constexpr std::uint16_t kPorts[] = {4712, 4713};

// The first word: a fixed byte, type and version.
constexpr std::uint8_t kSync = 0xaa;
constexpr Lead kLeads[] = {
    {0, {kSync}}, {1, {0x01, 0x02, 0x11, 0x12, 0x21, 0x22, 0x31, 0x32, 0x41, 0x42, 0x51, 0x52}}};
constexpr std::size_t kFrameBytesMin = 16;
constexpr std::size_t kCheckBytes = 2;

enum class Type : std::uint8_t {
  data = 0,
  header = 1,
  configuration_1 = 2,
  configuration_2 = 3,
  command = 4,
  configuration_3 = 5,
};

// Commands stand above the frames' types: they share the code of their frame.
constexpr std::uint32_t kCommand = 0x100;
constexpr Function kFunctions[] = {
    {0, "data_frame", Access::cyclic},
    {1, "header_frame", Access::identity},
    {2, "configuration_frame_1", Access::identity},
    {3, "configuration_frame_2", Access::identity},
    {5, "configuration_frame_3", Access::identity},
    {kCommand | 1, "turn_off_transmission", Access::control},
    {kCommand | 2, "turn_on_transmission", Access::session},
    {kCommand | 3, "send_header_frame", Access::identity},
    {kCommand | 4, "send_configuration_frame_1", Access::identity},
    {kCommand | 5, "send_configuration_frame_2", Access::identity},
    {kCommand | 6, "send_configuration_frame_3", Access::identity},
    {kCommand | 8, "extended_frame", Access::control},
};
constexpr std::array<std::string_view, 6> kCodes = {"frame 0", "frame 1", "frame 2",
                                                    "frame 3", "frame 4", "frame 5"};

void write_code(Writer& to, std::uint32_t code) {
  if ((code & kCommand) != 0)
    to.put("frame 4 command ").decimal(code & ~kCommand);
  else
    to.put(kCodes[code]);
}

Function function_of(std::uint32_t code) {
  for (const Function& function : kFunctions)
    if (function.code == code) return function;
  return {code, {}, Access::none};
}

// CRC-CCITT, annex B: polynomial x^16 + x^12 + x^5 + 1 from all ones.
constexpr std::array<std::uint16_t, 256> kCrc = [] {
  std::array<std::uint16_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t crc = i << 8U;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 0x8000U) != 0 ? crc << 1U ^ 0x1021U : crc << 1U;
    table[i] = static_cast<std::uint16_t>(crc);
  }
  return table;
}();

bool has_good_check(std::span<const std::uint8_t> frame) {
  std::uint16_t crc = 0xffff;
  for (const std::uint8_t byte : frame.first(frame.size() - kCheckBytes))
    crc = static_cast<std::uint16_t>(crc << 8U ^ kCrc[crc >> 8U ^ byte]);
  return frame[frame.size() - 2] == crc >> 8U && frame[frame.size() - 1] == (crc & 0xffU);
}

bool is_beginning(const Cursor& in) {
  const auto fits = [&](const Lead& lead) {
    return lead.offset >= in.left() || lead.bytes.has(in.peek(lead.offset));
  };
  return fits(kLeads[0]) && fits(kLeads[1]);
}

Verdict probe(Cursor in, const Context& context) {
  if (!is_beginning(in)) return Verdict::no;
  const auto bytes = in.rest();
  in.skip(2);
  const std::size_t size = in.be16();
  if (!in.is_good()) return Verdict::maybe;
  if (size < kFrameBytesMin) return Verdict::no;
  if (size > bytes.size())
    return context.over == over::kUdp && context.is_whole ? Verdict::no : Verdict::maybe;
  return has_good_check(bytes.first(size)) ? Verdict::yes : Verdict::no;
}

Framing frame(Cursor in, const Context&) {
  if (!is_beginning(in)) return Framing::kNotAMessage;
  in.skip(2);
  const std::size_t size = in.be16();
  if (!in.is_good()) return Framing::kNeedMore;
  return size >= kFrameBytesMin ? Framing(size) : Framing(Framing::kNotAMessage);
}

// What a configuration frame says of each measurement unit, as far as its channels' number follows.
struct Unit {
  std::string_view station;
  std::uint16_t id = 0;
};

constexpr std::size_t kStationBytes = 16;
constexpr std::size_t kDigitalNames = 16;  // of each digital word

// Frames 1 and 2 have names of a fixed length.
Unit read_unit(Cursor& in) {
  Unit unit;
  unit.station = in.text(kStationBytes);
  unit.id = in.be16();
  in.skip(2);  // format
  const std::size_t phasors = in.be16();
  const std::size_t analogs = in.be16();
  const std::size_t digitals = in.be16();
  in.skip((phasors + analogs + kDigitalNames * digitals) * kStationBytes);
  in.skip((phasors + analogs + digitals) * 4);  // units of each
  in.skip(2 + 2);                               // nominal frequency, number of changes
  return unit;
}

std::string_view read_name(Cursor& in) {
  return in.text(in.u8());
}

// Frame 3 has names of any length, positions and delays.
Unit read_unit_3(Cursor& in) {
  Unit unit;
  unit.station = read_name(in);
  unit.id = in.be16();
  in.skip(16 + 2);  // global identifier, format
  const std::size_t phasors = in.be16();
  const std::size_t analogs = in.be16();
  const std::size_t digitals = in.be16();
  const std::size_t names = phasors + analogs + kDigitalNames * digitals;
  for (std::size_t i = 0; i < names && in.left() > 0; ++i) static_cast<void>(read_name(in));
  in.skip(12 * phasors + 8 * analogs + 4 * digitals);
  in.skip(4 + 4 + 4);  // latitude, longitude, elevation
  in.skip(1 + 4 + 4);  // service class, window, group delay
  in.skip(2 + 2);      // nominal frequency, number of changes
  return unit;
}

void read_configuration(Cursor& in, Type type, Collected& facts) {
  const bool is_3 = type == Type::configuration_3;
  const std::uint16_t part = is_3 ? in.be16() : std::uint16_t{0};
  if (part > 1) return;  // goes on anywhere within what the frame before it said
  in.skip(4);            // resolution of the fraction of seconds
  const std::uint16_t count = in.be16();
  Cursor units = in;
  for (std::uint16_t i = 0; i < count && units.left() > 0; ++i) {
    const Unit unit = is_3 ? read_unit_3(units) : read_unit(units);
    if (!units.is_good()) break;
    if (count == 1) facts.add_raw(about_sender("station_name", 95), unit.station);
    facts.add_text(about_sender("pmu", 95), [&](Writer& to) {
      to.decimal(unit.id).put(' ').printable(trimmed(unit.station));
    });
  }
  if (part == 1) return;  // the first of several ends anywhere
  in = units;
  in.skip(2);  // data rate
}

// A request for a frame and the frame itself belong together.
constexpr std::uint64_t transaction_of(std::uint16_t id, Type type) {
  return std::uint64_t{1} << 32U | std::uint64_t{id} << 8U | static_cast<std::uint8_t>(type);
}

void say_command(std::uint16_t id, Cursor in, Out& out) {
  constexpr std::array<Type, 4> kAsked = {Type::header, Type::configuration_1,
                                          Type::configuration_2, Type::configuration_3};
  const std::uint16_t command = in.be16();
  const Function function = function_of(kCommand | command);
  const bool is_question = command >= 3 && command <= 6;
  Text<kTargetBytesMax> target;
  target.put("id ").decimal(id).put(" command ").decimal(command);
  out.say_direction(Role::request, in);
  out.say({.role = is_question ? Role::request : Role::message,
           .function = function.name,
           .code = kCodes[static_cast<std::size_t>(Type::command)],
           .access = function.access,
           .target = target.text(),
           .transaction = is_question ? transaction_of(id, kAsked[command - 3U]) : 0},
          in);
}

void say_frame(Cursor& in, const Context& context, Out& out) {
  const auto bytes = in.rest();
  in.expect(is_beginning(in));
  in.skip(1);
  const auto type = static_cast<Type>(in.u8() >> 4U);
  const std::size_t size = in.be16();
  in.expect(size >= kFrameBytesMin && (!context.is_whole || size <= bytes.size()));
  if (in.is_good() && size <= bytes.size()) in.expect(has_good_check(bytes.first(size)));
  if (!in.is_good()) {
    out.check(in);
    return;
  }
  // The check is no part of the body.
  Cursor body = in.child(std::min(size - kCheckBytes, bytes.size()) - 4U);
  in.skip(std::min(kCheckBytes, in.left()));
  const std::uint16_t id = body.be16();
  body.skip(4 + 4);  // time: seconds, fraction
  if (type == Type::command) {
    say_command(id, body, out);
    return;
  }
  Collected facts;
  if (type == Type::header) {
    facts.add_raw(about_sender("description", 70), body.text(body.left()));
  } else if (type != Type::data) {
    read_configuration(body, type, facts);
  }
  const auto number = static_cast<std::size_t>(type);
  const Function function = function_of(static_cast<std::uint32_t>(number));
  Text<16> target;
  target.put("id ").decimal(id);
  out.say_direction(Role::response, body);
  out.say({.role = Role::response,
           .function = function.name,
           .code = kCodes[number],
           .access = function.access,
           .target = target.text(),
           .transaction = transaction_of(id, type),
           .has_own_code = true},
          body);
  facts.say(out, body);
}

void dissect(Cursor in, const Context& context, Out& out) {
  do {
    say_frame(in, context, out);
  } while (in.left() > 0);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "synchrophasor",
    .title = "Synchrophasors (IEEE C37.118.2)",
    .over = over::kTcp | over::kUdp,
    .off_port = OffPort::strong,
    .ports = kPorts,
    .leads = kLeads,
    .functions = kFunctions,
    .write_code = write_code,
    .facts = "station_name pmu description",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::synchrophasor
