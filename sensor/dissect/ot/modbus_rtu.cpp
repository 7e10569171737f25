// Modbus RTU in TCP or UDP, as converters of serial lines pass it on: MODBUS over Serial Line
// V1.02, clause 2.5.1; MODBUS Application Protocol V1.1b3. A message has no length: its function
// tells how long a request and how long an answer is, its check sum which of them it is.
#include <algorithm>
#include <array>

#include "sensor/dissect/modbus_pdu.h"

namespace osect::dissect::modbus_rtu {
namespace {

using modbus_pdu::kException;
using modbus_pdu::Shape;

constexpr std::size_t kSumBytes = 2;
constexpr std::size_t kMessageMin = 4;  // unit, function, check sum
constexpr std::size_t kMessageMax = 256;
constexpr std::size_t kRequestBytes = 8;  // of what reads and writes, at least
constexpr std::size_t kFaultBytes = 5;

// All but UMAS, the last: nothing says how long its messages are.
constexpr auto kFunctions =
    std::span(modbus_pdu::kFunctions).first<std::size(modbus_pdu::kFunctions) - 1>();
static_assert(modbus_pdu::kFunctions[kFunctions.size()].code == modbus_pdu::kUmas);

// A flow shows what it is by reading and writing, or by what refuses that.
constexpr Lead kLeads[] = {
    {1, {1, 2, 3, 4, 5, 6, 15, 16, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x8f, 0x90}}};

constexpr std::array<std::uint16_t, 256> kSums = [] {
  std::array<std::uint16_t, 256> sums{};
  for (std::uint32_t i = 0; i < sums.size(); ++i) {
    std::uint32_t sum = i;
    for (int bit = 0; bit < 8; ++bit) sum = (sum & 1U) != 0 ? sum >> 1U ^ 0xa001U : sum >> 1U;
    sums[i] = static_cast<std::uint16_t>(sum);
  }
  return sums;
}();

// Clause 6.2.2: over all but its own two bytes, which stand low byte first.
bool is_sealed(std::span<const std::uint8_t> message) {
  std::uint32_t sum = 0xffff;
  for (const std::uint8_t byte : message.first(message.size() - kSumBytes))
    sum = sum >> 8U ^ kSums[(sum ^ byte) & 0xffU];
  return message[message.size() - 2] == (sum & 0xffU) && message.back() == sum >> 8U;
}

// Of a request and of an answer that begins so. 0: there is none; kMore: too few bytes to tell.
constexpr std::size_t kMore = kMessageMax + 1;
struct Lengths {
  std::size_t request = 0;
  std::size_t response = 0;
};

// Of an answer of function 43/14: its objects one after the other.
std::size_t identification_bytes(std::span<const std::uint8_t> message) {
  constexpr std::size_t kObjects = 8;  // unit, function, 6 bytes, their number
  Cursor in(message);
  in.skip(kObjects - 1);
  for (std::uint8_t left = in.u8(); left > 0 && in.is_good(); --left) {
    in.skip(1);
    in.skip(in.u8());
  }
  return in.is_good() ? in.offset() + kSumBytes : kMore;
}

Lengths lengths_of(std::span<const std::uint8_t> message) {
  const auto counted = [&](std::size_t at) {
    return message.size() > at ? at + 1 + message[at] + kSumBytes : kMore;
  };
  switch (message[1]) {
    case 1:
    case 2:
    case 3:
    case 4:
      return {8, counted(2)};
    case 5:
    case 6:
    case modbus_pdu::kDiagnostics:
      return {8, 8};
    case 7:
      return {4, 5};
    case 11:
      return {4, 8};
    case 12:
    case 17:
      return {4, counted(2)};
    case 15:
    case 16:
      return {counted(6), 8};
    case 20:
    case 21:
      return {counted(2), counted(2)};
    case 22:
      return {10, 10};
    case 23:
      return {counted(10), counted(2)};
    case 24:
      return {6, message.size() > 3 ? 4U + message[2] * 256U + message[3] + kSumBytes : kMore};
    case modbus_pdu::kEncapsulated:
      return {7, identification_bytes(message)};
    default:
      return (message[1] & kException) != 0 ? Lengths{0, kFaultBytes} : Lengths{};
  }
}

// The length of the message that begins here, 0 where its sum is not right or not there.
std::size_t length_of(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < kMessageMin) return 0;
  const Lengths lengths = lengths_of(bytes);
  for (const std::size_t length : {lengths.request, lengths.response})
    if (length >= kMessageMin && length <= std::min(bytes.size(), kMessageMax) &&
        is_sealed(bytes.first(length)))
      return length;
  return 0;
}

// More bytes may complete it.
bool may_grow(std::span<const std::uint8_t> bytes) {
  if (bytes.size() >= kMessageMax) return false;
  if (bytes.size() < kMessageMin) return true;
  const Lengths lengths = lengths_of(bytes);
  return std::max(lengths.request, lengths.response) > bytes.size();
}

// Clauses 6.1 to 6.4, 6.11 and 6.12: counts have limits. So much of a request is hardly another
// protocol's; an answer that came in pieces is waited for where it is known to be one.
bool may_begin(std::span<const std::uint8_t> bytes, const Context& context) {
  if (bytes.size() < 2) return true;
  const std::uint8_t function = bytes[1];
  if (!kLeads[0].bytes.has(function)) return false;
  if (context.is_direction_known && !context.is_to_server) return may_grow(bytes);
  if ((function & kException) != 0 || bytes.size() >= kRequestBytes) return false;
  const bool has_count = function != 5 && function != 6;
  const std::uint8_t count_most = function < 3 || function == 15 ? 7 : 0;  // its higher byte
  return !has_count || bytes.size() <= 4 || bytes[4] <= count_most;
}

Verdict probe(Cursor in, const Context& context) {
  const auto bytes = in.rest();
  const std::size_t length = length_of(bytes);
  if (length > 0 && kLeads[0].bytes.has(bytes[1]) &&
      (context.over == over::kTcp || length == bytes.size()))
    return Verdict::yes;
  return context.over == over::kTcp && may_begin(bytes, context) ? Verdict::maybe : Verdict::no;
}

Framing frame(Cursor in, const Context&) {
  const auto bytes = in.rest();
  if (const std::size_t length = length_of(bytes); length > 0) return length;
  return may_grow(bytes) ? Framing::kNeedMore : Framing::kNotAMessage;
}

// One at a time, without a number: the last request is the one that is answered. The flow's memory
// counts them.
std::uint64_t transaction_of(bool is_request, const Context& context) {
  if (context.memory == nullptr) return 1;
  if (is_request) ++*context.memory;
  return std::uint64_t{1} << 32 | *context.memory;
}

void dissect(Cursor in, const Context& context, Out& out) {
  in.expect(in.left() >= kMessageMin && is_sealed(in.rest()));
  Cursor pdu = in.child(in.left() - std::min(in.left(), kSumBytes));
  const std::uint8_t unit = pdu.u8();
  const std::uint8_t raw = pdu.u8();
  const std::uint8_t function = raw & static_cast<std::uint8_t>(~kException);
  const bool is_fault = (raw & kException) != 0;
  const Shape shape = is_fault ? Shape::response : modbus_pdu::shape_of(function, pdu.rest());
  const bool is_known = shape == Shape::request || shape == Shape::response;
  const bool is_request = is_known ? shape == Shape::request : context.is_to_server;
  if (is_known) out.say_direction(is_request ? Role::request : Role::response, pdu);

  const std::uint64_t transaction = transaction_of(is_request, context);
  if (function == modbus_pdu::kEncapsulated && !is_request && !is_fault) {
    Collected facts;
    Cursor data = pdu;
    if (data.peek() == modbus_pdu::kDeviceIdentification) modbus_pdu::identify(data, facts);
    facts.say(out, data);
  }
  Operation said{.role = is_request ? Role::request : Role::response,
                 .function = modbus_pdu::name_of(function),
                 .code = modbus_pdu::code_of(function),
                 .access = modbus_pdu::access_of(function, pdu),
                 .target = modbus_pdu::unit_of(unit),
                 .is_error = is_fault,
                 .transaction = transaction};
  if (!is_request) {
    out.say(said, pdu);
    return;
  }
  const modbus_pdu::Target target(unit, function, pdu);
  said.target = target.text();
  out.say(said, pdu);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "modbus_rtu",
    .title = "Modbus RTU over TCP or UDP",
    .over = over::kTcp | over::kUdp,
    .off_port = OffPort::weak,
    .ports = {},
    .leads = kLeads,
    .functions = kFunctions,
    .facts = "vendor product_code firmware vendor_url product_name model application_name",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::modbus_rtu
