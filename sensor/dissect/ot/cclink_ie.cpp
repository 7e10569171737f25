// CC-Link IE Control and Field: EtherType 890F. BAP-C1605ENG-005 and BAP-C2005ENG-001 as
// nttcom/zeek-parser-CCLinkIENoIP reads them.
#include <algorithm>
#include <iterator>

#include "sensor/dissect/byte_codes.h"
#include "sensor/dissect/collected.h"
#include "sensor/dissect/dissector.h"

namespace osect::dissect::cclink_ie {
namespace {

constexpr std::uint16_t kEthertypes[] = {0x890f};
constexpr std::size_t kHeaderBytes = 14;
constexpr std::uint8_t kControl = 0;
constexpr std::uint8_t kField = 1;
constexpr std::uint8_t kTransient1 = 0x22;
constexpr std::uint8_t kTransient2 = 0x25;
constexpr std::uint8_t kSlmp = 5;  // kinds of data in a first transient
constexpr std::uint8_t kNode = 7;
constexpr std::uint8_t kMotion = 8;
constexpr std::uint8_t kResponse = 0x80;
constexpr std::uint8_t kConfidence = 85;

// A transient's row: its type, the kind of its data, the command in it.
constexpr std::uint32_t transient(std::uint8_t type, std::uint8_t kind, std::uint8_t command) {
  return std::uint32_t{1} << 24 | std::uint32_t{type} << 16 | std::uint32_t{kind} << 8 | command;
}

// In the order of their codes.
constexpr Function kFunctions[] = {
    {0x00, "connect", Access::session},
    {0x01, "connect_ack", Access::session},
    {0x02, "scan", Access::session},
    {0x03, "collect", Access::session},
    {0x04, "select", Access::session},
    {0x05, "launch", Access::session},
    {0x06, "token", Access::cyclic},
    {0x10, "persuasion", Access::session},
    {0x11, "test_data", Access::diagnostic},
    {0x12, "test_data_ack", Access::diagnostic},
    {0x13, "setup", Access::config},
    {0x14, "setup_ack", Access::config},
    {0x15, "token_m", Access::cyclic},
    {0x1c, "timer", Access::time},
    {0x20, "my_status", Access::cyclic},
    {kTransient1, "transient_1", Access::diagnostic},
    {0x23, "transient_ack", Access::diagnostic},
    {0x24, "dummy", Access::cyclic},
    {kTransient2, "transient_2", Access::diagnostic},
    {0x26, "ip_transient", Access::diagnostic},
    {0x28, "parameter_check", Access::diagnostic},
    {0x29, "parameter", Access::config},
    {0x2f, "node_to_node_test", Access::diagnostic},
    {0x40, "measure", Access::time},
    {0x41, "measure_ack", Access::time},
    {0x42, "offset", Access::time},
    {0x43, "update", Access::time},
    {0x80, "cyclic_data_w", Access::cyclic},
    {0x81, "cyclic_data_b", Access::cyclic},
    {0x82, "cyclic_data_rww", Access::cyclic},
    {0x83, "cyclic_data_ry", Access::cyclic},
    {0x84, "cyclic_data_rwr", Access::cyclic},
    {0x85, "cyclic_data_rx", Access::cyclic},
    {0x8c, "cyclic_data_out_1", Access::cyclic},
    {0x8d, "cyclic_data_out_2", Access::cyclic},
    {0x8e, "cyclic_data_in_1", Access::cyclic},
    {0x8f, "cyclic_data_in_2", Access::cyclic},
    {transient(kTransient1, kSlmp, 0x30), "slmp_transmit", Access::diagnostic},
    {transient(kTransient1, kNode, 0x01), "deliver_node_information", Access::diagnostic},
    {transient(kTransient1, kNode, 0x03), "get_statistical_information", Access::diagnostic},
    {transient(kTransient1, kNode, 0x04), "acquire_detailed_node_information", Access::identity},
    {transient(kTransient1, kNode, 0x0a), "acquire_optional_information", Access::identity},
    {transient(kTransient1, kMotion, 0x01), "communication_cycle_setting", Access::config},
    {transient(kTransient1, kMotion, 0x02), "object_read", Access::read},
    {transient(kTransient1, kMotion, 0x03), "object_write", Access::write},
    {transient(kTransient2, 0, 0x04), "get_memory_access_information", Access::identity},
    {transient(kTransient2, 0, 0x08), "run", Access::control},
    {transient(kTransient2, 0, 0x09), "stop", Access::control},
    {transient(kTransient2, 0, 0x10), "read_memory", Access::read},
    {transient(kTransient2, 0, 0x12), "write_memory", Access::write},
    {transient(kTransient2, 0, 0x20), "message_transfer", Access::diagnostic},
};
static_assert(std::is_sorted(std::begin(kFunctions), std::end(kFunctions),
                             [](const Function& a, const Function& b) { return a.code < b.code; }));

const Function* find_function(std::uint32_t code) {
  const auto* const at = std::lower_bound(
      std::begin(kFunctions), std::end(kFunctions), code,
      [](const Function& entry, std::uint32_t wanted) { return entry.code < wanted; });
  return at != std::end(kFunctions) && at->code == code ? at : nullptr;
}

// "0x15", "0x22 7 0x04".
void write_code(Writer& to, std::uint32_t code) {
  if (code < 0x100) {
    to.put(byte_code(static_cast<std::uint8_t>(code)));
    return;
  }
  to.put(byte_code(static_cast<std::uint8_t>(code >> 16)));
  if ((code >> 8 & 0xff) != 0) to.put(' ').decimal(code >> 8 & 0xff);
  to.put(' ').put(byte_code(static_cast<std::uint8_t>(code)));
}

// C0 and above, and tests with a version of their own, are CC-Link IE TSN.
Verdict probe(Cursor in, const Context&) {
  const bool is_it = in.left() >= kHeaderBytes && in.peek(8) <= kField && in.peek(0) < 0xc0;
  return is_it ? Verdict::yes : Verdict::no;
}

std::string_view station_type(std::uint8_t version, std::uint8_t type) {
  switch (version << 8 | type) {
    case kControl << 8 | 0x00:
      return "management";
    case kControl << 8 | 0x02:
      return "normal";
    case kField << 8 | 0x30:
      return "master";
    case kField << 8 | 0x32:
      return "local";
    case kField << 8 | 0x33:
      return "intelligent device";
    case kField << 8 | 0x34:
      return "remote device";
    case kField << 8 | 0x35:
      return "remote I/O";
    default:
      return "";
  }
}

bool has_station_type(std::uint8_t type, std::uint8_t version) {
  return type == 0x10 || type == 0x11 || type == 0x12 || (type == 0x20 && version == kField);
}

// The command inside a transient: its row's code; whether it answers.
std::uint32_t read_transient(Cursor& in, std::uint8_t type, std::uint8_t kind, bool& is_response) {
  std::uint8_t command = 0;
  if (type == kTransient2) {
    in.skip(36 - kHeaderBytes);
    command = in.u8();
    is_response = (command & kResponse) != 0;
    return transient(type, 0, command & 0x7f);
  }
  if (kind == kSlmp) {
    in.skip(52 - kHeaderBytes);
    command = in.u8();
    is_response = (command & kResponse) != 0;
    return transient(type, kind, command & 0x7f);
  }
  if (kind != kNode && kind != kMotion) return type;
  in.skip(30 - kHeaderBytes);
  command = in.u8();
  is_response = (in.u8() & kResponse) != 0;
  return transient(type, kind, command);
}

void dissect(Cursor in, const Context& context, Out& out) {
  const std::uint8_t type = in.u8();
  const std::uint8_t kind = in.u8();
  const std::uint16_t node = in.be16();
  in.skip(1);
  const std::uint8_t station = in.u8();
  const std::uint16_t source = in.be16();
  const std::uint8_t version = in.u8();
  in.skip(1 + 4);  // -, check of the header

  bool is_response = false;
  const bool is_transient = type == kTransient1 || type == kTransient2;
  const std::uint32_t code =
      is_transient ? read_transient(in, type, kind, is_response) : std::uint32_t{type};
  Collected facts;
  // Told when it changes, not with every frame.
  const std::string_view told =
      has_station_type(type, version) ? station_type(version, station) : std::string_view();
  const std::uint32_t state = std::uint32_t{1} << 24 | std::uint32_t{source} << 8 | station;
  if (!told.empty() && context.memory != nullptr && *context.memory != state) {
    *context.memory = state;
    facts.add(about_sender("station_type", kConfidence), told);
    facts.add_text(about_sender("station_number", kConfidence),
                   [&](Writer& to) { to.decimal(source); });
  }
  Text<24> target;
  target.put(version == kControl ? "control" : "field");
  if (is_transient) target.put(" node ").decimal(node);
  Text<16> written;
  write_code(written, code);
  const Function* const listed = find_function(code);
  facts.say(out, in);
  out.say({.role = !is_transient ? Role::message
                   : is_response ? Role::response
                                 : Role::request,
           .function = listed != nullptr ? listed->name : "",
           .code = written.text(),
           .access = listed != nullptr ? listed->access : Access::none,
           .target = is_response ? std::string_view() : target.text(),
           .transaction = code},
          in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "cclink_ie",
    .title = "CC-Link IE Control, Field",
    .over = over::kEthernet,
    .off_port = OffPort::never,
    .ports = {},
    .ethertypes = kEthertypes,
    .functions = kFunctions,
    .write_code = write_code,
    .facts = "station_type station_number",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::cclink_ie
