// IEC 60870-5-104: clause 5 (APCI) of IEC 60870-5-104:2006; clause 7 (ASDU) of IEC
// 60870-5-101:2003.
#include <algorithm>
#include <array>
#include <string_view>

#include "sensor/dissect/dissector.h"

namespace osect::dissect::iec104 {
namespace {

constexpr std::uint16_t kPorts[] = {2404, 19998};
constexpr std::uint8_t kStart = 0x68;
constexpr std::size_t kStartBytes = 2;  // start and length, which counts what follows it
constexpr std::uint8_t kLengthMin = 4;
constexpr std::uint8_t kLengthMax = 253;
constexpr std::size_t kAsduHead = 6;     // type, structure, cause, originator, common address
constexpr std::size_t kObjectBytes = 3;  // information object address
constexpr std::uint8_t kRead = 102;

constexpr Lead kLeads[] = {{0, {kStart}}};

// Functions of the connection are told apart from the types of an ASDU by these.
constexpr std::uint32_t kUnnumbered = 0x100;
constexpr std::uint32_t kSupervisory = 0x200;

constexpr Function kFunctions[] = {
    {1, "single_point", Access::read},
    {2, "single_point_time24", Access::read},
    {3, "double_point", Access::read},
    {4, "double_point_time24", Access::read},
    {5, "step_position", Access::read},
    {6, "step_position_time24", Access::read},
    {7, "bitstring", Access::read},
    {8, "bitstring_time24", Access::read},
    {9, "measured_normalized", Access::read},
    {10, "measured_normalized_time24", Access::read},
    {11, "measured_scaled", Access::read},
    {12, "measured_scaled_time24", Access::read},
    {13, "measured_float", Access::read},
    {14, "measured_float_time24", Access::read},
    {15, "integrated_totals", Access::read},
    {16, "integrated_totals_time24", Access::read},
    {17, "protection_event_time24", Access::read},
    {18, "protection_start_events_time24", Access::read},
    {19, "protection_output_circuit_time24", Access::read},
    {20, "packed_single_points", Access::read},
    {21, "measured_normalized_no_quality", Access::read},
    {30, "single_point_time56", Access::read},
    {31, "double_point_time56", Access::read},
    {32, "step_position_time56", Access::read},
    {33, "bitstring_time56", Access::read},
    {34, "measured_normalized_time56", Access::read},
    {35, "measured_scaled_time56", Access::read},
    {36, "measured_float_time56", Access::read},
    {37, "integrated_totals_time56", Access::read},
    {38, "protection_event_time56", Access::read},
    {39, "protection_start_events_time56", Access::read},
    {40, "protection_output_circuit_time56", Access::read},
    {45, "single_command", Access::control},
    {46, "double_command", Access::control},
    {47, "regulating_step_command", Access::control},
    {48, "set_point_normalized", Access::write},
    {49, "set_point_scaled", Access::write},
    {50, "set_point_float", Access::write},
    {51, "bitstring_command", Access::write},
    {58, "single_command_time56", Access::control},
    {59, "double_command_time56", Access::control},
    {60, "regulating_step_command_time56", Access::control},
    {61, "set_point_normalized_time56", Access::write},
    {62, "set_point_scaled_time56", Access::write},
    {63, "set_point_float_time56", Access::write},
    {64, "bitstring_command_time56", Access::write},
    {70, "end_of_initialization", Access::session},
    {100, "interrogation", Access::read},
    {101, "counter_interrogation", Access::read},
    {kRead, "read", Access::read},
    {103, "clock_synchronization", Access::time},
    {104, "test", Access::diagnostic},
    {105, "reset_process", Access::control},
    {106, "delay_acquisition", Access::time},
    {107, "test_time56", Access::diagnostic},
    {110, "parameter_normalized", Access::config},
    {111, "parameter_scaled", Access::config},
    {112, "parameter_float", Access::config},
    {113, "parameter_activation", Access::config},
    {120, "file_ready", Access::program},
    {121, "section_ready", Access::program},
    {122, "call_file", Access::program},
    {123, "last_section", Access::program},
    {124, "ack_file", Access::program},
    {125, "segment", Access::program},
    {126, "directory", Access::read},
    {127, "query_log", Access::read},
    {kUnnumbered | 0x01, "startdt_act", Access::session},
    {kUnnumbered | 0x02, "startdt_con", Access::session},
    {kUnnumbered | 0x04, "stopdt_act", Access::control},
    {kUnnumbered | 0x08, "stopdt_con", Access::control},
    {kUnnumbered | 0x10, "testfr_act", Access::session},
    {kUnnumbered | 0x20, "testfr_con", Access::session},
    {kSupervisory, "supervisory", Access::session},
};

void write_code(Writer& to, std::uint32_t code) {
  if ((code & kSupervisory) != 0)
    to.put('S');
  else if ((code & kUnnumbered) != 0)
    to.put("U 0x").hex(code & 0xff, 2);
  else
    to.put("type ").decimal(code);
}

// What is known of a type without looking at the message.
struct Type {
  std::string_view name;
  Access access = Access::none;
  std::uint8_t element = 0;  // bytes of one element without its address; 0: varies
};

constexpr std::array<Type, 128> kTypes = [] {
  std::array<Type, 128> types{};
  for (const Function& function : kFunctions)
    if (function.code < types.size()) types[function.code] = {function.name, function.access, 0};
  constexpr struct {
    std::uint8_t type;
    std::uint8_t bytes;
  } kElements[] = {{1, 1},   {2, 4},   {3, 1},   {4, 4},   {5, 2},   {6, 5},   {7, 5},   {8, 8},
                   {9, 3},   {10, 6},  {11, 3},  {12, 6},  {13, 5},  {14, 8},  {15, 5},  {16, 8},
                   {17, 6},  {18, 7},  {19, 7},  {20, 5},  {21, 2},  {30, 8},  {31, 8},  {32, 9},
                   {33, 12}, {34, 10}, {35, 10}, {36, 12}, {37, 12}, {38, 10}, {39, 11}, {40, 11},
                   {45, 1},  {46, 1},  {47, 1},  {48, 3},  {49, 3},  {50, 5},  {51, 4},  {58, 8},
                   {59, 8},  {60, 8},  {61, 10}, {62, 10}, {63, 12}, {64, 11}, {70, 1},  {100, 1},
                   {101, 1}, {103, 7}, {104, 2}, {105, 1}, {106, 2}, {107, 9}, {110, 3}, {111, 3},
                   {112, 5}, {113, 1}, {120, 6}, {121, 7}, {122, 4}, {123, 5}, {124, 4}};
  for (const auto& known : kElements) types[known.type].element = known.bytes;
  return types;
}();

const Type& type_of(std::uint8_t type) {
  static constexpr Type kUnknown{};
  return type < kTypes.size() ? kTypes[type] : kUnknown;
}

enum class Format : std::uint8_t { none, information, supervisory, unnumbered };

// Clause 5.1: the low bits of the control octets tell the formats apart.
Format format_of(std::span<const std::uint8_t, 4> control, std::uint8_t length) {
  const bool is_second_even = (control[2] & 1) == 0;
  if ((control[0] & 1) == 0)
    return length > kLengthMin && is_second_even ? Format::information : Format::none;
  if (length != kLengthMin || control[1] != 0 || !is_second_even) return Format::none;
  if (control[0] == 1) return Format::supervisory;
  const bool is_unnumbered = (control[0] & 3) == 3 && control[2] == 0 && control[3] == 0;
  return is_unnumbered ? Format::unnumbered : Format::none;
}

// The length of an ASDU follows from its type and the number of its objects: clause 7.2.2.
bool is_exact_asdu(Cursor in) {
  const Type& type = type_of(in.u8());
  const std::uint8_t structure = in.u8();
  const std::uint8_t cause = in.u8() & 0x3f;
  in.skip(3);
  const std::size_t count = structure & 0x7f;
  if (!in.is_good() || type.element == 0 || count == 0 || cause == 0 || cause > 47) return false;
  const bool is_sequence = (structure & 0x80) != 0;
  return in.left() == (is_sequence ? kObjectBytes + count * type.element
                                   : count * (kObjectBytes + type.element));
}

Verdict probe(Cursor in, const Context& context) {
  if (in.left() > 0 && in.peek() != kStart) return Verdict::no;
  const std::size_t have = in.left();
  in.skip(1);
  const std::uint8_t length = in.u8();
  const auto control = in.bytes(4);
  if (!in.is_good())
    return have < 2 || (length >= kLengthMin && length <= kLengthMax) ? Verdict::maybe
                                                                      : Verdict::no;
  if (length < kLengthMin || length > kLengthMax) return Verdict::no;
  const Format format = format_of(control.first<4>(), length);
  if (format == Format::none) return Verdict::no;
  if (format == Format::unnumbered) {
    const unsigned bits = control[0] >> 2;
    return (bits & (bits - 1)) == 0 ? Verdict::yes : Verdict::no;
  }
  if (format == Format::supervisory)
    return Verdict::yes;  // forty-two bits that are always the same
  const std::size_t asdu = length - 4U;
  if (in.left() < asdu) return Verdict::maybe;
  return context.is_usual_port || is_exact_asdu(in.child(asdu)) ? Verdict::yes : Verdict::no;
}

Framing frame(Cursor in, const Context&) {
  if (in.u8() != kStart) return Framing::kNotAMessage;
  const std::uint8_t length = in.u8();
  if (!in.is_good()) return Framing::kNeedMore;
  if (length < kLengthMin || length > kLengthMax) return Framing::kNotAMessage;
  return kStartBytes + length;
}

// By what the message shows, else by the port while only one end has it, else by what is known.
bool is_to_server(std::optional<Role> shown, const Context& context, const Cursor& proof,
                  Out& out) {
  if (shown) {
    out.say_direction(*shown, proof);
    return *shown == Role::request;
  }
  const bool is_server_receiver = context.destination_port == kPorts[0];
  if (is_server_receiver != (context.source_port == kPorts[0])) return is_server_receiver;
  return context.is_to_server;
}

// A message that nobody answers, or that answers, is the client's or the server's by its direction.
struct Said {
  bool is_to_server;
  bool is_asking;
  bool is_answering;
  [[nodiscard]] Role role() const {
    if (!is_to_server) return Role::response;
    return is_asking ? Role::request : Role::message;
  }
  // What neither asks nor answers must not be paired.
  [[nodiscard]] std::uint64_t transaction(std::uint64_t of) const {
    const bool is_paired = is_to_server ? is_asking : is_answering;
    return std::uint64_t{is_paired ? 1U : 2U} << 60 | of;
  }
};

void say_unnumbered(std::uint8_t control, const Context& context, const Cursor& in, Out& out) {
  const std::uint8_t bits = control >> 2;
  std::string_view name;
  Access access = Access::none;
  for (const Function& function : kFunctions)
    if (function.code == (kUnnumbered | bits)) {
      name = function.name;
      access = function.access;
    }
  std::optional<Role> shown;
  if (bits == 0x01 || bits == 0x04) shown = Role::request;
  if (bits == 0x02 || bits == 0x08) shown = Role::response;
  const bool is_act = (bits & 0x15) != 0;
  const Said said{is_to_server(shown, context, in, out), is_act, !is_act};
  Text<8> code;
  write_code(code, kUnnumbered | bits);
  const std::uint64_t pair = bits > 0x08 ? 3 : bits > 0x02 ? 2 : 1;
  out.say({.role = said.role(),
           .function = name,
           .code = code.text(),
           .access = access,
           .target = "",
           .transaction = said.transaction(pair),
           .has_own_code = true},
          in);
}

// Commands, system information and parameters in the control direction: clause 7.2.1.
constexpr bool is_control_type(std::uint8_t type) {
  return (type >= 45 && type <= 69) || (type >= 100 && type <= 113);
}
constexpr bool is_file_type(std::uint8_t type) {
  return type >= 120 && type <= 127;
}

// The bit that makes a command a selection: first octet behind the address, or behind the value.
bool is_select(std::uint8_t type, const Cursor& element) {
  switch (type) {
    case 45:
    case 46:
    case 47:
    case 58:
    case 59:
    case 60:
      return (element.peek() & 0x80) != 0;
    case 48:
    case 49:
    case 61:
    case 62:
      return (element.peek(2) & 0x80) != 0;
    case 50:
    case 63:
      return (element.peek(4) & 0x80) != 0;
    default:
      return false;
  }
}

std::optional<Role> shown_by(std::uint8_t type, std::uint8_t cause) {
  if (is_control_type(type))
    return cause == 5 || cause == 6 || cause == 8 ? Role::request : Role::response;
  if (type < 45 || type == 70) return Role::response;
  return std::nullopt;
}

void say_information(Cursor in, const Context& context, Out& out) {
  const std::uint8_t type = in.u8();
  in.skip(1);
  const std::uint8_t cause_octet = in.u8();
  in.skip(1);
  const std::uint16_t station = in.le16();
  const std::uint8_t cause = cause_octet & 0x3f;
  const bool is_negative = (cause_octet & 0x40) != 0;
  const bool is_unknown = cause >= 44 && cause <= 47;  // type, cause, common address, object

  Text<kTargetBytesMax> target;
  target.put("station ").decimal(station);
  std::uint32_t object = 0;
  if (is_control_type(type) || is_file_type(type)) {
    object = in.le24();
    if (object != 0) target.put(" object ").decimal(object);
    if (is_select(type, in)) target.put(" select");
  }
  Text<24> code;
  code.put("type ").decimal(type).put(" cot ").decimal(cause);
  const Type& known = type_of(type);
  const bool is_asking = is_control_type(type) && type != kRead && (cause == 6 || cause == 8);
  const bool is_answering = is_control_type(type) && (cause == 7 || cause == 9 || is_unknown);
  const Said said{is_to_server(shown_by(type, cause), context, in, out), is_asking, is_answering};
  out.say({.role = said.role(),
           .function = known.name,
           .code = code.text(),
           .access = known.access,
           .target = target.text(),
           .is_error = is_negative || is_unknown,
           .transaction =
               said.transaction(std::uint64_t{type} << 40 | std::uint64_t{station} << 24 | object),
           .has_own_code = true},
          in);
}

void dissect(Cursor in, const Context& context, Out& out) {
  in.expect(in.u8() == kStart);
  const std::uint8_t length = in.u8();
  const auto control = in.bytes(4);
  const Format format = in.is_good() ? format_of(control.first<4>(), length) : Format::none;
  in.expect(format != Format::none);
  switch (format) {
    case Format::information:
      in.expect(in.left() >= kAsduHead);
      say_information(in, context, out);
      break;
    case Format::unnumbered:
      say_unnumbered(control[0], context, in, out);
      break;
    case Format::supervisory: {
      const Said said{is_to_server({}, context, in, out), false, false};
      out.say({.role = said.role(),
               .function = "supervisory",
               .code = "S",
               .access = Access::session,
               .target = "",
               .transaction = said.transaction(0)},
              in);
      break;
    }
    case Format::none:
      out.check(in);
      break;
  }
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "iec104",
    .title = "IEC 60870-5-104",
    .over = over::kTcp,
    .off_port = OffPort::strong,
    .ports = kPorts,
    .leads = kLeads,
    .functions = kFunctions,
    .write_code = write_code,
    .facts = "",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::iec104
