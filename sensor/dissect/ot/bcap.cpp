// DENSO b-CAP, remote calls of ORiN objects in robot controllers: b-CAP Communication
// Specifications (DENSO WAVE, ORiN2 SDK).
#include <algorithm>
#include <array>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/dissector.h"

namespace osect::dissect::bcap {
namespace {

constexpr std::uint16_t kPorts[] = {5007};
constexpr std::uint8_t kStart = 0x01;
constexpr std::uint8_t kEnd = 0x04;
constexpr std::uint32_t kLengthMin = 16;
constexpr std::uint32_t kLengthMax = 1U << 24U;
constexpr std::uint16_t kArgumentsMax = 64;
constexpr std::size_t kHead = 512;             // names; values are not read
constexpr std::uint32_t kFailed = 0x80000000;  // of a result
constexpr std::uint16_t kText = 8;             // BSTR, of the argument types
constexpr std::uint32_t kControllerConnect = 3;

constexpr Lead kLeads[] = {{0, {kStart}}};

constexpr Function kFunctions[] = {
    {1, "service_start", Access::session},
    {2, "service_stop", Access::session},
    {3, "controller_connect", Access::session},
    {4, "controller_disconnect", Access::session},
    {5, "controller_get_extension", Access::session},
    {6, "controller_get_file", Access::session},
    {7, "controller_get_robot", Access::session},
    {8, "controller_get_task", Access::session},
    {9, "controller_get_variable", Access::session},
    {10, "controller_get_command", Access::session},
    {11, "controller_get_extension_names", Access::read},
    {12, "controller_get_file_names", Access::read},
    {13, "controller_get_robot_names", Access::read},
    {14, "controller_get_task_names", Access::read},
    {15, "controller_get_variable_names", Access::read},
    {16, "controller_get_command_names", Access::read},
    {17, "controller_execute", Access::control},
    {18, "controller_get_message", Access::session},
    {19, "controller_get_attribute", Access::read},
    {20, "controller_get_help", Access::read},
    {21, "controller_get_name", Access::read},
    {22, "controller_get_tag", Access::read},
    {23, "controller_put_tag", Access::write},
    {24, "controller_get_id", Access::read},
    {25, "controller_put_id", Access::write},
    {26, "extension_get_variable", Access::session},
    {27, "extension_get_variable_names", Access::read},
    {28, "extension_execute", Access::control},
    {29, "extension_get_attribute", Access::read},
    {30, "extension_get_help", Access::read},
    {31, "extension_get_name", Access::read},
    {32, "extension_get_tag", Access::read},
    {33, "extension_put_tag", Access::write},
    {34, "extension_get_id", Access::read},
    {35, "extension_put_id", Access::write},
    {36, "extension_release", Access::session},
    {37, "file_get_file", Access::session},
    {38, "file_get_variable", Access::session},
    {39, "file_get_file_names", Access::read},
    {40, "file_get_variable_names", Access::read},
    {41, "file_execute", Access::control},
    {42, "file_copy", Access::program},
    {43, "file_delete", Access::program},
    {44, "file_move", Access::program},
    {45, "file_run", Access::control},
    {46, "file_get_date_created", Access::read},
    {47, "file_get_date_last_accessed", Access::read},
    {48, "file_get_date_last_modified", Access::read},
    {49, "file_get_path", Access::read},
    {50, "file_get_size", Access::read},
    {51, "file_get_type", Access::read},
    {52, "file_get_value", Access::program},
    {53, "file_put_value", Access::program},
    {54, "file_get_attribute", Access::read},
    {55, "file_get_help", Access::read},
    {56, "file_get_name", Access::read},
    {57, "file_get_tag", Access::read},
    {58, "file_put_tag", Access::write},
    {59, "file_get_id", Access::read},
    {60, "file_put_id", Access::write},
    {61, "file_release", Access::session},
    {62, "robot_get_variable", Access::session},
    {63, "robot_get_variable_names", Access::read},
    {64, "robot_execute", Access::control},
    {65, "robot_accelerate", Access::control},
    {66, "robot_change", Access::control},
    {67, "robot_chuck", Access::control},
    {68, "robot_drive", Access::control},
    {69, "robot_go_home", Access::control},
    {70, "robot_halt", Access::control},
    {71, "robot_hold", Access::control},
    {72, "robot_move", Access::control},
    {73, "robot_rotate", Access::control},
    {74, "robot_speed", Access::control},
    {75, "robot_unchuck", Access::control},
    {76, "robot_unhold", Access::control},
    {77, "robot_get_attribute", Access::read},
    {78, "robot_get_help", Access::read},
    {79, "robot_get_name", Access::read},
    {80, "robot_get_tag", Access::read},
    {81, "robot_put_tag", Access::write},
    {82, "robot_get_id", Access::read},
    {83, "robot_put_id", Access::write},
    {84, "robot_release", Access::session},
    {85, "task_get_variable", Access::session},
    {86, "task_get_variable_names", Access::read},
    {87, "task_execute", Access::control},
    {88, "task_start", Access::control},
    {89, "task_stop", Access::control},
    {90, "task_delete", Access::program},
    {91, "task_get_file_name", Access::read},
    {92, "task_get_attribute", Access::read},
    {93, "task_get_help", Access::read},
    {94, "task_get_name", Access::read},
    {95, "task_get_tag", Access::read},
    {96, "task_put_tag", Access::write},
    {97, "task_get_id", Access::read},
    {98, "task_put_id", Access::write},
    {99, "task_release", Access::session},
    {100, "variable_get_date_time", Access::read},
    {101, "variable_get_value", Access::read},
    {102, "variable_put_value", Access::write},
    {103, "variable_get_attribute", Access::read},
    {104, "variable_get_help", Access::read},
    {105, "variable_get_name", Access::read},
    {106, "variable_get_tag", Access::read},
    {107, "variable_put_tag", Access::write},
    {108, "variable_get_id", Access::read},
    {109, "variable_put_id", Access::write},
    {110, "variable_get_microsecond", Access::read},
    {111, "variable_release", Access::session},
    {112, "command_execute", Access::control},
    {113, "command_cancel", Access::control},
    {114, "command_get_timeout", Access::read},
    {115, "command_put_timeout", Access::write},
    {116, "command_get_state", Access::read},
    {117, "command_get_parameters", Access::read},
    {118, "command_put_parameters", Access::write},
    {119, "command_get_result", Access::read},
    {120, "command_get_attribute", Access::read},
    {121, "command_get_help", Access::read},
    {122, "command_get_name", Access::read},
    {123, "command_get_tag", Access::read},
    {124, "command_put_tag", Access::write},
    {125, "command_get_id", Access::read},
    {126, "command_put_id", Access::write},
    {127, "command_release", Access::session},
    {128, "message_reply", Access::diagnostic},
    {129, "message_clear", Access::diagnostic},
    {130, "message_get_date_time", Access::read},
    {131, "message_get_description", Access::read},
    {132, "message_get_destination", Access::read},
    {133, "message_get_number", Access::read},
    {134, "message_get_serial_number", Access::read},
    {135, "message_get_source", Access::read},
    {136, "message_get_value", Access::read},
    {137, "message_release", Access::session},
};

const Function* find_function(std::uint32_t code) {
  return code >= 1 && code <= std::size(kFunctions) ? &kFunctions[code - 1] : nullptr;
}

struct Header {
  std::uint32_t length = 0;
  std::uint16_t serial = 0;
  std::uint32_t id = 0;  // of the function; of an answer the result
  std::uint16_t arguments = 0;
  bool is_sound = false;
};

Header read_header(Cursor& in) {
  Header header;
  const bool is_start = in.u8() == kStart;
  header.length = in.le32();
  header.serial = in.le16();
  in.skip(2);  // version, or the serial of the request that this one repeats
  header.id = in.le32();
  header.arguments = in.le16();
  header.is_sound = in.is_good() && is_start && header.length >= kLengthMin &&
                    header.length <= kLengthMax && header.arguments <= kArgumentsMax;
  return header;
}

// By the port while only one end has it, by what is known of the connection, by a result that is
// no function.
bool is_request(const Header& header, const Context& context) {
  const bool is_to_port = context.destination_port == kPorts[0];
  if (is_to_port != (context.source_port == kPorts[0])) return is_to_port;
  if (context.is_direction_known) return context.is_to_server;
  return find_function(header.id) != nullptr;
}

// The arguments, each with its length in front, fill the message up to its end.
bool is_filled(const Header& header, Cursor in) {
  for (std::uint16_t i = 0; i < header.arguments && in.left() > 0; ++i) in.skip(in.le32());
  return in.is_good() && in.left() == 1 && in.peek() == kEnd;
}

Verdict probe(Cursor in, const Context& context) {
  const std::size_t have = in.left();
  if (have < kLengthMin)
    return context.over == over::kTcp && in.peek() == kStart ? Verdict::maybe : Verdict::no;
  const Header header = read_header(in);
  const bool is_known = find_function(header.id) != nullptr || header.id == 0 ||
                        (header.id & kFailed) != 0 || context.is_usual_port;
  if (!header.is_sound || !is_known) return Verdict::no;
  if (context.over == over::kUdp && have != header.length) return Verdict::no;
  if (have < header.length) return context.is_usual_port ? Verdict::yes : Verdict::maybe;
  return is_filled(header, in.child(in.left() - (have - header.length))) ? Verdict::yes
                                                                         : Verdict::no;
}

Framing frame(Cursor in, const Context&) {
  const bool is_start = in.u8() == kStart;
  const std::uint32_t length = in.le32();
  if (!in.is_good()) return Framing::kNeedMore;
  if (!is_start || length < kLengthMin || length > kLengthMax) return Framing::kNotAMessage;
  return {length, std::min<std::size_t>(length, kHead)};
}

// The next argument, if it is one text: UTF-16, little endian.
std::span<const std::uint8_t> take_text(Cursor& in) {
  Cursor value = in.child(in.le32());
  const std::uint16_t type = value.le16();
  const std::uint32_t count = value.le32();
  if (type != kText || count != 1) return {};
  const auto text = value.bytes(value.le32());
  in.expect(value.is_good());
  return text;
}

struct Naming {
  std::uint32_t function;
  std::string_view word;
};

// Those whose second argument names what is meant; the first is the handle of the object asked.
constexpr Naming kNamings[] = {
    {5, "extension "}, {6, "file "},      {7, "robot "},     {8, "task "},     {9, "variable "},
    {10, "command "},  {17, "command "},  {26, "variable "}, {28, "command "}, {37, "file "},
    {38, "variable "}, {41, "command "},  {42, "to "},       {44, "to "},      {62, "variable "},
    {64, "command "},  {85, "variable "}, {87, "command "},
};

void write_target(Writer& to, std::uint32_t function, Cursor& in) {
  if (function == kControllerConnect) {
    to.put("controller ").printable_utf16(take_text(in));
    to.put(" provider ").printable_utf16(take_text(in));
    return;
  }
  for (const Naming& naming : kNamings) {
    if (naming.function != function) continue;
    in.skip(in.le32());
    to.put(naming.word).printable_utf16(take_text(in));
  }
}

// Commands to execute are the provider's own; those that only ask begin alike.
Access access_of(const Function* function, std::string_view target) {
  if (function == nullptr) return Access::none;
  constexpr std::string_view kCommand = "command ";
  if (function->access != Access::control || target.substr(0, kCommand.size()) != kCommand)
    return function->access;
  const std::string_view verb = target.substr(kCommand.size(), 3);
  return verb == "Get" || verb == "Cur" ? Access::read : Access::control;
}

void say_response(const Header& header, std::uint64_t transaction, const Cursor& in, Out& out) {
  const auto asked = out.asked(transaction);
  if (!asked) {
    out.check(in);  // a result alone tells nothing
    return;
  }
  const bool is_error = (header.id & kFailed) != 0;
  if (!is_error && asked->code == "3" &&
      asked->target.find(" provider CaoProv.DENSO") != std::string_view::npos)
    out.say({Subject::sender, {}, {}, "vendor", "DENSO WAVE", 60}, in);
  Operation said;
  said.role = Role::response;
  said.is_error = is_error;
  said.transaction = transaction;
  out.say(said, in);
}

void dissect(Cursor in, const Context& context, Out& out) {
  const std::size_t have = in.left();
  const Header header = read_header(in);
  in.expect(header.is_sound &&
            (!context.is_whole || (have == header.length && is_filled(header, in))));
  const std::uint64_t transaction = std::uint64_t{1} << 32 | header.serial;
  const bool is_to_server = is_request(header, context);
  out.say_direction(is_to_server ? Role::request : Role::response, in);
  if (!is_to_server) {
    say_response(header, transaction, in, out);
    return;
  }
  const Function* const function = find_function(header.id);
  Text<kCodeBytesMax> code;
  code.decimal(header.id);
  Text<kTargetBytesMax> target;
  if (header.arguments > 0) write_target(target, header.id, in);
  out.say({.role = Role::request,
           .function = function != nullptr ? function->name : "",
           .code = code.text(),
           .access = access_of(function, target.text()),
           .target = trimmed(target.text()),
           .transaction = transaction},
          in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "bcap",
    .title = "DENSO b-CAP",
    .over = over::kTcp | over::kUdp,
    .off_port = OffPort::weak,
    .ports = kPorts,
    .leads = kLeads,
    .functions = kFunctions,
    .facts = "vendor",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::bcap
