// HART-IP: FieldComm Group TS20085 (HCF_SPEC-085, network management: message header, message ids),
// TS20081 (HCF_SPEC-081, token-passing data link layer), TS20099 (HCF_SPEC-099, commands).
#include <algorithm>
#include <iterator>

#include "sensor/dissect/hart_commands.h"
#include "sensor/dissect/hart_identity.h"

namespace osect::dissect::hart_ip {
namespace {

constexpr std::uint16_t kPorts[] = {5094};
constexpr std::size_t kHeaderBytes = 8;
constexpr std::size_t kLengthMax = 0x7ff;  // an audit log of forty records is the longest

constexpr std::uint8_t kVersionMax = 2;
constexpr std::uint8_t kPreamble = 0xff;

enum Type : std::uint8_t { request = 0, response = 1, publish = 2, error = 3, nak = 15 };
enum Id : std::uint8_t {
  session_initiate = 0,
  session_close = 1,
  keep_alive = 2,
  token_passing_pdu = 3,
  direct_pdu = 4,
  read_audit_log = 5,
};

constexpr std::uint16_t kExtendedCommand = 31;
constexpr std::uint16_t kSendCommandToSubDevice = 77;

constexpr Lead kLeads[] = {
    {0, {1, 2}}, {1, {0, 1, 2, 3, 15}}, {2, {0, 1, 2, 3, 4, 5}}, {6, {0, 1, 2, 3, 4, 5, 6, 7}}};

// Commands beyond one byte are written as the direct PDU carries them; a token-passing PDU hides
// them behind command 31.
void write_code(Writer& to, std::uint32_t code) {
  if ((code & hart::kMessage) != 0)
    to.put("msg ").decimal(code & 0xff);
  else
    to.put(code <= 0xff ? "msg 3 cmd " : "msg 4 cmd ").decimal(code);
}

// Name and access of a command or message; empty when it is not listed.
Function find_function(std::uint32_t number) {
  const auto* const at = std::lower_bound(
      std::begin(hart::kCommands), std::end(hart::kCommands), number,
      [](const Function& function, std::uint32_t wanted) { return function.code < wanted; });
  if (at != std::end(hart::kCommands) && at->code == number) return *at;
  return {number, {}, Access::none};
}

struct Header {
  std::uint8_t version = 0;
  std::uint8_t type = 0;
  std::uint8_t id = 0;
  std::uint8_t status = 0;
  std::uint16_t sequence = 0;
  std::uint16_t length = 0;  // with the header

  [[nodiscard]] bool is_sane() const {
    return version >= 1 && version <= kVersionMax && (type <= Type::error || type == Type::nak) &&
           length >= kHeaderBytes && length <= kLengthMax;
  }
  [[nodiscard]] bool is_error() const { return type == Type::error || type == Type::nak; }
};

Header read_header(Cursor& in) {
  Header header;
  header.version = in.u8();
  header.type = in.u8();
  header.id = in.u8();
  header.status = in.u8();
  header.sequence = in.be16();
  header.length = in.be16();
  return header;
}

// The check byte closes a token-passing PDU: all its bytes together are zero (HCF_SPEC-081).
bool is_checked(std::span<const std::uint8_t> pdu) {
  std::uint8_t sum = 0;
  bool has_begun = false;
  for (const std::uint8_t byte : pdu) {
    has_begun = has_begun || byte != kPreamble;
    if (has_begun) sum ^= byte;
  }
  return has_begun && sum == 0;
}

// Where nothing but the bytes speaks for the protocol, the body must be what the header says.
bool is_proven(const Header& header, std::span<const std::uint8_t> body) {
  if (header.is_error()) return body.size() <= 1;
  switch (header.id) {
    case Id::session_initiate:
      return body.size() == 5 || (header.type == Type::response && body.empty());
    case Id::session_close:
    case Id::keep_alive:
      return body.empty();
    case Id::token_passing_pdu:
      return is_checked(body);
    default:
      return header.id <= Id::read_audit_log && body.size() >= 2;
  }
}

Verdict probe(Cursor in, const Context& context) {
  const std::size_t have = in.left();
  const Header header = read_header(in);
  if (!in.is_good())
    return have > 0 && header.version >= 1 && header.version <= kVersionMax ? Verdict::maybe
                                                                            : Verdict::no;
  if (!header.is_sane()) return Verdict::no;
  if (context.over == over::kUdp && context.is_whole && header.length > have) return Verdict::no;
  if (context.is_usual_port) return Verdict::yes;
  if (header.id > Id::read_audit_log) return Verdict::no;
  const std::size_t body = header.length - kHeaderBytes;
  if (in.left() < body) return Verdict::maybe;
  return is_proven(header, in.rest().first(body)) ? Verdict::yes : Verdict::no;
}

Framing frame(Cursor in, const Context&) {
  const Header header = read_header(in);
  if (!in.is_good()) return Framing::kNeedMore;
  return header.is_sane() ? header.length : Framing::kNotAMessage;
}

// HCF_SPEC-307: 8, 14, 24 to 27, 30, 31 and 96 to 127 warn, 33 and 34 promise a later answer; with
// bit 7 the bits below tell what was wrong with the message.
bool is_refusal(std::uint8_t code) {
  if ((code & 0x80) != 0) return true;
  if (code == 0 || code == 8 || code == 14 || code == 30 || code == 31) return false;
  if (code == 33 || code == 34) return false;
  return (code < 24 || code > 27) && code < 96;
}

// Requests and responses have the sequence number in common; `at` counts the commands of a PDU.
std::uint64_t transaction_of(const Header& header, std::uint8_t at = 0) {
  const std::uint64_t whose = header.type == Type::publish ? 2 : 1;
  return whose << 32 | std::uint64_t{at} << 16 | header.sequence;
}

struct Address {
  bool is_unique = false;
  std::uint64_t number = 0;  // unique: 14 bits of the device type, 24 of the device's own number
};

// The two upper bits tell master and burst mode.
Address read_address(Cursor& in, std::uint8_t delimiter) {
  Address address;
  address.is_unique = (delimiter & 0x80) != 0;
  if (address.is_unique) {
    const std::uint64_t type = in.be16() & 0x3fffU;
    address.number = type << 24 | in.be24();
  } else {
    address.number = in.u8() & 0x3fU;
  }
  return address;
}

void write_address(Writer& to, const Address& address) {
  if (address.is_unique)
    to.put("device ").hex(address.number, 10);
  else
    to.put("polling address ").decimal(address.number);
}

// What a command names in its first byte of data.
bool names_variable(std::uint16_t command) {
  constexpr std::uint16_t kCommands[] = {52, 53, 54, 55, 56, 79, 80, 81, 82, 83, 113, 114, 534};
  return std::find(std::begin(kCommands), std::end(kCommands), command) != std::end(kCommands);
}

// A refused answer does not repeat what the command was about.
bool names_another(std::uint16_t command) {
  return command == kExtendedCommand || command == kSendCommandToSubDevice;
}

// One command of a message: its number where it stands, and what it turned out to be.
struct Command {
  std::uint16_t number = 0;    // as the PDU writes it
  std::uint16_t extended = 0;  // behind command 31, else the same
  Function function{};
  Text<kTargetBytesMax> target;
};

// Command 77: the command that the I/O system hands on to a device behind it.
void read_sub_device(Cursor& data, bool is_request, Command& command) {
  const std::uint8_t card = data.u8();
  const std::uint8_t channel = data.u8();
  if (is_request) data.skip(1);  // preambles
  const Address address = read_address(data, data.u8());
  const std::uint8_t inside = data.u8();
  if (!data.is_good()) return;
  command.target.put("card ").decimal(card).put(" channel ").decimal(channel).put(' ');
  write_address(command.target, address);
  command.target.put(" command ").decimal(inside);
  command.function.access = find_function(inside).access;
}

// What stands at the beginning of a command's data, in requests and in answers.
void read_command(Cursor data, bool is_request, const Address* address, Command& command) {
  command.extended = command.number;
  if (command.number == kExtendedCommand && data.left() >= 2) command.extended = data.be16();
  command.function = find_function(command.extended);
  if (command.number == kSendCommandToSubDevice) {
    read_sub_device(data, is_request, command);
    if (data.is_good()) return;
  }
  if (address != nullptr) write_address(command.target, *address);
  const std::string_view blank = address != nullptr ? " " : "";
  if (command.extended != command.number)
    command.target.put(blank).put("command ").decimal(command.extended);
  else if (names_variable(command.extended) && data.left() > 0)
    command.target.put(blank).put("variable ").decimal(data.peek());
}

// A gateway or multiplexer speaks for the devices behind it: facts are about the first device that
// identifies itself on a flow, which is the gateway's own.
bool is_own_word(const Address* address, const Context& context) {
  if (address == nullptr || !address->is_unique || context.memory == nullptr) return true;
  const auto mark = static_cast<std::uint32_t>(address->number | 0x80000000U);
  if (*context.memory == 0) *context.memory = mark;
  return *context.memory == mark;
}

void say_command(const Header& header, std::uint8_t at, const Address* address,
                 std::uint16_t number, Cursor& data, const Context& context, Out& out) {
  const bool is_request = header.type == Type::request;
  const bool is_token = header.id == Id::token_passing_pdu;
  Command command;
  command.number = number;
  bool is_error = false;
  if (!is_request) {
    const std::uint8_t code = data.u8();
    is_error = is_refusal(code);
    if (is_token) data.skip(1);  // device status
  }
  read_command(data, is_request, address, command);
  if (!is_request && !is_error && is_own_word(address, context)) {
    Collected facts;
    hart::collect_identity(command.extended, data, facts);
    facts.say(out, data);
  }
  Text<24> code;
  code.put("msg ").decimal(header.id).put(" cmd ").decimal(number);
  out.say({.role = is_request ? Role::request : Role::response,
           .function = command.function.name,
           .code = code.text(),
           .access = header.type == Type::publish ? Access::cyclic : command.function.access,
           .target = command.target.text(),
           .is_error = is_error,
           .transaction = transaction_of(header, at),
           .is_provisional = !is_request && names_another(number)},
          data);
}

void say_token_passing(const Header& header, Cursor& in, const Context& context, Out& out) {
  while (in.left() > 0 && in.peek() == kPreamble) in.skip(1);
  const std::uint8_t delimiter = in.u8();
  const Address address = read_address(in, delimiter);
  in.skip(delimiter >> 5 & 3);  // expansion bytes
  const std::uint8_t number = in.u8();
  Cursor data = in.child(in.u8());
  in.skip(1);  // check byte
  if (!in.is_good()) {
    out.check(in);
    return;
  }
  say_command(header, 0, &address, number, data, context, out);
}

// Device status and extended status, then one or more commands.
void say_direct(const Header& header, Cursor& in, const Context& context, Out& out) {
  in.skip(2);
  if (in.left() == 0) in.expect(false);
  std::uint8_t at = 0;
  while (in.left() > 0) {
    const std::uint16_t number = in.be16();
    Cursor data = in.child(in.u8());
    if (!in.is_good()) break;
    say_command(header, at++, nullptr, number, data, context, out);
  }
  out.check(in);
}

// What has no command, and what refuses the message as a whole.
void say_message(const Header& header, const Cursor& in, Out& out) {
  const Function function = find_function(hart::kMessage | header.id);
  Text<24> code;
  code.put("msg ").decimal(header.id);
  const bool is_request = header.type == Type::request;
  out.say({.role = is_request ? Role::request : Role::response,
           .function = function.name,
           .code = code.text(),
           .access = function.access,
           .target = "",
           .is_error = header.is_error() || (!is_request && is_refusal(header.status)),
           .transaction = transaction_of(header),
           .is_provisional = header.is_error()},
          in);
}

void say_one(Cursor& in, const Context& context, Out& out) {
  const Header header = read_header(in);
  in.expect(header.is_sane());
  Cursor body = in.child(header.length - std::min<std::size_t>(header.length, kHeaderBytes));
  if (!body.is_good()) {
    out.check(body);
    return;
  }
  out.say_direction(header.type == Type::request ? Role::request : Role::response, body);
  if (header.id == Id::token_passing_pdu && !header.is_error() && body.left() > 0)
    say_token_passing(header, body, context, out);
  else if (header.id == Id::direct_pdu && !header.is_error() && body.left() > 0)
    say_direct(header, body, context, out);
  else
    say_message(header, body, out);
}

// A datagram may hold several.
void dissect(Cursor in, const Context& context, Out& out) {
  do {
    say_one(in, context, out);
  } while (in.left() > 0);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "hart_ip",
    .title = "HART-IP",
    .over = over::kTcp | over::kUdp,
    .off_port = OffPort::weak,
    .ports = kPorts,
    .leads = kLeads,
    .functions = hart::kCommands,
    .write_code = write_code,
    .facts = "vendor vendor_id model_code firmware hardware serial device_name description module",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::hart_ip
