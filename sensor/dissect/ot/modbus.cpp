// Modbus/TCP: MODBUS Messaging on TCP/IP Implementation Guide V1.0b; MODBUS Application Protocol
// V1.1b3.
#include <string_view>

#include "sensor/dissect/modbus_pdu.h"

namespace osect::dissect::modbus {
namespace {

using modbus_pdu::kException;
using modbus_pdu::kUmas;
using modbus_pdu::Shape;

constexpr std::uint16_t kPorts[] = {502};
constexpr std::size_t kHeaderBytes =
    6;  // MBAP up to and with the length, which counts what follows it
constexpr std::size_t kHeadBytes = 8;    // up to and with the function
constexpr std::uint16_t kLengthMin = 2;  // unit and function
constexpr std::uint16_t kLengthMax = 254;
constexpr std::uint16_t kUmasLengthMax = 1030;  // Schneider controllers agree on longer messages

constexpr Lead kLeads[] = {{2, {0}}, {3, {0}}};  // protocol identifier

bool is_length(std::uint16_t length, std::uint8_t function) {
  return length >= kLengthMin && length <= (function == kUmas ? kUmasLengthMax : kLengthMax);
}

Verdict probe(Cursor in, const Context& context) {
  in.skip(2);
  const std::uint16_t protocol = in.be16();
  const std::uint16_t length = in.be16();
  in.skip(1);
  const std::uint8_t function = in.u8();
  if (!in.is_good()) return protocol == 0 ? Verdict::maybe : Verdict::no;
  if (protocol != 0 || !is_length(length, function)) return Verdict::no;
  if (context.over == over::kUdp && in.left() + 2U != length) return Verdict::no;
  // On its own port a header that agrees with the bytes is proof enough: unlisted functions must be
  // seen.
  if (context.is_usual_port && in.left() + 2U == length) return Verdict::yes;
  const Verdict doubt = context.is_usual_port ? Verdict::maybe : Verdict::no;
  if (modbus_pdu::name_of(function & 0x7f).empty()) return doubt;
  if ((function & kException) != 0) return length == 3 ? Verdict::yes : doubt;
  if (in.left() + 2U < length) return Verdict::yes;
  const Shape shape = modbus_pdu::shape_of(function, in.rest().first(length - 2U));
  return shape != Shape::neither ? Verdict::yes : doubt;
}

Framing frame(Cursor in, const Context&) {
  in.skip(2);
  const std::uint16_t protocol = in.be16();
  const std::uint16_t length = in.be16();
  if (!in.is_good()) return Framing::kNeedMore;
  if (protocol != 0) return Framing::kNotAMessage;
  if (length > kLengthMax && in.left() < 2) return Framing::kNeedMore;
  return is_length(length, in.peek(1)) ? kHeaderBytes + length : Framing::kNotAMessage;
}

// By the port while only one end has it, by what is known of the connection, by the message's
// shape.
bool is_to_server(const Cursor& pdu, std::uint8_t function, bool is_error, const Context& context,
                  Out& out) {
  const bool is_server_receiver = context.destination_port == kPorts[0];
  if (is_server_receiver != (context.source_port == kPorts[0])) return is_server_receiver;
  if (context.is_direction_known) return context.is_to_server;
  const Shape shape = is_error ? Shape::response : modbus_pdu::shape_of(function, pdu.rest());
  if (shape != Shape::request && shape != Shape::response) return context.is_to_server;
  out.say_direction(shape == Shape::request ? Role::request : Role::response, pdu);
  return shape == Shape::request;
}

// Functions whose data hold more: what the server is, messages of Schneider's own.
void say_special(std::uint8_t function, const Operation& said, const Cursor& pdu, Out& out) {
  if (function == modbus_pdu::kEncapsulated && said.role == Role::response &&
      pdu.peek() == modbus_pdu::kDeviceIdentification) {
    Collected facts;
    Cursor data = pdu;
    modbus_pdu::identify(data, facts);
    facts.say(out, data);
  }
  out.say(said, pdu);
  if (function == kUmas) out.carry(inside::kUmas, said.transaction, pdu);
}

void dissect(Cursor in, const Context& context, Out& out) {
  const auto head = in.bytes(kHeadBytes);
  if (head.empty()) {
    out.check(in);
    return;
  }
  const auto length = static_cast<std::uint16_t>(head[4] << 8 | head[5]);
  const auto transaction = static_cast<std::uint16_t>(head[0] << 8 | head[1]);
  const std::uint8_t unit = head[6];
  const std::uint8_t function = head[7] & static_cast<std::uint8_t>(~kException);
  const bool is_exception = (head[7] & kException) != 0;
  in.expect((head[2] | head[3]) == 0 && length >= kLengthMin);
  Cursor pdu = in.child(std::size_t{length} - kLengthMin);
  if (is_exception) pdu.skip(1);

  const bool is_request = is_to_server(pdu, function, is_exception, context, out);
  Operation said;
  said.role = is_request ? Role::request : Role::response;
  said.function = modbus_pdu::name_of(function);
  said.code = modbus_pdu::code_of(function);
  said.access = modbus_pdu::access_of(function, pdu);
  said.target = modbus_pdu::unit_of(unit);
  said.is_error = is_exception;
  said.transaction = std::uint64_t{1} << 32 | std::uint64_t{unit} << 16 | transaction;
  if (is_exception || !(is_request || modbus_pdu::is_special(function))) {
    out.say(said, pdu);
    return;
  }
  const modbus_pdu::Target target(unit, function, pdu);
  if (is_request) said.target = target.text();
  if (modbus_pdu::is_special(function))
    say_special(function, said, pdu, out);
  else
    out.say(said, pdu);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "modbus",
    .title = "Modbus/TCP",
    .over = over::kTcp | over::kUdp,
    .off_port = OffPort::weak,
    .ports = kPorts,
    .leads = kLeads,
    .functions = modbus_pdu::kFunctions,
    .facts = "vendor product_code firmware vendor_url product_name model application_name",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::modbus
