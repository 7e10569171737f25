// Yaskawa high-speed Ethernet server (HSES) of robot controllers: 160766-1CD (FS100, instructions
// for the high-speed Ethernet server function).
#include <algorithm>
#include <array>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/dissector.h"

namespace osect::dissect::yaskawa_hses {
namespace {

constexpr std::uint16_t kPorts[] = {10040, 10041};  // robot control, file control
constexpr std::string_view kMagic = "YERC";
constexpr std::string_view kReserved = "99999999";
constexpr std::uint16_t kHeaderBytes = 32;
constexpr std::uint8_t kRobotControl = 1;
constexpr std::uint8_t kFileControl = 2;
constexpr std::uint8_t kAnswer = 0x80;  // of the service
constexpr std::uint8_t kConfidence = 90;
constexpr std::uint32_t kFile = 0x1000000;  // in the table of functions, or'ed with the service

// Services of robot control.
constexpr std::uint8_t kGetAll = 0x01;
constexpr std::uint8_t kSetAll = 0x02;
constexpr std::uint8_t kGet = 0x0e;
constexpr std::uint8_t kSet = 0x10;
constexpr std::uint8_t kReadPlural = 0x33;
constexpr std::uint8_t kWritePlural = 0x34;

constexpr Lead kLeads[] = {{0, {'Y'}}, {1, {'E'}}, {2, {'R'}}, {3, {'C'}}, {4, {0x20}}, {5, {0}}};

// What a command does depends on the service it asks for.
constexpr std::uint32_t of(std::uint16_t command, std::uint8_t service) {
  return std::uint32_t{command} << 8 | service;
}

constexpr Function kFunctions[] = {
    {of(0x70, kGetAll), "read_alarm_data", Access::diagnostic},
    {of(0x70, kGet), "read_alarm_data", Access::diagnostic},
    {of(0x71, kGetAll), "read_alarm_history", Access::diagnostic},
    {of(0x71, kGet), "read_alarm_history", Access::diagnostic},
    {of(0x72, kGetAll), "read_status_information", Access::diagnostic},
    {of(0x72, kGet), "read_status_information", Access::diagnostic},
    {of(0x73, kGetAll), "read_executing_job_information", Access::diagnostic},
    {of(0x73, kGet), "read_executing_job_information", Access::diagnostic},
    {of(0x74, kGetAll), "read_axis_configuration", Access::read},
    {of(0x74, kGet), "read_axis_configuration", Access::read},
    {of(0x75, kGetAll), "read_robot_position", Access::read},
    {of(0x75, kGet), "read_robot_position", Access::read},
    {of(0x76, kGetAll), "read_position_error", Access::read},
    {of(0x76, kGet), "read_position_error", Access::read},
    {of(0x77, kGetAll), "read_torque_data", Access::read},
    {of(0x77, kGet), "read_torque_data", Access::read},
    {of(0x78, kGetAll), "read_io_data", Access::read},
    {of(0x78, kSetAll), "write_io_data", Access::write},
    {of(0x78, kGet), "read_io_data", Access::read},
    {of(0x78, kSet), "write_io_data", Access::write},
    {of(0x79, kGetAll), "read_register_data", Access::read},
    {of(0x79, kSetAll), "write_register_data", Access::write},
    {of(0x79, kGet), "read_register_data", Access::read},
    {of(0x79, kSet), "write_register_data", Access::write},
    {of(0x7a, kGetAll), "read_byte_variable", Access::read},
    {of(0x7a, kSetAll), "write_byte_variable", Access::write},
    {of(0x7a, kGet), "read_byte_variable", Access::read},
    {of(0x7a, kSet), "write_byte_variable", Access::write},
    {of(0x7b, kGetAll), "read_integer_variable", Access::read},
    {of(0x7b, kSetAll), "write_integer_variable", Access::write},
    {of(0x7b, kGet), "read_integer_variable", Access::read},
    {of(0x7b, kSet), "write_integer_variable", Access::write},
    {of(0x7c, kGetAll), "read_double_variable", Access::read},
    {of(0x7c, kSetAll), "write_double_variable", Access::write},
    {of(0x7c, kGet), "read_double_variable", Access::read},
    {of(0x7c, kSet), "write_double_variable", Access::write},
    {of(0x7d, kGetAll), "read_real_variable", Access::read},
    {of(0x7d, kSetAll), "write_real_variable", Access::write},
    {of(0x7d, kGet), "read_real_variable", Access::read},
    {of(0x7d, kSet), "write_real_variable", Access::write},
    {of(0x7e, kGetAll), "read_string_variable", Access::read},
    {of(0x7e, kSetAll), "write_string_variable", Access::write},
    {of(0x7e, kGet), "read_string_variable", Access::read},
    {of(0x7e, kSet), "write_string_variable", Access::write},
    {of(0x7f, kGetAll), "read_robot_position_variable", Access::read},
    {of(0x7f, kSetAll), "write_robot_position_variable", Access::write},
    {of(0x7f, kGet), "read_robot_position_variable", Access::read},
    {of(0x7f, kSet), "write_robot_position_variable", Access::write},
    {of(0x80, kGetAll), "read_base_position_variable", Access::read},
    {of(0x80, kSetAll), "write_base_position_variable", Access::write},
    {of(0x80, kGet), "read_base_position_variable", Access::read},
    {of(0x80, kSet), "write_base_position_variable", Access::write},
    {of(0x81, kGetAll), "read_external_axis_variable", Access::read},
    {of(0x81, kSetAll), "write_external_axis_variable", Access::write},
    {of(0x81, kGet), "read_external_axis_variable", Access::read},
    {of(0x81, kSet), "write_external_axis_variable", Access::write},
    {of(0x82, kSet), "reset_alarm_or_cancel_error", Access::control},
    {of(0x83, kSet), "hold_or_servo_on_off", Access::control},
    {of(0x84, kSet), "switch_step_cycle_continuous", Access::control},
    {of(0x85, kSet), "display_character_string", Access::write},
    {of(0x86, kSet), "start_job", Access::control},
    {of(0x87, kSetAll), "select_job", Access::control},
    {of(0x87, kSet), "select_job", Access::control},
    {of(0x88, kGetAll), "read_management_time", Access::diagnostic},
    {of(0x88, kGet), "read_management_time", Access::diagnostic},
    {of(0x89, kGetAll), "read_system_information", Access::identity},
    {of(0x89, kGet), "read_system_information", Access::identity},
    {of(0x8a, kSetAll), "move_cartesian", Access::control},
    {of(0x8b, kSetAll), "move_pulse", Access::control},
    {of(0x300, kReadPlural), "read_plural_io_data", Access::read},
    {of(0x300, kWritePlural), "write_plural_io_data", Access::write},
    {of(0x301, kReadPlural), "read_plural_register_data", Access::read},
    {of(0x301, kWritePlural), "write_plural_register_data", Access::write},
    {of(0x302, kReadPlural), "read_byte_variables", Access::read},
    {of(0x302, kWritePlural), "write_byte_variables", Access::write},
    {of(0x303, kReadPlural), "read_integer_variables", Access::read},
    {of(0x303, kWritePlural), "write_integer_variables", Access::write},
    {of(0x304, kReadPlural), "read_double_variables", Access::read},
    {of(0x304, kWritePlural), "write_double_variables", Access::write},
    {of(0x305, kReadPlural), "read_real_variables", Access::read},
    {of(0x305, kWritePlural), "write_real_variables", Access::write},
    {of(0x306, kReadPlural), "read_string_variables", Access::read},
    {of(0x306, kWritePlural), "write_string_variables", Access::write},
    {of(0x307, kReadPlural), "read_robot_position_variables", Access::read},
    {of(0x307, kWritePlural), "write_robot_position_variables", Access::write},
    {of(0x308, kReadPlural), "read_base_position_variables", Access::read},
    {of(0x308, kWritePlural), "write_base_position_variables", Access::write},
    {of(0x309, kReadPlural), "read_external_axis_variables", Access::read},
    {of(0x309, kWritePlural), "write_external_axis_variables", Access::write},
    {of(0x30a, kGetAll), "read_alarm_data_with_sub_code", Access::diagnostic},
    {of(0x30a, kGet), "read_alarm_data_with_sub_code", Access::diagnostic},
    {of(0x30b, kGetAll), "read_alarm_history_with_sub_code", Access::diagnostic},
    {of(0x30b, kGet), "read_alarm_history_with_sub_code", Access::diagnostic},
    {kFile | 0x09, "delete_file", Access::program},
    {kFile | 0x15, "load_file", Access::program},
    {kFile | 0x16, "save_file", Access::program},
    {kFile | 0x32, "list_files", Access::program},
};

void write_code(Writer& to, std::uint32_t code) {
  const std::uint32_t command = code >> 8 & 0xffff;
  if ((code & kFile) != 0)
    to.put("file 0x").hex(code & 0xff, 2);
  else
    to.put("0x").hex(command, command < 0x100 ? 2 : 4).put(" service 0x").hex(code & 0xff, 2);
}

// Of a code that is not listed there is no name, but the code.
struct Command {
  explicit Command(std::uint32_t number) : code(number) {
    const auto* const at =
        std::lower_bound(std::begin(kFunctions), std::end(kFunctions), number,
                         [](const Function& row, std::uint32_t value) { return row.code < value; });
    if (at != std::end(kFunctions) && at->code == number) listed = at;
    write_code(text, number);
  }
  [[nodiscard]] std::string_view name() const { return listed != nullptr ? listed->name : ""; }
  [[nodiscard]] Access access() const { return listed != nullptr ? listed->access : Access::none; }
  std::uint32_t code;
  const Function* listed = nullptr;
  Text<kCodeBytesMax> text;
};

// Clause "data transmission format": the header of requests and answers.
struct Header {
  std::uint16_t data_bytes = 0;
  std::uint8_t division = 0;
  std::uint8_t request_id = 0;
  bool is_acknowledge = false;  // an answer, or the next block of a file in either direction
  bool is_sound = false;

  [[nodiscard]] std::uint64_t transaction() const {
    return std::uint64_t{1} << 32 | std::uint64_t{division} << 8 | request_id;
  }
};

Header read_header(Cursor& in) {
  Header header;
  const bool is_magic = in.text(kMagic.size()) == kMagic;
  const std::uint16_t header_bytes = in.le16();
  header.data_bytes = in.le16();
  in.skip(1);  // reserved, always 3
  header.division = in.u8();
  header.is_acknowledge = in.u8() != 0;
  header.request_id = in.u8();
  in.skip(4);  // number of the block
  const bool is_reserved = in.text(kReserved.size()) == kReserved;
  header.is_sound = is_magic && is_reserved && header_bytes == kHeaderBytes &&
                    (header.division == kRobotControl || header.division == kFileControl);
  return header;
}

Verdict probe(Cursor in, const Context&) {
  const Header header = read_header(in);
  in.skip(8);
  return header.is_sound && in.is_good() && in.left() == header.data_bytes ? Verdict::yes
                                                                           : Verdict::no;
}

struct Variable {
  std::uint16_t command;
  std::string_view name;
};

// As the robot's language names them.
constexpr Variable kVariables[] = {{0x78, "io "}, {0x79, "register "}, {0x7a, "B"}, {0x7b, "I"},
                                   {0x7c, "D"},   {0x7d, "R"},         {0x7e, "S"}, {0x7f, "P"},
                                   {0x80, "BP"},  {0x81, "EX"}};

// Commands for several of a kind come in the same order from 0x300.
void write_variables(Writer& to, std::uint16_t command, std::uint16_t instance, Cursor& data) {
  constexpr std::uint16_t kPlural = 0x300 - 0x78;
  for (const Variable& variable : kVariables) {
    if (command != variable.command && command != variable.command + kPlural) continue;
    to.put(variable.name).decimal(instance);
    const std::uint32_t count = command == variable.command ? 1 : data.le32();
    if (count <= 1) return;
    to.put("..");
    if (variable.name.back() != ' ') to.put(variable.name);
    to.decimal(std::uint64_t{instance} + count - 1);
  }
}

template <std::size_t kCount>
void write_choice(Writer& to, const std::array<std::string_view, kCount>& words,
                  std::uint64_t number) {
  if (number >= 1 && number <= kCount)
    to.put(words[number - 1]);
  else
    to.decimal(number);
}

// "R1" and the like, of 0x88 and 0x89: 11 and 12, 21 to 23.
void write_system(Writer& to, std::uint16_t instance) {
  const std::uint16_t of_kind = instance % 10;
  if (instance > 20 && instance < 30)
    to.put('S').decimal(of_kind);
  else if (instance > 10 && instance < 20)
    to.put('R').decimal(of_kind);
  else if (instance == 101)
    to.put("application");
  else
    to.decimal(instance);
}

// What a command is about; of values only those that say what it does.
void write_target(Writer& to, std::uint16_t command, std::uint16_t instance, Cursor& data) {
  constexpr std::array<std::string_view, 3> kPower = {"hold", "servo", "external lock"};
  constexpr std::array<std::string_view, 2> kSwitch = {"on", "off"};
  constexpr std::array<std::string_view, 3> kCycle = {"step", "one cycle", "continuous"};
  constexpr std::size_t kJobBytes = 32;
  switch (command) {
    case 0x70:
    case 0x71:
    case 0x30a:
    case 0x30b:
      to.put("alarm ").decimal(instance);
      return;
    case 0x74:
    case 0x75:
    case 0x76:
    case 0x77:
      to.put("control group ").decimal(instance);
      return;
    case 0x82:
      to.put(instance == 1 ? "alarm" : "error");
      return;
    case 0x83:
      write_choice(to, kPower, instance);
      write_choice(to.put(' '), kSwitch, data.le32());
      return;
    case 0x84:
      write_choice(to, kCycle, data.le32());
      return;
    case 0x87:
      if (data.left() >= kJobBytes) to.put("job ").printable(trimmed(data.text(kJobBytes)));
      return;
    case 0x89:
      write_system(to, instance);
      return;
    case 0x8a:
    case 0x8b:
      to.put("robot ").decimal(data.le32());
      return;
    default:
      write_variables(to, command, instance, data);
  }
}

void say_request(const Header& header, Cursor& in, Out& out) {
  const std::uint16_t number = in.le16();
  const std::uint16_t instance = in.le16();
  in.skip(1);  // attribute
  const std::uint8_t service = in.u8();
  in.skip(2);
  Cursor data = in.child(header.data_bytes);
  Text<kTargetBytesMax> target;
  const bool is_file = header.division == kFileControl;
  if (is_file)
    target.put("file ").printable(trimmed(data.text(data.left())));
  else
    write_target(target, number, instance, data);
  const Command command(is_file ? kFile | service : of(number, service));
  out.say_direction(Role::request, data);
  out.say({.role = Role::request,
           .function = command.name(),
           .code = command.text.text(),
           .access = command.access(),
           .target = target.text(),
           .transaction = header.transaction()},
          data);
}

// 0x89 with all attributes: software, model, parameters.
void read_system_information(Cursor& data, std::string_view target, Collected& facts) {
  const std::string_view software = data.text(24);
  const std::string_view model = data.text(16);
  if (!data.is_good()) return;
  facts.add(about_sender("vendor", 80), "Yaskawa");
  facts.add_raw(about_sender("firmware", kConfidence), software);
  if (target == "R1") facts.add_raw(about_sender("model", kConfidence), model);
  if (target == "application") facts.add_raw(about_sender("application_name", kConfidence), model);
}

// 0x72 with all attributes: how the controller runs.
void read_status(Cursor& data, Collected& facts) {
  constexpr std::uint32_t kTeach = 0x20;
  constexpr std::uint32_t kPlay = 0x40;
  constexpr std::uint32_t kRemote = 0x80;
  const std::uint32_t mode = data.le32();
  if (!data.is_good()) return;
  facts.add(about_sender("cpu_mode", kConfidence), (mode & kRemote) != 0  ? "REMOTE"
                                                   : (mode & kPlay) != 0  ? "PLAY"
                                                   : (mode & kTeach) != 0 ? "TEACH"
                                                                          : "");
}

void say_answer(const Header& header, Cursor& in, Out& out) {
  const std::uint8_t service = in.u8() & static_cast<std::uint8_t>(~kAnswer);
  const bool is_error = in.u8() != 0;
  in.skip(6);  // added status
  Cursor data = in.child(header.data_bytes);
  out.say_direction(Role::response, data);
  const auto asked = out.asked(header.transaction());
  const bool is_file = header.division == kFileControl;
  // The next blocks of a file, and answers to nobody, tell nothing but that something failed.
  if (!asked && !(is_file && is_error)) {
    out.check(data);
    return;
  }
  Collected facts;
  if (asked && !is_error && asked->code == "0x89 service 0x01")
    read_system_information(data, asked->target, facts);
  if (asked && !is_error && asked->code == "0x72 service 0x01") read_status(data, facts);
  facts.say(out, data);
  Operation said;
  said.role = Role::response;
  said.is_error = is_error;
  said.transaction = header.transaction();
  const Command command(kFile | service);
  if (is_file) {
    said.function = command.name();
    said.code = command.text.text();
    said.access = command.access();
  }
  out.say(said, data);
}

void dissect(Cursor in, const Context& context, Out& out) {
  const Header header = read_header(in);
  in.expect(header.is_sound && (!context.is_whole || in.left() == header.data_bytes + 8U));
  if (header.is_acknowledge && (in.peek() & kAnswer) != 0) {
    say_answer(header, in, out);
  } else if (!header.is_acknowledge) {
    say_request(header, in, out);
  } else {
    in.skip(8);  // the client's next block of a file, or that it has the last one
    out.check(in);
  }
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "yaskawa_hses",
    .title = "Yaskawa high-speed Ethernet server",
    .over = over::kUdp,
    .off_port = OffPort::strong,
    .ports = kPorts,
    .leads = kLeads,
    .functions = kFunctions,
    .write_code = write_code,
    .facts = "vendor model firmware application_name cpu_mode",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::yaskawa_hses
