// OMRON FINS over UDP and, with a header of its own, over TCP: W342 (CS/CJ/CP communications
// commands), W420 and W421 (Ethernet units).
#include <algorithm>
#include <array>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/fins_commands.h"
#include "sensor/dissect/fins_target.h"

namespace osect::dissect::fins {
namespace {

using fins_message::kCommands;
using fins_message::kTcp;

constexpr std::uint16_t kPorts[] = {9600};
constexpr std::string_view kMagic = "FINS";
constexpr std::size_t kTcpPrefixBytes = 8;  // up to and with the length, which counts what follows
constexpr std::size_t kTcpHeaderBytes = 16;
constexpr std::uint32_t kTcpLengthMin = 8;
constexpr std::uint32_t kTcpLengthMax = 4096;
constexpr std::uint32_t kTcpCommandMax = 6;
constexpr std::size_t kHead = 1024;  // identities of all units; values are not read
constexpr std::uint8_t kResponse = 0x40;
constexpr std::uint8_t kGatewaysMax = 7;
constexpr std::uint8_t kNetworkMax = 0x7f;
constexpr std::uint8_t kConfidence = 95;
constexpr std::uint64_t kFrames = std::uint64_t{1} << 32;  // transactions: by service id and code
constexpr std::uint64_t kNodes = std::uint64_t{2} << 32;   // of the node addresses
constexpr std::uint16_t kEndCodeError = 0x7f3f;  // without "relayed" and the CPU's own error flags

// FINS/TCP shows its name, FINS/UDP the information control field, a reserved zero, the gateways.
constexpr Lead kLeads[] = {
    {0, {0x80, 0x81, 0xc0, 0xc1, 'F'}}, {1, {0, 'I'}}, {2, {0, 1, 2, 3, 4, 5, 6, 7, 'N'}}};

void write_code(Writer& to, std::uint32_t code) {
  if (code >= kTcp)
    to.put("tcp ").decimal(code - kTcp);
  else
    to.put("0x").hex(code, 4);
}

// Of a code that is not listed there is no name, but the code.
struct Command {
  explicit Command(std::uint32_t code) {
    const auto* const at =
        std::lower_bound(std::begin(kCommands), std::end(kCommands), code,
                         [](const Function& row, std::uint32_t value) { return row.code < value; });
    if (at != std::end(kCommands) && at->code == code) listed = at;
    write_code(text, code);
  }
  [[nodiscard]] std::string_view name() const { return listed != nullptr ? listed->name : ""; }
  [[nodiscard]] Access access() const { return listed != nullptr ? listed->access : Access::none; }
  const Function* listed = nullptr;
  Text<12> text;
};

// W342, clause 3-3: ten bytes before the command code.
struct Header {
  std::uint8_t control = 0;
  std::uint8_t network = 0;  // of the destination
  std::uint8_t node = 0;
  std::uint8_t unit = 0;
  std::uint8_t service = 0;
  std::uint16_t command = 0;
  bool is_sound = false;

  [[nodiscard]] bool is_response() const { return (control & kResponse) != 0; }
  // Node addresses may be given on the way; the service id and the code come back as they were.
  [[nodiscard]] std::uint64_t transaction() const {
    return kFrames | std::uint64_t{service} << 16 | command;
  }
};

Header read_header(Cursor& in) {
  Header header;
  header.control = in.u8();
  const std::uint8_t reserved = in.u8();
  const std::uint8_t gateways = in.u8();
  header.network = in.u8();
  header.node = in.u8();
  header.unit = in.u8();
  const std::uint8_t source_network = in.u8();
  in.skip(2);  // node and unit of the source
  header.service = in.u8();
  header.command = in.be16();
  header.is_sound = in.is_good() && (header.control & 0xbe) == 0x80 && reserved == 0 &&
                    gateways <= kGatewaysMax && header.network <= kNetworkMax &&
                    source_network <= kNetworkMax && header.command >= 0x100;
  return header;
}

Verdict probe_datagram(Cursor in, const Context& context) {
  const Header header = read_header(in);
  if (!header.is_sound || (header.is_response() && in.left() < 2)) return Verdict::no;
  if (context.is_usual_port || Command(header.command).listed != nullptr) return Verdict::yes;
  return Verdict::no;
}

Verdict probe(Cursor in, const Context& context) {
  if (context.over == over::kUdp) return probe_datagram(in, context);
  const std::size_t have = std::min(in.left(), kMagic.size());
  if (in.text(have) != kMagic.substr(0, have)) return Verdict::no;
  const std::uint32_t length = in.be32();
  const std::uint32_t command = in.be32();
  if (!in.is_good()) return Verdict::maybe;
  return length >= kTcpLengthMin && length <= kTcpLengthMax && command <= kTcpCommandMax
             ? Verdict::yes
             : Verdict::no;
}

Framing frame(Cursor in, const Context&) {
  const bool is_magic = in.text(kMagic.size()) == kMagic;
  const std::uint32_t length = in.be32();
  if (!in.is_good()) return Framing::kNeedMore;
  if (!is_magic || length < kTcpLengthMin || length > kTcpLengthMax) return Framing::kNotAMessage;
  const std::size_t whole = kTcpPrefixBytes + length;
  return {whole, std::min(whole, kHead)};
}

bool is_name(std::string_view text) {
  const auto is_sign = [](char c) { return c >= ' ' && c <= '~'; };
  const std::string_view name = trimmed(text.substr(0, text.find('\0')));
  return !name.empty() && std::all_of(name.begin(), name.end(), is_sign);
}

// 0501, unless it tells of the CPU bus units only.
void identify_controller(Cursor& data, Collected& facts) {
  constexpr std::size_t kTextBytes = 20;
  if (data.left() < 2 * kTextBytes) return;
  const std::string_view model = data.text(kTextBytes);
  const std::string_view version = data.text(kTextBytes);
  if (!is_name(model)) return;
  facts.add(about_sender("vendor", 80), "OMRON");
  facts.add_raw(about_sender("model", kConfidence), model);
  if (is_name(version)) facts.add_raw(about_sender("firmware", kConfidence), version);
}

// 0502: the models of CPU bus units by unit address.
void identify_units(Cursor& data, Collected& facts) {
  constexpr std::size_t kModelBytes = 20;
  constexpr std::uint8_t kLast = 0x80;  // of the number of units
  for (std::size_t left = data.u8() & ~kLast & 0xff; left > 0 && data.left() > kModelBytes;
       --left) {
    const std::uint8_t unit = data.u8();
    const std::string_view model = data.text(kModelBytes);
    if (!is_name(model)) continue;
    facts.add_text(about_sender("module", kConfidence), [&](Writer& to) {
      to.put("unit ").decimal(unit).put(' ').printable(trimmed(model));
    });
  }
}

// 0601.
void read_mode(Cursor& data, Collected& facts) {
  data.skip(1);  // status
  switch (data.u8()) {
    case 0:
      return facts.add(about_sender("cpu_mode", kConfidence), "PROGRAM");
    case 1:
      return facts.add(about_sender("cpu_mode", kConfidence), "DEBUG");
    case 2:
      return facts.add(about_sender("cpu_mode", kConfidence), "MONITOR");
    case 4:
      return facts.add(about_sender("cpu_mode", kConfidence), "RUN");
    default:
      return;
  }
}

void read_facts(std::uint16_t command, Cursor& data, bool is_whole, Collected& facts) {
  switch (command) {
    case 0x0501:
      return identify_controller(data, facts);
    case 0x0502:
      return identify_units(data, facts);
    case 0x0601:
      return read_mode(data, facts);
    case 0x2603:
      data.expect(is_whole);
      return facts.add_raw(about_sender("station_name", kConfidence), data.text(data.left()));
    default:
      return;
  }
}

// "network 1 node 5 unit 16 ": nothing for the CPU of the node that is spoken to itself.
void write_route(Writer& to, const Header& header) {
  if (header.network != 0)
    to.put("network ").decimal(header.network).put(" node ").decimal(header.node).put(' ');
  if (header.unit != 0) to.put("unit ").decimal(header.unit).put(' ');
}

void say_response(const Header& header, bool is_whole, Cursor& in, Out& out) {
  const std::uint16_t end_code = in.be16();
  const bool is_error = (end_code & kEndCodeError) != 0;
  const Command command(header.command);
  Collected facts;
  if (!is_error) read_facts(header.command, in, is_whole, facts);
  out.say_direction(Role::response, in);
  facts.say(out, in);
  out.say({.role = Role::response,
           .function = command.name(),
           .code = command.text.text(),
           .access = command.access(),
           .target = {},
           .is_error = is_error,
           .transaction = header.transaction()},
          in);
}

void say_frame(bool is_whole, Cursor& in, Out& out) {
  const Header header = read_header(in);
  in.expect(header.is_sound);
  if (header.is_response()) {
    say_response(header, is_whole, in, out);
    return;
  }
  const Command command(header.command);
  Text<kTargetBytesMax> target;
  write_route(target, header);
  fins_message::write_target(target, header.command, in, is_whole);
  out.say_direction(Role::request, in);
  out.say({.role = Role::request,
           .function = command.name(),
           .code = command.text.text(),
           .access = command.access(),
           .target = trimmed(target.text()),
           .transaction = header.transaction()},
          in);
}

// What FINS/TCP says before and beside frames: node addresses, refusals, "are you there".
void say_tcp(std::uint32_t number, std::uint32_t error, Cursor& in, Out& out) {
  constexpr std::uint32_t kAskNode = 0;
  constexpr std::uint32_t kGiveNode = 1;
  const Command command(kTcp | number);
  Collected facts;
  if (number == kGiveNode && error == 0) {
    in.skip(4);  // the client's
    const std::uint32_t node = in.be32();
    facts.add_text(about_sender("node_number", kConfidence), [&](Writer& to) { to.decimal(node); });
  }
  const Role role = number == kAskNode ? Role::request : Role::response;
  out.say_direction(role, in);
  facts.say(out, in);
  out.say({.role = role,
           .function = command.name(),
           .code = command.text.text(),
           .access = command.access(),
           .target = {},
           .is_error = error != 0,
           .transaction = kNodes,
           .is_provisional = role == Role::response},
          in);
}

void dissect(Cursor in, const Context& context, Out& out) {
  constexpr std::uint32_t kFrame = 2;
  if (context.over == over::kUdp) {
    say_frame(context.is_whole, in, out);
    return;
  }
  in.expect(in.text(kMagic.size()) == kMagic);
  const std::uint32_t length = in.be32();
  const std::uint32_t number = in.be32();
  const std::uint32_t error = in.be32();
  in.expect(!context.is_whole || in.left() + kTcpHeaderBytes == length + kTcpPrefixBytes);
  if (number == kFrame)
    say_frame(context.is_whole, in, out);
  else
    say_tcp(number, error, in, out);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "fins",
    .title = "OMRON FINS",
    .over = over::kTcp | over::kUdp,
    .off_port = OffPort::weak,
    .ports = kPorts,
    .leads = kLeads,
    .functions = kCommands,
    .write_code = write_code,
    .facts = "vendor model firmware module cpu_mode station_name node_number",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::fins
