// Ethernet POWERLINK: EPSG DS 301 (IEC 61158-4-13), clauses 4.6 frame structures, 6.3 SDO, 7.3 NMT
// services; SDO over UDP too.
#include <algorithm>
#include <array>
#include <string_view>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/dissector.h"
#include "sensor/dissect/powerlink_words.h"

namespace osect::dissect::powerlink {
namespace {

constexpr std::uint16_t kPorts[] = {3819};
constexpr std::uint16_t kEthertypes[] = {0x88ab};
constexpr std::uint8_t kSure = 95;
constexpr std::uint8_t kBroadcastNode = 255;

// Message types, clause 4.6.1.1.1.
enum Type : std::uint8_t {
  start_of_cycle = 1,
  poll_request = 3,
  poll_response = 4,
  start_of_asynchronous = 5,
  asynchronous_send = 6,
  active_managing_node = 7,
  asynchronous_invite = 13,
};

// Services of an ASnd, clause 4.6.1.1.6.
enum Service : std::uint8_t {
  ident_response = 1,
  status_response = 2,
  nmt_request = 3,
  nmt_command = 4,
  sdo = 5,
  sync_response = 6,
};

// Rows beyond the message types: the service in the second byte, the SDO command in the third.
constexpr std::uint32_t asnd(std::uint8_t service, std::uint8_t command = 0) {
  return asynchronous_send | std::uint32_t{service} << 8U | std::uint32_t{command} << 16U;
}
// Not commands, but what else an SDO frame may be.
constexpr std::uint8_t kAnswer = 0xfd;
constexpr std::uint8_t kAbort = 0xfe;
constexpr std::uint8_t kSegment = 0xff;

constexpr Function kFunctions[] = {
    {start_of_cycle, "start_of_cycle", Access::cyclic},
    {poll_request, "poll_request", Access::cyclic},
    {poll_response, "poll_response", Access::cyclic},
    {start_of_asynchronous, "start_of_asynchronous", Access::cyclic},
    {active_managing_node, "active_managing_node_indication", Access::cyclic},
    {asynchronous_invite, "asynchronous_invite", Access::cyclic},
    {asnd(ident_response), "ident_response", Access::identity},
    {asnd(status_response), "status_response", Access::diagnostic},
    {asnd(nmt_request), "nmt_request", Access::control},
    {asnd(nmt_command), "nmt_command", Access::control},
    {asnd(sync_response), "sync_response", Access::diagnostic},
    {asnd(sdo, 0x00), "sdo_sequence", Access::session},
    {asnd(sdo, 0x01), "sdo_write_by_index", Access::write},
    {asnd(sdo, 0x02), "sdo_read_by_index", Access::read},
    {asnd(sdo, 0x03), "sdo_write_all_by_index", Access::write},
    {asnd(sdo, 0x04), "sdo_read_all_by_index", Access::read},
    {asnd(sdo, 0x05), "sdo_write_by_name", Access::write},
    {asnd(sdo, 0x06), "sdo_read_by_name", Access::read},
    {asnd(sdo, 0x20), "sdo_file_write", Access::program},
    {asnd(sdo, 0x21), "sdo_file_read", Access::program},
    {asnd(sdo, 0x31), "sdo_write_multiple_by_index", Access::write},
    {asnd(sdo, 0x32), "sdo_read_multiple_by_index", Access::read},
    {asnd(sdo, 0x70), "sdo_maximum_segment_size", Access::session},
    {asnd(sdo, kAnswer), "sdo_answer", Access::none},
    {asnd(sdo, kAbort), "sdo_abort", Access::diagnostic},
    {asnd(sdo, kSegment), "sdo_segment", Access::none},
};

constexpr Function kUnlisted{0, "", Access::none};

const Function& function_of(std::uint32_t code) {
  const auto* const found = std::find_if(std::begin(kFunctions), std::end(kFunctions),
                                         [&](const Function& f) { return f.code == code; });
  return found != std::end(kFunctions) ? *found : kUnlisted;
}

void write_code(Writer& to, std::uint32_t code) {
  to.put("mtyp ").decimal(code & 0xffU);
}

bool is_type(std::uint8_t type) {
  return type == asynchronous_send || function_of(type).code == type;
}

Verdict probe(Cursor in, const Context& context) {
  const std::uint8_t type = in.u8() & 0x7fU;
  in.skip(2);  // destination and source, reserved in UDP
  const std::uint8_t service = in.u8();
  if (!in.is_good()) return Verdict::no;
  if (context.over == over::kUdp)
    return type == asynchronous_send && service == sdo ? Verdict::yes : Verdict::no;
  return is_type(type) ? Verdict::yes : Verdict::no;
}

struct Header {
  std::uint8_t type;
  std::uint8_t destination;
  std::uint8_t source;
  bool has_nodes;  // in UDP stations are known by their addresses
  bool is_whole;
};

// A service data object's part in an exchange.
enum class Call : std::uint8_t { none, request, answer, abort };

// What a message is, what it touches, what it tells.
struct Said {
  Function function = kUnlisted;
  Access access = Access::none;
  Call call = Call::none;
  std::uint8_t transaction = 0;
  Text<kTargetBytesMax> target;
  Collected facts;

  void is(std::uint32_t code) {
    function = function_of(code);
    access = function.access;
  }
};

void write_node(Writer& to, std::uint8_t node) {
  if (to.size() > 0) to.put(' ');
  if (node == kBroadcastNode)
    to.put("all");
  else
    to.put("node ").decimal(node);
}

void add_node(std::uint8_t node, Collected& facts) {
  facts.add_text(about_sender("node_number", kSure), [&](Writer& to) { to.decimal(node); });
}

void add_state(std::uint8_t state, Collected& facts) {
  facts.add(about_sender("device_state", kSure), word_of(kStates, state));
}

void add_hex(std::string_view attribute, std::uint32_t value, Collected& facts) {
  if (value == 0) return;
  facts.add_text(about_sender(attribute, kSure), [&](Writer& to) { to.put("0x").hex(value, 8); });
}

// Clause 7.3.3.2.1: IdentResponse.
void add_identity(Cursor& in, Collected& facts) {
  in.skip(1 + 1);  // flags
  const std::uint8_t state = in.u8();
  in.skip(1 + 1 + 1 + 4 + 2 + 2 + 2 + 4 + 2);  // version, features, sizes, response time
  const std::uint16_t profile = in.le16();
  in.skip(2);  // additional information of the profile
  const std::uint32_t vendor = in.le32();
  const std::uint32_t product = in.le32();
  const std::uint32_t revision = in.le32();
  const std::uint32_t serial = in.le32();
  in.skip(8 + 4 + 4 + 4 + 4);  // vendor's own; configuration and application: dates and times
  const IpAddress ip = IpAddress::v4(in.le32());
  in.skip(4 + 4);  // mask, gateway
  const std::string_view name = in.text(32);
  if (!in.is_good()) return;
  add_state(state, facts);
  facts.add(about_sender("device_type", 85), profile_word(profile));
  facts.add(about_sender("vendor", kSure), vendor_word(vendor));
  add_hex("vendor_code", vendor, facts);
  add_hex("product_code", product, facts);
  if (revision != 0)
    facts.add_text(about_sender("firmware", 80), [&](Writer& to) {
      to.decimal(revision >> 16U).put('.').decimal(revision & 0xffffU);
    });
  if (serial != 0)
    facts.add_text(about_sender("serial", kSure), [&](Writer& to) { to.hex(serial, 8); });
  if (ip.is_station())
    facts.add_text(about_sender("ip", kSure), [&](Writer& to) { to.address(ip); });
  facts.add_raw(about_sender("host_name", kSure), name);
}

// Extended commands go to all and list their nodes as bits.
void write_node_list(Writer& to, Cursor& in) {
  constexpr std::size_t kNodesBytes = 32;
  Cursor list = in.child(kNodesBytes);
  char separator = ' ';
  for (std::size_t at = 0; at < kNodesBytes && list.left() > 0; ++at) {
    const std::uint8_t bits = list.u8();
    for (std::size_t bit = 0; bit < 8; ++bit) {
      if ((bits >> bit & 1U) == 0) continue;
      to.put(separator).decimal(at * 8 + bit);
      separator = ',';
    }
  }
}

void write_command(Writer& to, std::uint8_t command) {
  const std::string_view word = word_of(kCommands, command);
  if (word.empty())
    to.put("0x").hex(command, 2);
  else
    to.put(word);
}

void read_nmt(Cursor& in, bool is_request, std::uint8_t destination, Said& said) {
  const std::uint8_t command = in.u8();
  const std::uint8_t wanted = in.u8();  // of a request: whom it is about; of a command: reserved
  said.access = access_of_command(command);
  write_command(said.target.put(is_request ? "nmt request " : "nmt "), command);
  const bool is_extended = command >= 0x40 && command < 0x60;
  if (!is_extended) write_node(said.target, is_request ? wanted : destination);
  if (is_extended) write_node_list(said.target, in);
}

// Of which object: WriteByIndex, ReadByIndex and what goes on in several segments, clause
// 6.3.2.4.2.3.
void read_object(Cursor& in, std::uint8_t command, Said& said) {
  if (command == 0 || command > 4) return;
  const std::uint16_t index = in.le16();
  const std::uint8_t sub_index = in.u8();
  if (!in.is_good()) return;
  said.target.put(" 0x").hex(index, 4);
  if (command <= 2) said.target.put(':').decimal(sub_index);
}

// The command layer of a service data object, clause 6.3.2.4.1.
struct CommandLayer {
  std::uint8_t transaction = 0;
  std::uint8_t flags = 0;
  std::uint8_t command = 0;
  std::uint16_t size = 0;

  [[nodiscard]] bool is_answer() const { return (flags & 0x80) != 0; }
  [[nodiscard]] bool is_abort() const { return (flags & 0x40) != 0; }
  [[nodiscard]] bool is_initiate() const { return (flags & 0x30) == 0x10; }
  [[nodiscard]] bool is_segment() const { return (flags & 0x20) != 0; }
};

CommandLayer read_command_layer(Cursor& in) {
  CommandLayer layer;
  in.skip(1);
  layer.transaction = in.u8();
  layer.flags = in.u8();
  layer.command = in.u8();
  layer.size = in.le16();
  in.skip(2);
  if (layer.is_initiate()) in.skip(4);  // size of all segments together
  return layer;
}

void read_sdo(Cursor& in, const Header& header, Said& said) {
  in.skip(4);  // sequence layer, clause 6.3.2.3
  // What only opens, closes or acknowledges has no command layer, or an empty one.
  CommandLayer layer;
  if (in.left() > 0 || !header.is_whole) layer = read_command_layer(in);
  Cursor data = in.child(layer.size);
  said.transaction = layer.transaction;
  // The code of all of them is the message's: what tells them apart stands in the target.
  const auto is = [&](std::uint8_t what, std::string_view word) {
    said.is(asnd(sdo, what));
    said.target.put("sdo ").put(word);
    if (header.has_nodes)
      write_node(said.target, layer.is_answer() ? header.source : header.destination);
  };
  if (layer.is_abort()) {
    if (layer.is_answer()) said.call = Call::abort;
    is(kAbort, "abort");
    said.target.put(" 0x").hex(data.le32(), 8);
  } else if (layer.command == 0) {
    is(0, "sequence");
  } else if (layer.is_answer()) {
    said.call = Call::answer;
    is(kAnswer, "answer");
  } else if (layer.is_segment()) {
    is(kSegment, "segment");
  } else {
    constexpr std::string_view kPrefix = "sdo_";
    const std::string_view name = function_of(asnd(sdo, layer.command)).name;
    said.call = Call::request;
    is(layer.command, name.empty() ? "command" : name.substr(kPrefix.size()));
    if (name.empty()) said.target.put(" 0x").hex(layer.command, 2);
    read_object(data, layer.command, said);
  }
}

void read_asnd(Cursor& in, const Header& header, Said& said) {
  const std::uint8_t service = in.u8();
  said.is(asnd(service));
  switch (service) {
    case ident_response:
      write_node(said.target.put("ident"), header.source);
      add_node(header.source, said.facts);
      add_identity(in, said.facts);
      return;
    case status_response:
      write_node(said.target.put("status"), header.source);
      add_node(header.source, said.facts);
      in.skip(2);
      add_state(in.u8(), said.facts);
      return;
    case nmt_request:
    case nmt_command:
      read_nmt(in, service == nmt_request, header.destination, said);
      return;
    case sdo:
      read_sdo(in, header, said);
      return;
    case sync_response:
      write_node(said.target.put("sync"), header.source);
      return;
    default:
      said.target.put("service 0x").hex(service, 2);
  }
}

// Process data: its size is told, and it is all here.
void read_process_data(Cursor& in) {
  in.skip(1 + 1 + 1 + 1 + 1);  // status, flags, version
  in.skip(in.le16());
}

void read_start_of_asynchronous(Cursor& in, Said& said) {
  in.skip(1 + 1 + 1);  // state, flags, reserved
  const std::uint8_t service = in.u8();
  const std::uint8_t node = in.u8();
  if (service == 0) return;
  const std::string_view word = word_of(kInvitations, service);
  if (word.empty())
    said.target.put("service 0x").hex(service, 2);
  else
    said.target.put(word);
  write_node(said.target, node);
}

// Between stations without addresses all that is sent is a message; over UDP calls are answered.
Role role_of(const Header& header, Call call) {
  if (header.has_nodes || call == Call::none) return Role::message;
  return call == Call::request ? Role::request : Role::response;
}

void dissect(Cursor in, const Context& context, Out& out) {
  Header header{};
  header.type = in.u8() & 0x7fU;
  header.destination = in.u8();
  header.source = in.u8();
  header.has_nodes = context.over == over::kEthernet;
  header.is_whole = context.is_whole;
  in.expect(is_type(header.type));
  Said said;
  said.is(header.type);
  switch (header.type) {
    case start_of_cycle:
      in.skip(1 + 1 + 1 + 8 + 8);  // flags, net time, relative time
      break;
    case poll_request:
      write_node(said.target, header.destination);
      read_process_data(in);
      break;
    case poll_response:
      write_node(said.target, header.source);
      read_process_data(in);
      break;
    case start_of_asynchronous:
      read_start_of_asynchronous(in, said);
      break;
    case asynchronous_send:
      read_asnd(in, header, said);
      break;
    default:
      break;
  }
  said.facts.say(out, in);
  Text<kCodeBytesMax> code;
  write_code(code, header.type);
  const Role role = role_of(header, said.call);
  if (role != Role::message) out.say_direction(role, in);
  out.say({.role = role,
           .function = said.function.name,
           .code = code.text(),
           .access = said.access,
           .target = said.target.text(),
           .is_error = said.call == Call::abort,
           .transaction = std::uint64_t{1} << 8U | said.transaction,
           .is_provisional = true},
          in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "powerlink",
    .title = "Ethernet POWERLINK",
    .over = over::kEthernet | over::kUdp,
    .off_port = OffPort::never,
    .ports = kPorts,
    .ethertypes = kEthertypes,
    .functions = kFunctions,
    .write_code = write_code,
    .facts =
        "node_number device_state device_type vendor vendor_code product_code firmware serial ip "
        "host_name",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::powerlink
