// GVCP, the control protocol of GigE Vision cameras: AIA GigE Vision 2.x, clauses 14 (headers), 16
// (messages), 27 and 28 (bootstrap registers).
#include <algorithm>
#include <iterator>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/dissector.h"

namespace osect::dissect::gvcp {
namespace {

constexpr std::uint16_t kPorts[] = {3956};
constexpr std::uint8_t kKey = 0x42;
constexpr std::uint8_t kIsAnswered = 0x01;  // flag: an acknowledgement is asked for
constexpr std::uint8_t kConfidence = 95;

// A camera's words come from other ports too; only commands have a byte of their own.
constexpr Lead kLeads[] = {{0, {kKey}}, {2, {0x00, 0x01}}};

enum Command : std::uint16_t {
  discovery = 0x0002,
  force_ip = 0x0004,
  packet_resend = 0x0040,
  read_register = 0x0080,
  write_register = 0x0082,
  read_memory = 0x0084,
  write_memory = 0x0086,
  pending = 0x0088,  // its acknowledgement only: another one follows
  event = 0x00c0,
  event_data = 0x00c2,
  action = 0x0100,
};

// An acknowledgement has the number of its command and one more.
constexpr Function kFunctions[] = {
    {Command::discovery, "discovery", Access::identity},
    {Command::force_ip, "force_ip", Access::config},
    {Command::packet_resend, "packet_resend", Access::diagnostic},
    {Command::read_register, "read_register", Access::read},
    {Command::write_register, "write_register", Access::write},
    {Command::read_memory, "read_memory", Access::read},
    {Command::write_memory, "write_memory", Access::write},
    {Command::event, "event", Access::read},
    {Command::event_data, "event_data", Access::read},
    {Command::action, "action", Access::control},
};

// Bootstrap registers whose writing is more than a setting of the picture.
constexpr std::uint32_t kNetworkConfiguration = 0x0014;
constexpr std::uint32_t kUserDefinedName = 0x00e8;
constexpr std::uint32_t kPersistentIp = 0x064c;
constexpr std::uint32_t kLastNetworkRegister = 0x07ff;
constexpr std::uint32_t kControlPrivilege = 0x0a00;

struct Header {
  bool is_command = false;
  std::uint8_t flags = 0;
  std::uint16_t status = 0;   // of an acknowledgement
  std::uint16_t command = 0;  // that it is or answers
  std::uint16_t length = 0;
  std::uint16_t id = 0;
};

Header read_header(Cursor& in) {
  Header header;
  header.is_command = in.peek() == kKey;
  if (header.is_command) {
    in.skip(1);
    header.flags = in.u8();
  } else {
    header.status = in.be16();
  }
  const std::uint16_t command = in.be16();
  header.command = header.is_command ? command : static_cast<std::uint16_t>(command & 0xfffeU);
  header.length = in.be16();
  header.id = in.be16();
  in.expect(header.is_command == (command % 2 == 0));
  return header;
}

const Function* find_function(std::uint16_t command) {
  const auto* const at = std::find_if(std::begin(kFunctions), std::end(kFunctions),
                                      [&](const Function& f) { return f.code == command; });
  return at != std::end(kFunctions) ? at : nullptr;
}

Verdict probe(Cursor in, const Context& context) {
  const Header header = read_header(in);
  if (!in.is_good() || (context.is_whole ? in.left() != header.length : in.left() > header.length))
    return Verdict::no;
  if (!header.is_command && header.status != 0 && (header.status & 0x8000U) == 0 &&
      header.status != 0x0100)
    return Verdict::no;
  if (context.is_usual_port) return Verdict::yes;
  return header.is_command && find_function(header.command) != nullptr ? Verdict::yes : Verdict::no;
}

// The first register, and how many more.
void write_registers(Writer& to, Cursor data, std::size_t bytes_each) {
  const std::size_t more = data.left() / bytes_each;
  if (more == 0) return;
  to.put("register 0x").hex(data.be32(), 8);
  if (more > 1) to.put(" +").decimal(more - 1);
}

// Where memory is read or written, and how many bytes.
void write_memory_range(Writer& to, Cursor data, bool is_write) {
  const std::uint32_t address = data.be32();
  if (!is_write) data.skip(2);  // reserved
  const std::size_t count = is_write ? data.left() : data.be16();
  if (data.is_good()) to.put("memory 0x").hex(address, 8).put(" x").decimal(count);
}

void write_target(Writer& to, std::uint16_t command, Cursor data) {
  switch (command) {
    case Command::force_ip: {
      data.skip(2);
      const MacAddress mac = data.mac();
      if (data.is_good()) to.put("device ").address(mac);
      break;
    }
    case Command::read_register:
      write_registers(to, data, 4);
      break;
    case Command::write_register:
      write_registers(to, data, 8);
      break;
    case Command::read_memory:
    case Command::write_memory:
      write_memory_range(to, data, command == Command::write_memory);
      break;
    case Command::event:
    case Command::event_data: {
      data.skip(2);
      const std::uint16_t number = data.be16();
      if (data.is_good()) to.put("event 0x").hex(number, 4);
      break;
    }
    default:
      break;
  }
}

// Who may control a camera, its address and its name are written like any other register.
Access access_of(std::uint16_t command, Cursor data) {
  const Function* const function = find_function(command);
  const Access usual = function != nullptr ? function->access : Access::none;
  if (command != Command::write_register && command != Command::write_memory) return usual;
  const std::uint32_t address = data.be32();
  if (!data.is_good()) return usual;
  if (address == kControlPrivilege) return Access::session;
  const bool is_network = address == kNetworkConfiguration || address == kUserDefinedName ||
                          (address >= kPersistentIp && address <= kLastNetworkRegister);
  return is_network ? Access::config : usual;
}

void add_text(std::string_view attribute, Cursor& data, std::size_t size, Collected& facts) {
  const std::string_view text = data.text(size);
  facts.add_raw(about_sender(attribute, kConfidence), text.substr(0, text.find('\0')));
}

void add_address(std::string_view attribute, Cursor& data, Collected& facts) {
  const IpAddress address = data.ipv4();
  if (address.is_v4() && !address.is_unspecified())
    facts.add_text(about_sender(attribute, kConfidence), [&](Writer& to) { to.address(address); });
}

// Clause 16.1.2: the beginning of the bootstrap registers.
void collect_identity(Cursor& data, Collected& facts) {
  data.skip(4 + 4 + 2);  // version, device mode, reserved
  const MacAddress mac = data.mac();
  data.skip(4 + 4 + 12);  // ways to get an address: supported, in use; reserved
  facts.add_text(about_sender("mac", kConfidence), [&](Writer& to) { to.address(mac); });
  add_address("ip", data, facts);
  data.skip(12);
  add_address("ip_mask", data, facts);
  data.skip(12);
  add_address("gateway", data, facts);
  add_text("vendor", data, 32, facts);
  add_text("model", data, 32, facts);
  add_text("firmware", data, 32, facts);
  data.skip(48);  // what the maker likes to tell
  add_text("serial", data, 16, facts);
  add_text("device_name", data, 16, facts);
}

void say_command(const Header& header, const Cursor& data, Out& out) {
  const Function* const function = find_function(header.command);
  const bool is_answered = (header.flags & kIsAnswered) != 0;
  Text<8> code;
  code.put("0x").hex(header.command, 4);
  Text<kTargetBytesMax> target;
  write_target(target, header.command, data);
  out.say_direction(Role::request, data);
  out.say({.role = is_answered ? Role::request : Role::message,
           .function = function != nullptr ? function->name : std::string_view{},
           .code = code.text(),
           .access = access_of(header.command, data),
           .target = target.text(),
           .transaction = std::uint64_t{1} << 32 | header.id},
          data);
}

void say_acknowledgement(const Header& header, Cursor& data, Out& out) {
  const Function* const function = find_function(header.command);
  const bool is_error = (header.status & 0x8000U) != 0;
  if (header.command == Command::discovery && !is_error) {
    Collected facts;
    collect_identity(data, facts);
    facts.say(out, data);
  }
  Text<8> code;
  code.put("0x").hex(header.command, 4);
  out.say_direction(Role::response, data);
  out.say({.role = Role::response,
           .function = function != nullptr ? function->name : std::string_view{},
           .code = code.text(),
           .access = function != nullptr ? function->access : Access::none,
           .target = "",
           .is_error = is_error,
           .transaction = std::uint64_t{1} << 32 | header.id,
           .is_provisional = true},
          data);
}

void dissect(Cursor in, const Context&, Out& out) {
  const Header header = read_header(in);
  Cursor data = in.child(header.length);
  if (!data.is_good() || (!header.is_command && header.command == Command::pending))
    out.check(data);
  else if (header.is_command)
    say_command(header, data, out);
  else
    say_acknowledgement(header, data, out);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "gvcp",
    .title = "GVCP (GigE Vision)",
    .over = over::kUdp,
    .off_port = OffPort::strong,
    .ports = kPorts,
    .leads = kLeads,
    .functions = kFunctions,
    .code_digits = 4,
    .facts = "mac ip ip_mask gateway vendor model firmware serial device_name",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::gvcp
