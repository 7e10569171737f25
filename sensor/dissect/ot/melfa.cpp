// Mitsubishi Electric MELFA robots, commands of RT ToolBox and of users' programs ("R3 protocol"):
// BFP-A3379 (Ethernet interface), CR750 and CRn-500 series external communication.
#include <algorithm>
#include <array>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/dissector.h"

namespace osect::dissect::melfa {
namespace {

constexpr std::uint16_t kPorts[] = {10001, 10002, 10003, 10004, 10005, 10006, 10007, 10008, 10009};
constexpr std::size_t kMessageMax = 1024;
constexpr char kEnd = '\r';
// The flow's memory: whether its messages end with kEnd, and how many requests there were. One at a
// time is answered, without a number.
constexpr std::uint32_t kEndsLines = 1;
constexpr std::uint32_t kOneRequest = 2;
constexpr std::uint8_t kConfidence = 90;

constexpr Lead kLeads[] = {
    {0, {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'Q'}},
    {1, {';', 'o', 'e', 'E'}},
};

struct Command {
  std::string_view word;
  std::string_view name;
  Access access;
  std::string_view names;  // what the text behind the word names; empty: nothing, or not for us
};

// The longest word that fits; with "=" they set what they ask for without.
constexpr Command kCommands[] = {
    {"CLOSE", "close_communication", Access::session, ""},
    {"CNTLOFF", "operation_right_off", Access::session, ""},
    {"CNTLON", "operation_right_on", Access::session, ""},
    {"CSTOP", "cycle_stop", Access::control, ""},
    {"DSTATE", "read_stop_state", Access::diagnostic, ""},
    {"ECLR", "clear_program", Access::program, ""},
    {"EDATA", "write_program_line", Access::program, ""},
    {"EDINS=", "insert_program_line", Access::program, ""},
    {"ERROR", "read_error", Access::diagnostic, ""},
    {"EXEC", "execute_instruction", Access::control, "instruction"},
    {"FCHECK", "check_program_file", Access::program, "program"},
    {"HNDOFF", "hand_close", Access::control, "hand"},
    {"HNDON", "hand_open", Access::control, "hand"},
    {"HO", "define_origin", Access::config, ""},
    {"IN", "read_input", Access::read, "in"},
    {"JOG", "jog", Access::control, ""},
    {"JPOS", "read_joint_position", Access::read, ""},
    {"KEYWD", "key_word", Access::session, ""},
    {"LIST", "read_program_lines", Access::program, ""},
    {"LOAD=", "open_program", Access::program, "program"},
    {"MOVSP", "move_to_safe_position", Access::control, ""},
    {"NEW", "close_program_unsaved", Access::program, ""},
    {"OPEN=", "open_communication", Access::session, ""},
    {"OUT", "read_output", Access::read, "out"},
    {"OUT=", "write_output", Access::write, "out"},
    {"OVRD", "read_override", Access::read, ""},
    {"OVRD=", "set_override", Access::write, ""},
    {"PAR", "read_parameter", Access::read, "parameter"},
    {"PAW=", "write_parameter", Access::config, "parameter"},
    {"PDIR", "read_program_directory", Access::program, ""},
    {"PPOS", "read_position", Access::read, ""},
    {"PRGDOWN", "select_previous_program", Access::control, ""},
    {"PRGLOAD=", "load_program_to_slot", Access::control, "program"},
    {"PRGRD", "read_program_name", Access::diagnostic, ""},
    {"PRGUP", "select_next_program", Access::control, ""},
    {"RPOS", "read_cylinder_position", Access::read, ""},
    {"RSTALRM", "reset_alarm", Access::control, ""},
    {"RSTPRG", "reset_program", Access::control, ""},
    {"RUN", "run", Access::control, "program"},
    {"SAVE", "save_program", Access::program, ""},
    {"SLOTINIT", "initialize_slots", Access::control, ""},
    {"SRVOFF", "servo_off", Access::control, ""},
    {"SRVON", "servo_on", Access::control, ""},
    {"STATE", "read_run_state", Access::diagnostic, ""},
    {"STOP", "stop", Access::control, ""},
    {"TIME", "time", Access::time, ""},
    {"VAL", "read_variable", Access::read, "variable"},
    {"XPOS", "read_xyz_position", Access::read, ""},
};

// For the documentation: the code of a row is its place among the commands.
constexpr auto kFunctions = [] {
  std::array<Function, std::size(kCommands)> rows{};
  for (std::uint32_t i = 0; i < rows.size(); ++i)
    rows[i] = {i, kCommands[i].name, kCommands[i].access};
  return rows;
}();

void write_code(Writer& to, std::uint32_t code) {
  if (code < std::size(kCommands)) to.put(kCommands[code].word);
}

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr bool is_visible(char c) {
  return c >= ' ' && c <= '~';
}

constexpr bool is_word(char c) {
  return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '.';
}

const Command* find_command(std::string_view text) {
  const Command* found = nullptr;
  for (const Command& command : kCommands)
    if (text.substr(0, command.word.size()) == command.word &&
        (found == nullptr || command.word.size() > found->word.size()))
      found = &command;
  return found;
}

// "1;1;RUN100;1": robot, slot of the task, command.
struct Request {
  std::string_view robot;
  std::string_view slot;
  std::string_view command;
  bool is_sound = false;
};

std::string_view take_number(std::string_view& text, std::size_t digits_max) {
  std::size_t digits = 0;
  while (digits < text.size() && digits < digits_max && is_digit(text[digits])) ++digits;
  const bool is_ended = digits > 0 && digits < text.size() && text[digits] == ';';
  const std::string_view number = text.substr(0, is_ended ? digits : 0);
  if (is_ended) text.remove_prefix(digits + 1);
  return number;
}

Request read_request(std::string_view text) {
  Request request;
  request.robot = take_number(text, 1);
  request.slot = take_number(text, 2);
  request.command = text;
  request.is_sound = !request.robot.empty() && !request.slot.empty() && !text.empty();
  return request;
}

// "QoK", data; "Qok" while an alarm is on; "QeR", error number.
bool is_response(std::string_view text) {
  return text.size() >= 3 && text[0] == 'Q' &&
         ((text[1] == 'o' && (text[2] == 'K' || text[2] == 'k')) ||
          ((text[1] == 'e' || text[1] == 'E') && (text[2] == 'R' || text[2] == 'r')));
}

std::string_view text_of(const Cursor& in) {
  Cursor copy = in;
  return copy.text(copy.left());
}

std::string_view line_of(std::string_view text) {
  return text.substr(0, std::min(text.find_first_of("\r\n"), text.size()));
}

bool is_known(std::string_view line) {
  const Request request = read_request(line);
  return is_response(line) || (request.is_sound && find_command(request.command) != nullptr);
}

Verdict probe(Cursor in, const Context& context) {
  const std::string_view text = text_of(in);
  if (text.empty() || !kLeads[0].bytes.has(in.peek())) return Verdict::no;
  const std::string_view line = line_of(text);
  if (!std::all_of(line.begin(), line.end(), is_visible) || line.size() > kMessageMax)
    return Verdict::no;
  if (is_known(line)) return Verdict::yes;
  const bool is_beginning = line.size() == text.size() && line.size() < 16;
  return is_beginning || (context.is_usual_port && read_request(line).is_sound) ? Verdict::maybe
                                                                                : Verdict::no;
}

// Controllers and their tools end a message with a carriage return; many programs of users leave
// it away, and the controller then too: such a message ends with its segment. On the protocol's
// ports, until a flow has shown that it ends them, a command that is known is taken for whole; what
// follows of it says nothing more.
Framing frame(Cursor in, const Context& context) {
  const std::string_view text = text_of(in);
  if (text.empty()) return Framing::kNeedMore;
  if (text[0] == '\n') return {1, 0};
  const std::size_t end = text.find(kEnd);
  const bool has_end = end != std::string_view::npos;
  if (has_end && context.memory != nullptr) *context.memory |= kEndsLines;
  const std::size_t whole = has_end ? end + 1 : text.size();
  if (!kLeads[0].bytes.has(in.peek())) {
    const std::string_view rest = line_of(text);
    return std::all_of(rest.begin(), rest.end(), is_visible) ? Framing{whole, 0}
                                                             : Framing{Framing::kNotAMessage};
  }
  if (has_end) return whole;
  if (text.size() >= kMessageMax) return Framing::kNotAMessage;
  const bool ends_lines = context.memory == nullptr || (*context.memory & kEndsLines) != 0;
  if (ends_lines || !context.is_usual_port || !is_known(text)) return Framing::kNeedMore;
  return whole;
}

// The name behind the word, without what is set: of "EXEC2=MOV P1" the "MOV", of "PAW=RLNG;1"
// "RLNG".
std::string_view name_in(std::string_view rest, bool is_instruction) {
  constexpr std::size_t kNameMax = 24;
  if (is_instruction)
    while (!rest.empty() && (is_digit(rest[0]) || rest[0] == '=')) rest.remove_prefix(1);
  std::size_t size = 0;
  while (size < rest.size() && size < kNameMax && is_word(rest[size])) ++size;
  return rest.substr(0, size);
}

void write_target(Writer& to, const Request& request, const Command* command) {
  to.put("robot ").put(request.robot).put(" slot ").put(request.slot);
  if (command == nullptr || command->names.empty()) return;
  const std::string_view rest = request.command.substr(command->word.size());
  if (const std::string_view name = name_in(rest, command->word == "EXEC"); !name.empty())
    to.put(' ').put(command->names).put(' ').put(name);
}

// Of a command that is not listed: its letters.
std::string_view letters_of(std::string_view text) {
  constexpr std::size_t kLettersMax = 12;
  std::size_t size = 0;
  while (size < text.size() && size < kLettersMax && text[size] >= 'A' && text[size] <= 'Z') ++size;
  return text.substr(0, size);
}

// What the controller says of itself when communication is opened: "3F;3F;7,0;3,5;MB4;PRM;RV-3SB;
// CRn-5xx;MELFA;05-07-14;Ver.K4a;ENG;...".
void identify(std::string_view data, Collected& facts) {
  constexpr std::size_t kModel = 6;
  constexpr std::size_t kController = 7;
  constexpr std::size_t kMaker = 8;
  constexpr std::size_t kVersion = 10;
  std::array<std::string_view, kVersion + 1> fields{};
  for (auto& field : fields) {
    const std::size_t end = data.find(';');
    if (end == std::string_view::npos) return;
    field = data.substr(0, end);
    data.remove_prefix(end + 1);
  }
  if (fields[kMaker] != "MELFA") return;
  facts.add(about_sender("vendor", kConfidence), "Mitsubishi Electric");
  facts.add_raw(about_sender("model", kConfidence), fields[kModel]);
  facts.add_raw(about_sender("product_name", kConfidence), fields[kController]);
  facts.add_raw(about_sender("firmware", kConfidence), fields[kVersion]);
}

void say_response(std::string_view line, std::uint64_t transaction, const Cursor& in, Out& out) {
  const auto asked = out.asked(transaction);
  if (!asked) {
    out.check(in);
    return;
  }
  const bool is_error = line[1] != 'o';
  Collected facts;
  if (!is_error && asked->code == "OPEN=") identify(line.substr(3), facts);
  facts.say(out, in);
  Operation said;
  said.role = Role::response;
  said.is_error = is_error;
  said.transaction = transaction;
  out.say(said, in);
}

// The last request is the one that is answered.
std::uint64_t transaction_of(bool is_request, const Context& context) {
  if (context.memory == nullptr) return 1;
  if (is_request) *context.memory += kOneRequest;
  return std::uint64_t{1} << 32 | *context.memory / kOneRequest;
}

void dissect(Cursor in, const Context& context, Out& out) {
  const std::string_view line = line_of(in.text(in.left()));
  if (is_response(line)) {
    out.say_direction(Role::response, in);
    say_response(line, transaction_of(false, context), in, out);
    return;
  }
  const Request request = read_request(line);
  in.expect(request.is_sound);
  const Command* const command = find_command(request.command);
  Text<kTargetBytesMax> target;
  write_target(target, request, command);
  out.say_direction(Role::request, in);
  out.say({.role = Role::request,
           .function = command != nullptr ? command->name : "",
           .code = command != nullptr ? command->word : letters_of(request.command),
           .access = command != nullptr ? command->access : Access::none,
           .target = target.text(),
           .transaction = transaction_of(true, context)},
          in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "melfa",
    .title = "Mitsubishi Electric MELFA robots",
    .over = over::kTcp,
    .off_port = OffPort::weak,
    .ports = kPorts,
    .leads = kLeads,
    .functions = kFunctions,
    .write_code = write_code,
    .facts = "vendor model product_name firmware",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::melfa
