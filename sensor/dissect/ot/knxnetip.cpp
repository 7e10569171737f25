// KNXnet/IP: KNX Standard 03_08_01 to 03_08_05 (ISO 22510): overview, core, device management,
// tunnelling, routing; 03_08_07 (remote configuration), 03_08_09 (KNX IP Secure).
#include <algorithm>
#include <iterator>
#include <string_view>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/knx_names.h"
#include "sensor/dissect/knxnetip_services.h"
#include "sensor/dissect/refusal.h"

namespace osect::dissect::knxnetip {
namespace {

using namespace knxnetip_services;  // NOLINT(google-build-using-namespace): its table is this
                                    // file's

constexpr std::uint16_t kPorts[] = {3671};
constexpr std::uint8_t kHeaderBytes = 6;
constexpr std::uint8_t kVersion = 0x10;
constexpr std::uint8_t kConfidence = 95;

constexpr Lead kLeads[] = {{0, {kHeaderBytes}}, {1, {kVersion}}, {2, {2, 3, 4, 5, 7, 9}}};

const Function* function_of(std::uint16_t service) {
  const auto* const at = std::lower_bound(
      std::begin(kFunctions), std::end(kFunctions), service,
      [](const Function& function, std::uint32_t wanted) { return function.code < wanted; });
  return at != std::end(kFunctions) && at->code == service ? at : nullptr;
}

struct Header {
  std::uint16_t service = 0;
  std::uint16_t length = 0;  // of the whole frame
};

// 03_08_02 clause 4.3.
Header read_header(Cursor& in) {
  in.expect(in.u8() == kHeaderBytes);
  if (in.is_good() && in.left() > 0) in.expect(in.peek() == kVersion);
  in.skip(1);
  const Header header{in.be16(), in.be16()};
  if (in.is_good()) in.expect(header.length >= kHeaderBytes);
  return header;
}

Verdict probe(Cursor in, const Context& context) {
  const Header header = read_header(in);
  if (in.fault() == Fault::truncated) return Verdict::maybe;
  if (!in.is_good()) return Verdict::no;
  // On its own port services of no table are seen too.
  if (function_of(header.service) == nullptr && !context.is_usual_port) return Verdict::no;
  const std::size_t body = header.length - kHeaderBytes;
  if (context.over == over::kTcp) return Verdict::yes;
  const bool is_length = context.is_whole ? in.left() == body : in.left() <= body;
  return is_length ? Verdict::yes : Verdict::no;
}

Framing frame(Cursor in, const Context&) {
  const Header header = read_header(in);
  if (in.fault() == Fault::truncated) return Framing::kNeedMore;
  return in.is_good() ? Framing(header.length) : Framing(Framing::kNotAMessage);
}

// A structure that says its own length first.
Cursor read_structure(Cursor& in) {
  const std::uint8_t length = in.u8();
  in.expect(length >= 2);
  return in.child(length - 1U);
}

// Description information, 03_08_02 clause 7.5.4.2.
void collect_device(Cursor& in, Collected& facts) {
  constexpr std::size_t kNameBytes = 30;
  constexpr std::uint8_t kProgrammingMode = 1;
  in.skip(1);  // medium
  const std::uint8_t status = in.u8();
  const std::uint16_t address = in.be16();
  in.skip(2);  // project and installation
  const std::uint16_t maker = in.be16();
  const std::uint32_t number = in.be32();
  in.skip(4);  // multicast address of routing
  const MacAddress mac = in.mac();
  const std::string_view name = in.text(kNameBytes);
  if (!in.is_good()) return;
  facts.add_text(about_sender("knx_address", kConfidence),
                 [&](Writer& to) { knx_names::write_individual(to, address); });
  facts.add_text(about_sender("serial", kConfidence),
                 [&](Writer& to) { to.hex(maker, 4).put(':').hex(number, 8); });
  // The serial number begins with its maker's.
  facts.add(about_sender("vendor", kConfidence), knx_names::find_manufacturer(maker));
  facts.add_text(about_sender("mac", kConfidence), [&](Writer& to) { to.address(mac); });
  facts.add_text(about_sender("device_name", kConfidence),
                 [&](Writer& to) { knx_names::write_name(to, name); });
  if ((status & kProgrammingMode) != 0)
    facts.add(about_sender("device_state", kConfidence), "programming_mode");
}

void collect_description(Cursor& in, Collected& facts) {
  constexpr std::uint8_t kDeviceInformation = 0x01;
  constexpr std::uint8_t kManufacturerData = 0xfe;
  while (in.left() > 0) {
    Cursor block = read_structure(in);
    switch (block.u8()) {
      case kDeviceInformation:
        collect_device(block, facts);
        in.expect(block.is_good());
        break;
      case kManufacturerData: {
        const std::uint16_t maker = block.be16();
        if (!block.is_good()) break;
        facts.add(about_sender("vendor", kConfidence), knx_names::find_manufacturer(maker));
        facts.add_text(about_sender("vendor_id", kConfidence),
                       [&](Writer& to) { to.decimal(maker); });
        break;
      }
      default:
        break;
    }
  }
}

// Connection request information: what the connection is for, 03_08_04 clause 4.4.3.
void write_connection(Writer& to, Cursor in) {
  const std::uint8_t type = in.u8();
  switch (type) {
    case 3:
      to.put("device_management");
      return;
    case 4:
      break;
    case 6:
      to.put("remote_logging");
      return;
    case 7:
      to.put("remote_configuration");
      return;
    case 8:
      to.put("object_server");
      return;
    default:
      to.put("type ").decimal(type);
      return;
  }
  const std::uint8_t layer = in.u8();
  to.put("tunnel");
  if (layer == 0x02) to.put(" link_layer");
  if (layer == 0x04) to.put(" raw");
  if (layer == 0x80) to.put(" busmonitor");
}

// What the frame says beyond its service.
struct Content {
  std::uint64_t transaction = 0;
  bool is_refusal = false;
  bool has_telegram = false;
};

constexpr std::uint64_t transaction_of(std::uint16_t service, std::uint32_t rest) {
  return std::uint64_t{1} << 48 | std::uint64_t{service} << 32 | rest;
}

// 03_08_02 clause 5.3.1: channel, sequence and status of an acknowledgement.
Content read_connection_header(Cursor& in, std::uint16_t asked, bool is_ack) {
  Content content;
  Cursor header = read_structure(in);
  const std::uint8_t channel = header.u8();
  const std::uint8_t sequence = header.u8();
  const std::uint8_t status = header.u8();
  if (in.is_good()) in.expect(header.is_good());
  content.transaction = transaction_of(asked, std::uint32_t{channel} << 8 | sequence);
  content.is_refusal = is_ack && status != 0;
  return content;
}

Content read_answer(Cursor& in, std::uint16_t asked) {
  const std::uint8_t channel = in.u8();
  const std::uint8_t status = in.u8();
  // Before it is granted a connection has no channel.
  const std::uint32_t key = asked == connect_request ? 0 : channel;
  return {.transaction = transaction_of(asked, key), .is_refusal = status != 0};
}

Content read_connect_response(Cursor& in, Collected& facts) {
  constexpr std::uint8_t kTunnel = 4;
  const Content content = read_answer(in, connect_request);
  if (content.is_refusal) return content;
  read_structure(in);  // where data goes
  Cursor granted = read_structure(in);
  if (granted.u8() != kTunnel) return content;
  const std::uint16_t address = granted.be16();
  if (granted.is_good())
    facts.add_text(about_receiver("knx_tunnel_address", kConfidence),
                   [&](Writer& to) { knx_names::write_individual(to, address); });
  return content;
}

// 03_08_04 clause 4.4.8: one feature of the tunnel; a response tells whether it was granted.
Content read_feature(Cursor& in, std::uint16_t service) {
  Content content = read_connection_header(in, tunnelling_feature_get, false);
  const std::uint8_t feature = in.u8();
  const std::uint8_t result = in.u8();
  content.transaction = transaction_of(tunnelling_feature_get, feature);
  content.is_refusal = service == tunnelling_feature_response && result != 0;
  return content;
}

Content read_content(std::uint16_t service, Cursor& in, Writer& target, Collected& facts) {
  switch (service) {
    case search_response:
    case search_response_extended:
      read_structure(in);  // where it is controlled
      collect_description(in, facts);
      return {};
    case description_request:
      return {.transaction = transaction_of(description_request, 0)};
    case description_response:
      collect_description(in, facts);
      return {.transaction = transaction_of(description_request, 0)};
    case connect_request:
      read_structure(in);  // where it is controlled, where data goes
      read_structure(in);
      write_connection(target, read_structure(in));
      return {.transaction = transaction_of(connect_request, 0)};
    case connect_response:
      return read_connect_response(in, facts);
    case connectionstate_request:
    case disconnect_request:
      return {.transaction = transaction_of(service, in.u8())};
    case connectionstate_response:
      return read_answer(in, connectionstate_request);
    case disconnect_response:
      return read_answer(in, disconnect_request);
    case device_configuration_request:
    case tunnelling_request: {
      Content content = read_connection_header(in, service, false);
      content.has_telegram = true;
      return content;
    }
    case device_configuration_ack:
      return read_connection_header(in, device_configuration_request, true);
    case tunnelling_ack:
      return read_connection_header(in, tunnelling_request, true);
    case tunnelling_feature_get:
    case tunnelling_feature_response:
    case tunnelling_feature_set:
    case tunnelling_feature_info:
      return read_feature(in, service);
    case routing_indication:
    case routing_system_broadcast:
      return {.has_telegram = true};
    case remote_diagnostic_response:
      read_structure(in);  // which device was meant
      collect_description(in, facts);
      [[fallthrough]];
    case remote_diagnostic_request:
      return {.transaction = transaction_of(remote_diagnostic_request, 0)};
    case session_request:
    case session_response:
      return {.transaction = transaction_of(session_request, 0)};
    case session_authenticate:
      return {.transaction = transaction_of(session_authenticate, 0)};
    case session_status: {
      // Authentication failed, not authenticated, too late; others keep the session or end it.
      const std::uint8_t status = in.u8();
      return {.transaction = transaction_of(session_authenticate, 0),
              .is_refusal = status >= 1 && status <= 3};
    }
    default:
      return {};
  }
}

// Which side sends it: the client asks, the server answers; what is for everybody, and what both
// send, is said by the context.
Role role_of(std::uint16_t service, const Context& context, const Cursor& proof, Out& out) {
  bool is_to_server = context.is_to_server;
  switch (service) {
    case search_request:  // in another conversation than its answers
    case search_request_extended:
    case description_request:
    case connect_request:
    case connectionstate_request:
    case tunnelling_feature_get:
    case tunnelling_feature_set:
    case session_request:
    case session_authenticate:
      is_to_server = true;
      break;
    case search_response:
    case search_response_extended:
    case description_response:
    case connect_response:
    case connectionstate_response:
    case tunnelling_feature_response:
    case tunnelling_feature_info:
    case session_response:
    case session_status:
      is_to_server = false;
      break;
    case disconnect_request:
    case device_configuration_request:
    case tunnelling_request:
    case remote_diagnostic_request:
      return is_to_server ? Role::request : Role::response;
    case disconnect_response:
    case device_configuration_ack:
    case tunnelling_ack:
    case remote_diagnostic_response:
      return is_to_server ? Role::message : Role::response;
    default:
      return Role::message;
  }
  const Role role = is_to_server ? Role::request : Role::response;
  if (!context.is_direction_known || context.is_to_server != is_to_server)
    out.say_direction(role, proof);
  const bool is_search = service == search_request || service == search_request_extended;
  return is_search ? Role::message : role;
}

bool is_answer(std::string_view name) {
  return name.ends_with("_response") || name.ends_with("_ack") || name == "session_status";
}

void dissect(Cursor in, const Context& context, Out& out) {
  const Header header = read_header(in);
  if (in.is_good()) in.expect(in.left() + kHeaderBytes == header.length || !context.is_whole);
  Collected facts;
  Text<kTargetBytesMax> target;
  const Content content = read_content(header.service, in, target, facts);
  const Role role = role_of(header.service, context, in, out);
  const Function* const function = function_of(header.service);
  Text<8> code;
  code.put("0x").hex(header.service, 4);
  facts.say(out, in);
  const std::string_view name = function != nullptr ? function->name : std::string_view();
  // A server also asks; only the client's questions wait for an answer.
  const bool is_paired = role == Role::request || (role == Role::response && is_answer(name));
  const Operation said{.role = role,
                       .function = name,
                       .code = code.text(),
                       .access = function != nullptr ? function->access : Access::none,
                       .target = target.text(),
                       .transaction = is_paired ? content.transaction : 0,
                       .has_own_code = role == Role::response};
  say_answer(said, content.is_refusal && is_paired, in, out);
  if (content.has_telegram && in.is_good()) out.carry(inside::kKnx, header.service, in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "knxnetip",
    .title = "KNXnet/IP",
    .over = over::kTcp | over::kUdp,
    .off_port = OffPort::strong,
    .ports = kPorts,
    .leads = kLeads,
    .functions = kFunctions,
    .code_digits = 4,
    .facts = "knx_address serial vendor vendor_id mac device_name device_state knx_tunnel_address",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::knxnetip
