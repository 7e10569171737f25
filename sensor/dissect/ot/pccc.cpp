// PCCC, the commands of PLC-5, SLC 500 and MicroLogix controllers, inside CIP: Rockwell publication
// 1770-6.5.16, chapters 6 and 7.
#include <algorithm>
#include <array>

#include "sensor/dissect/dissector.h"

namespace osect::dissect::pccc {
namespace {

constexpr std::uint16_t kInside[] = {inside::kPccc};
constexpr std::uint8_t kIsReply = 0x40;
constexpr std::uint32_t kNoFunction = 0x100;  // in place of a function: the command has none

constexpr std::uint32_t of(std::uint8_t command, std::uint32_t function) {
  return std::uint32_t{command} << 16 | function;
}

// Sorted by code.
constexpr Function kFunctions[] = {
    {of(0x00, kNoFunction), "protected_write", Access::write},
    {of(0x01, kNoFunction), "unprotected_read", Access::read},
    {of(0x02, kNoFunction), "protected_bit_write", Access::write},
    {of(0x05, kNoFunction), "unprotected_bit_write", Access::write},
    {of(0x06, 0x00), "echo", Access::diagnostic},
    {of(0x06, 0x01), "read_diagnostic_counters", Access::diagnostic},
    {of(0x06, 0x02), "set_variables", Access::config},
    {of(0x06, 0x03), "diagnostic_status", Access::identity},
    {of(0x06, 0x04), "set_timeout", Access::config},
    {of(0x06, 0x05), "set_naks", Access::config},
    {of(0x06, 0x06), "set_enqs", Access::config},
    {of(0x06, 0x07), "reset_diagnostic_counters", Access::config},
    {of(0x06, 0x08), "set_data_table_size", Access::config},
    {of(0x06, 0x09), "read_link_parameters", Access::diagnostic},
    {of(0x06, 0x0a), "set_link_parameters", Access::config},
    {of(0x07, 0x00), "disable_outputs", Access::control},
    {of(0x07, 0x01), "enable_outputs", Access::control},
    {of(0x07, 0x03), "enable_plc_scanning", Access::control},
    {of(0x07, 0x04), "enter_download_mode", Access::program},
    {of(0x07, 0x05), "exit_download_upload_mode", Access::program},
    {of(0x07, 0x06), "enter_upload_mode", Access::program},
    {of(0x08, kNoFunction), "unprotected_write", Access::write},
    {of(0x0f, 0x00), "word_range_write", Access::write},
    {of(0x0f, 0x01), "word_range_read", Access::read},
    {of(0x0f, 0x02), "bit_write", Access::write},
    {of(0x0f, 0x03), "file_write", Access::program},
    {of(0x0f, 0x04), "file_read", Access::program},
    {of(0x0f, 0x05), "download_request", Access::program},
    {of(0x0f, 0x06), "upload", Access::program},
    {of(0x0f, 0x07), "shutdown", Access::control},
    {of(0x0f, 0x0a), "restart_request", Access::control},
    {of(0x0f, 0x11), "get_edit_resource", Access::program},
    {of(0x0f, 0x12), "return_edit_resource", Access::program},
    {of(0x0f, 0x17), "read_bytes_physical", Access::read},
    {of(0x0f, 0x18), "write_bytes_physical", Access::write},
    {of(0x0f, 0x26), "read_modify_write", Access::write},
    {of(0x0f, 0x29), "read_section_size", Access::diagnostic},
    {of(0x0f, 0x3a), "set_cpu_mode", Access::control},
    {of(0x0f, 0x41), "disable_forces", Access::control},
    {of(0x0f, 0x50), "download_all_request", Access::program},
    {of(0x0f, 0x52), "download_completed", Access::program},
    {of(0x0f, 0x53), "upload_all_request", Access::program},
    {of(0x0f, 0x55), "upload_completed", Access::program},
    {of(0x0f, 0x57), "initialize_memory", Access::program},
    {of(0x0f, 0x5e), "modify_plc2_compatibility_file", Access::config},
    {of(0x0f, 0x67), "typed_write", Access::write},
    {of(0x0f, 0x68), "typed_read", Access::read},
    {of(0x0f, 0x79), "read_modify_write_n", Access::write},
    {of(0x0f, 0x80), "change_mode", Access::control},
    {of(0x0f, 0x81), "open_file", Access::program},
    {of(0x0f, 0x82), "close_file", Access::program},
    {of(0x0f, 0x88), "execute_multiple_commands", Access::write},
    {of(0x0f, 0x8f), "apply_port_configuration", Access::config},
    {of(0x0f, 0xa1), "protected_typed_logical_read_2", Access::read},
    {of(0x0f, 0xa2), "protected_typed_logical_read_3", Access::read},
    {of(0x0f, 0xa7), "protected_typed_file_read", Access::program},
    {of(0x0f, 0xa9), "protected_typed_logical_write_2", Access::write},
    {of(0x0f, 0xaa), "protected_typed_logical_write_3", Access::write},
    {of(0x0f, 0xab), "protected_typed_logical_write_mask", Access::write},
    {of(0x0f, 0xaf), "protected_typed_file_write", Access::program},
};
constexpr auto is_before = [](const Function& a, const Function& b) { return a.code < b.code; };
static_assert(std::is_sorted(std::begin(kFunctions), std::end(kFunctions), is_before));

bool has_function(std::uint8_t command) {
  return command == 0x06 || command == 0x07 || command == 0x0f;
}

void write_code(Writer& to, std::uint32_t code) {
  to.put("cmd 0x").hex(code >> 16, 2);
  if ((code & 0xffff) != kNoFunction) to.put(" fnc 0x").hex(code & 0xff, 2);
}

// The letter of a data file's type, chapter 7; "" where there is none.
std::string_view letter_of(std::uint8_t type) {
  constexpr std::uint8_t kFirst = 0x84;
  constexpr std::array<std::string_view, 17> kLetters = {
      "S", "B", "T", "C", "R", "N", "F", "O", "I", "ST", "A", "", "", "L", "MG", "PD", "PLS"};
  return type >= kFirst && type - kFirst < std::ssize(kLetters)
             ? kLetters[static_cast<std::size_t>(type - kFirst)]
             : std::string_view();
}

// One byte, or 0xff and two.
std::uint16_t read_field(Cursor& in) {
  const std::uint8_t byte = in.u8();
  return byte == 0xff ? in.le16() : byte;
}

// "N7:0.2, 4 bytes".
void write_logical(Writer& to, Cursor in, bool has_part) {
  const std::uint8_t bytes = in.u8();
  const std::uint16_t file = read_field(in);
  const std::uint8_t type = in.u8();
  const std::uint16_t element = read_field(in);
  const std::uint16_t part = has_part ? read_field(in) : std::uint16_t{0};
  if (!in.is_good()) return;
  const std::string_view letter = letter_of(type);
  if (letter.empty())
    to.put("file ").decimal(file).put(" type 0x").hex(type, 2).put(':');
  else
    to.put(letter).decimal(file).put(':');
  to.decimal(element);
  if (part != 0) to.put('.').decimal(part);
  to.put(", ").decimal(bytes).put(" bytes");
}

// A PLC-5 system address: "$N7:0" as text, or the levels that a mask names.
void write_system_address(Writer& to, Cursor in) {
  const std::uint8_t mask = in.u8();
  if (mask == 0 && in.peek() == '$') {
    in.skip(1);
    std::size_t size = 0;
    while (size < in.left() && in.peek(size) != 0) ++size;
    to.printable(in.text(std::min<std::size_t>(size, 24)));
    return;
  }
  // Level 1 is the data table, 2 the file, 3 the element, 4 the part of it.
  std::array<std::uint16_t, 4> levels{};
  for (std::size_t i = 0; i < levels.size(); ++i)
    if ((mask >> i & 1) != 0) levels[i] = read_field(in);
  if (!in.is_good() || mask == 0) return;
  to.put("file ").decimal(levels[1]).put(':').decimal(levels[2]);
  if ((mask & 8) != 0) to.put('.').decimal(levels[3]);
}

std::string_view mode_of(std::uint8_t mode) {
  switch (mode) {
    case 1:
      return "program";
    case 6:
      return "run";
    case 7:
      return "test, continuous scan";
    case 8:
      return "test, single scan";
    case 9:
      return "test, single step";
    default:
      return {};
  }
}

// What the request is about: an address of data, or the mode that is asked for.
void write_target(Writer& to, std::uint8_t command, std::uint8_t function, Cursor in) {
  if (command == 0x01) {
    const std::uint16_t address = in.le16();
    const std::uint8_t bytes = in.u8();
    if (in.is_good()) to.put("address ").decimal(address).put(", ").decimal(bytes).put(" bytes");
  } else if (command == 0x00 || command == 0x02 || command == 0x05 || command == 0x08) {
    const std::uint16_t address = in.le16();
    if (in.is_good()) to.put("address ").decimal(address);
  }
  if (command != 0x0f) return;
  switch (function) {
    case 0x00:
    case 0x01:
    case 0x67:
    case 0x68:
      in.skip(4);  // offset and whole of the transaction
      write_system_address(to, in);
      break;
    case 0x02:
    case 0x26:
      write_system_address(to, in);
      break;
    case 0x80:
      if (const std::string_view mode = mode_of(in.u8()); !mode.empty()) to.put("mode ").put(mode);
      break;
    case 0xa1:
    case 0xa9:
      write_logical(to, in, false);
      break;
    case 0xa2:
    case 0xaa:
    case 0xab:
      write_logical(to, in, true);
      break;
    default:
      break;
  }
}

Verdict probe(Cursor in, const Context&) {
  const std::uint8_t command = in.u8() & static_cast<std::uint8_t>(~kIsReply);
  in.skip(3);
  return in.is_good() && command <= 0x0f ? Verdict::yes : Verdict::no;
}

void dissect(Cursor in, const Context& context, Out& out) {
  const std::uint8_t first = in.u8();
  const auto command = static_cast<std::uint8_t>(first & ~kIsReply);
  const std::uint8_t status = in.u8();
  const std::uint64_t transaction = context.transaction ^ std::uint64_t{in.le16()} << 16;
  const bool is_reply = (first & kIsReply) != 0;
  const bool is_complete = !is_reply && has_function(command);
  const std::uint8_t function = is_complete ? in.u8() : std::uint8_t{0};
  const std::uint32_t row = of(command, is_complete ? function : kNoFunction);

  const auto* const found = std::lower_bound(std::begin(kFunctions), std::end(kFunctions),
                                             Function{row, {}, {}}, is_before);
  const bool is_listed = found != std::end(kFunctions) && found->code == row;
  Text<kCodeBytesMax> code;
  write_code(code, row);
  Text<kTargetBytesMax> target;
  if (!is_reply) write_target(target, command, function, in);
  const Operation said{
      .role = is_reply ? Role::response : Role::request,
      .function = is_listed ? found->name : std::string_view(),
      .code = code.text(),
      .access = is_listed ? found->access : Access::none,
      .target = target.text(),
      .is_error = is_reply && status != 0,
      .transaction = transaction,
      .is_provisional = is_reply,
  };
  out.say(said, in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "pccc",
    .title = "PCCC",
    .over = over::kInside,
    .off_port = OffPort::never,
    .ports = kInside,
    .functions = kFunctions,
    .write_code = write_code,
    .facts = {},
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::pccc
