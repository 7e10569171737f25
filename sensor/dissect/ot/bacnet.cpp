// BACnet/IP: ANSI/ASHRAE 135-2020, annex J (BVLL), clause 6 (NPDU), clauses 20 and 21 (APDU).
#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

#include "sensor/dissect/bacnet_message.h"

namespace osect::dissect::bacnet {
namespace {

namespace message = bacnet_message;

constexpr std::uint16_t kPorts[] = {47808, 47809, 47810, 47811, 47812, 47813, 47814, 47815,
                                    47816, 47817, 47818, 47819, 47820, 47821, 47822, 47823};
constexpr std::uint16_t kLlc[] = {0};
constexpr std::uint8_t kBacnetIp = 0x81;
constexpr std::uint8_t kForwarded = 4;
constexpr std::uint8_t kDistribute = 9;
constexpr std::uint8_t kUnicast = 10;
constexpr std::uint8_t kBroadcast = 11;
constexpr std::uint8_t kConfidence = 95;
constexpr std::uint8_t kReadProperty = 12;
constexpr std::uint8_t kReadPropertyMultiple = 14;

constexpr Lead kLeads[] = {{0, {kBacnetIp}}, {1, {kForwarded, kDistribute, kUnicast, kBroadcast}}};

// Unconfirmed services and those messages that name no service are told apart by these.
constexpr std::uint32_t kUnconfirmed = 0x100;
constexpr std::uint32_t kType = 0x200;

constexpr Function kFunctions[] = {
    {0, "acknowledge_alarm", Access::write},
    {1, "confirmed_cov_notification", Access::read},
    {2, "confirmed_event_notification", Access::read},
    {3, "get_alarm_summary", Access::read},
    {4, "get_enrollment_summary", Access::read},
    {5, "subscribe_cov", Access::read},
    {6, "atomic_read_file", Access::program},
    {7, "atomic_write_file", Access::program},
    {8, "add_list_element", Access::write},
    {9, "remove_list_element", Access::write},
    {10, "create_object", Access::program},
    {11, "delete_object", Access::program},
    {kReadProperty, "read_property", Access::read},
    {13, "read_property_conditional", Access::read},
    {kReadPropertyMultiple, "read_property_multiple", Access::read},
    {15, "write_property", Access::write},
    {16, "write_property_multiple", Access::write},
    {17, "device_communication_control", Access::control},
    {18, "confirmed_private_transfer", Access::none},
    {19, "confirmed_text_message", Access::diagnostic},
    {20, "reinitialize_device", Access::control},
    {21, "vt_open", Access::session},
    {22, "vt_close", Access::session},
    {23, "vt_data", Access::session},
    {24, "authenticate", Access::session},
    {25, "request_key", Access::session},
    {26, "read_range", Access::read},
    {27, "life_safety_operation", Access::control},
    {28, "subscribe_cov_property", Access::read},
    {29, "get_event_information", Access::read},
    {30, "subscribe_cov_property_multiple", Access::read},
    {31, "confirmed_cov_notification_multiple", Access::read},
    {32, "confirmed_audit_notification", Access::diagnostic},
    {33, "audit_log_query", Access::diagnostic},
    {34, "auth_request", Access::session},
    {kUnconfirmed | 0, "i_am", Access::identity},
    {kUnconfirmed | 1, "i_have", Access::identity},
    {kUnconfirmed | 2, "unconfirmed_cov_notification", Access::read},
    {kUnconfirmed | 3, "unconfirmed_event_notification", Access::read},
    {kUnconfirmed | 4, "unconfirmed_private_transfer", Access::none},
    {kUnconfirmed | 5, "unconfirmed_text_message", Access::diagnostic},
    {kUnconfirmed | 6, "time_synchronization", Access::time},
    {kUnconfirmed | 7, "who_has", Access::identity},
    {kUnconfirmed | 8, "who_is", Access::identity},
    {kUnconfirmed | 9, "utc_time_synchronization", Access::time},
    {kUnconfirmed | 10, "write_group", Access::write},
    {kUnconfirmed | 11, "unconfirmed_cov_notification_multiple", Access::read},
    {kUnconfirmed | 12, "unconfirmed_audit_notification", Access::diagnostic},
    {kUnconfirmed | 13, "who_am_i", Access::identity},
    {kUnconfirmed | 14, "you_are", Access::config},
    {kType | 4, "segment_ack", Access::session},
    {kType | 6, "reject", Access::session},
    {kType | 7, "abort", Access::session},
};

void write_code(Writer& to, std::uint32_t code) {
  to.put((code & kType) != 0          ? "apdu type "
         : (code & kUnconfirmed) != 0 ? "unconfirmed "
                                      : "confirmed ");
  to.decimal(code & 0xff);
}

// Name, access and code of a function, also of one that is not in the table.
struct Named {
  explicit Named(std::uint32_t number) {
    write_code(code, number);
    const auto* const at = std::find_if(std::begin(kFunctions), std::end(kFunctions),
                                        [&](const Function& f) { return f.code == number; });
    if (at == std::end(kFunctions)) return;
    name = at->name;
    access = at->access;
  }
  Text<24> code;
  std::string_view name;
  Access access = Access::none;
};

// Clause 6.2 and annex J.2: who is spoken to beyond the datagram's addresses.
struct Route {
  bool is_network_message = false;
  bool is_relayed = false;  // the sender is behind a router or a broadcast device
  IpAddress origin;         // of a forwarded message
  std::uint16_t destination_network = 0;
  std::span<const std::uint8_t> destination;
};

bool has_npdu(std::uint8_t function) {
  return function == kForwarded || (function >= kDistribute && function <= kBroadcast);
}

// Everything before the APDU.
Route read_route(Cursor& in, std::uint8_t function) {
  Route route;
  if (function == kForwarded) {
    route.origin = in.ipv4();
    in.skip(2);
    route.is_relayed = true;
  }
  in.expect(in.u8() == 1);  // protocol version
  const std::uint8_t control = in.u8();
  in.expect((control & 0x50) == 0);
  route.is_network_message = (control & 0x80) != 0;
  if ((control & 0x20) != 0) {
    route.destination_network = in.be16();
    route.destination = in.bytes(in.u8());
  }
  if ((control & 0x08) != 0) {
    in.skip(2);
    in.skip(in.u8());
    route.is_relayed = true;
    route.origin = {};
  }
  if ((control & 0x20) != 0) in.skip(1);  // hop count
  return route;
}

// ISO 8802-3, clause 7: the network layer behind the LLC of BACnet.
bool skip_llc(Cursor& in) {
  const bool is_bacnet = in.peek(0) == 0x82 && in.peek(1) == 0x82 && in.peek(2) == 0x03;
  in.skip(3);
  return is_bacnet && in.is_good();
}

Verdict probe(Cursor in, const Context& context) {
  if (context.over == over::kEthernet) {
    if (!skip_llc(in)) return Verdict::no;
    (void)read_route(in, kUnicast);
    return in.is_good() ? Verdict::yes : Verdict::no;
  }
  const std::size_t have = in.left();
  in.expect(in.u8() == kBacnetIp);
  const std::uint8_t function = in.u8();
  const std::uint16_t length = in.be16();
  if (!in.is_good() || length < 4) return Verdict::no;
  // On its ports the length is not held against a message: there are devices that count wrong.
  if (!context.is_usual_port && (context.is_whole ? have != length : have > length))
    return Verdict::no;
  if (!has_npdu(function))
    return context.is_usual_port && function <= 12 ? Verdict::yes : Verdict::no;
  const Route route = read_route(in, function);
  if (!in.is_good() || in.left() == 0) return Verdict::no;
  if (context.is_usual_port || route.is_network_message)
    return context.is_usual_port ? Verdict::yes : Verdict::no;
  return in.peek() >> 4 <= 7 && in.left() >= 2 ? Verdict::yes : Verdict::no;
}

void write_route(Writer& to, const Route& route) {
  constexpr std::uint16_t kEverywhere = 0xffff;
  constexpr std::size_t kAddressBytesMax = 6;
  if (route.destination_network == 0 || route.destination_network == kEverywhere) return;
  to.put("network ").decimal(route.destination_network);
  if (!route.destination.empty()) to.put(" station ");
  for (std::size_t i = 0; i < std::min(route.destination.size(), kAddressBytesMax); ++i)
    to.hex(route.destination[i], 2);
  to.put(' ');
}

// Whom a sender's words about itself are about; nobody when it is behind a router.
std::optional<Fact> subject_of(const Route& route) {
  if (!route.is_relayed) return about_sender({}, kConfidence);
  if (route.origin.is_none()) return std::nullopt;
  return about({}, route.origin, {}, kConfidence);
}

// Either side asks, each with invoke identifiers of its own.
std::uint64_t transaction_of(std::uint8_t invoke, bool is_asked_by_sender, const Context& context) {
  const bool is_from_a =
      context.origin != nullptr ? context.origin->from == decode::End::a : context.is_to_server;
  return std::uint64_t{1} << 32 | (is_from_a == is_asked_by_sender ? 0x100U : 0U) | invoke;
}

// What a message names shows only in parameters that are here.
void read_target(Writer& to, bool is_confirmed, std::uint8_t service, Cursor& parameters,
                 const Context& context) {
  message::write_target(to, is_confirmed, service, parameters);
  if (!context.is_whole && parameters.left() == 0) parameters.skip(1);
}

void say_request(Cursor in, std::uint8_t first, const Route& route, const Context& context,
                 Out& out) {
  in.skip(1);  // what is accepted in the answer
  const std::uint8_t invoke = in.u8();
  const bool is_segmented = (first & 0x08) != 0;
  const std::uint8_t sequence = is_segmented ? in.u8() : std::uint8_t{0};
  if (is_segmented) in.skip(1);
  const std::uint8_t service = in.u8();
  const Named named(service);
  Text<kTargetBytesMax> target;
  write_route(target, route);
  Cursor parameters = in;
  if (sequence == 0) read_target(target, true, service, parameters, context);
  const bool is_identity = message::is_identity_request(service, in);
  out.say_direction(Role::request, parameters);
  out.say({.role = Role::request,
           .function = named.name,
           .code = named.code.text(),
           .access = is_identity ? Access::identity : named.access,
           .target = trimmed(target.text()),
           .transaction = transaction_of(invoke, true, context)},
          parameters);
}

void say_announcement(Cursor in, const Route& route, const Context& context, Out& out) {
  const std::uint8_t service = in.u8();
  const Named named(kUnconfirmed | service);
  Text<kTargetBytesMax> target;
  write_route(target, route);
  Cursor parameters = in;
  read_target(target, false, service, parameters, context);
  const auto subject = subject_of(route);
  if (service <= 1 && subject) {
    Collected facts;
    message::identify_announced(service, in, *subject, facts);
    facts.say(out, in);
  }
  out.say({.role = Role::message,
           .function = named.name,
           .code = named.code.text(),
           .access = named.access,
           .target = trimmed(target.text())},
          parameters);
}

void say_answer(Cursor in, std::uint8_t first, const Route& route, const Context& context,
                Out& out) {
  constexpr std::uint8_t kComplexAck = 3;
  constexpr std::uint8_t kError = 5;
  const std::uint8_t type = first >> 4;
  const std::uint8_t invoke = in.u8();
  const bool is_segmented = type == kComplexAck && (first & 0x08) != 0;
  const std::uint8_t sequence = is_segmented ? in.u8() : std::uint8_t{0};
  if (is_segmented) in.skip(1);
  const std::uint8_t service = in.u8();
  const Named named(service);
  const auto subject = subject_of(route);
  const bool is_read = service == kReadProperty || service == kReadPropertyMultiple;
  if (type == kComplexAck && is_read && sequence == 0 && subject) {
    Collected facts;
    message::identify_read(service, in, *subject, facts);
    facts.say(out, in);
  }
  out.say_direction(Role::response, in);
  out.say({.role = Role::response,
           .function = named.name,
           .code = named.code.text(),
           .access = named.access,
           .target = "",
           .is_error = type == kError,
           .transaction = transaction_of(invoke, false, context)},
          in);
}

// Segment acknowledgements, rejects and aborts name no service.
void say_nameless(Cursor in, std::uint8_t first, const Context& context, Out& out) {
  constexpr std::uint8_t kSegmentAck = 4;
  const std::uint8_t type = first >> 4;
  const std::uint8_t invoke = in.u8();
  const bool is_error = type != kSegmentAck;
  in.skip(is_error ? 1 : 2);
  const Named named(kType | type);
  const auto asked = is_error ? out.asked(transaction_of(invoke, false, context)) : std::nullopt;
  Text<kTargetBytesMax> target;
  if (asked) target.put(asked->target);
  out.say({.role = Role::response,
           .function = named.name,
           .code = named.code.text(),
           .access = named.access,
           .target = target.text(),
           .is_error = is_error,
           .transaction = transaction_of(invoke, false, context)},
          in);
}

void dissect(Cursor in, const Context& context, Out& out) {
  std::uint8_t function = kUnicast;
  if (context.over == over::kEthernet) {
    in.expect(skip_llc(in));
  } else {
    in.expect(in.u8() == kBacnetIp);
    function = in.u8();
    in.skip(2);  // length, see probe
  }
  if (!has_npdu(function)) {
    out.check(in);
    return;
  }
  const Route route = read_route(in, function);
  const std::uint8_t first = route.is_network_message ? std::uint8_t{0xff} : in.u8();
  switch (first >> 4) {
    case 0:
      say_request(in, first, route, context, out);
      break;
    case 1:
      say_announcement(in, route, context, out);
      break;
    case 2:
    case 3:
    case 5:
      say_answer(in, first, route, context, out);
      break;
    case 4:
    case 6:
    case 7:
      say_nameless(in, first, context, out);
      break;
    default:
      out.check(in);
      break;
  }
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "bacnet",
    .title = "BACnet/IP, BACnet Ethernet",
    .over = over::kUdp | over::kEthernet,
    .off_port = OffPort::strong,
    .ports = kPorts,
    .ethertypes = kLlc,
    .leads = kLeads,
    .functions = kFunctions,
    .write_code = write_code,
    .facts =
        "bacnet_device vendor vendor_id model firmware application_software serial "
        "device_name description location",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::bacnet
