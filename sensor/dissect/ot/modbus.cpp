// Modbus/TCP: MODBUS Messaging on TCP/IP Implementation Guide V1.0b; MODBUS Application Protocol
// V1.1b3.
#include <algorithm>
#include <array>
#include <string_view>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/dissector.h"

namespace osect::dissect::modbus {
namespace {

constexpr std::uint16_t kPorts[] = {502};
constexpr std::size_t kHeaderBytes =
    6;  // MBAP up to and with the length, which counts what follows it
constexpr std::uint16_t kLengthMin = 2;  // unit and function
constexpr std::uint16_t kLengthMax = 254;
constexpr std::uint16_t kUmasLengthMax = 1030;  // Schneider controllers agree on longer messages
constexpr std::uint8_t kException = 0x80;
constexpr std::uint8_t kDiagnostics = 8;
constexpr std::uint8_t kEncapsulated = 43;
constexpr std::uint8_t kDeviceIdentification = 14;
constexpr std::uint8_t kUmas = 90;

constexpr Lead kLeads[] = {{2, {0}}, {3, {0}}};  // protocol identifier

constexpr Function kFunctions[] = {
    {1, "read_coils", Access::read},
    {2, "read_discrete_inputs", Access::read},
    {3, "read_holding_registers", Access::read},
    {4, "read_input_registers", Access::read},
    {5, "write_single_coil", Access::write},
    {6, "write_single_register", Access::write},
    {7, "read_exception_status", Access::diagnostic},
    {8, "diagnostics", Access::diagnostic},
    {11, "get_comm_event_counter", Access::diagnostic},
    {12, "get_comm_event_log", Access::diagnostic},
    {15, "write_multiple_coils", Access::write},
    {16, "write_multiple_registers", Access::write},
    {17, "report_server_id", Access::identity},
    {20, "read_file_record", Access::read},
    {21, "write_file_record", Access::write},
    {22, "mask_write_register", Access::write},
    {23, "read_write_multiple_registers", Access::write},
    {24, "read_fifo_queue", Access::read},
    {43, "encapsulated_interface_transport", Access::identity},
    {90, "umas", Access::program},
};

// What is the same in every message, worked out once: names by function code, the texts "1".."127"
// and "unit 0".."unit 255".
struct Tables {
  std::array<Function, 128> functions{};
  std::array<std::array<char, 4>, 128> codes{};  // the last byte is the length
  std::array<std::array<char, 9>, 256> units{};
};

constexpr std::size_t digits_of(std::size_t value) {
  return value < 10 ? 1 : value < 100 ? 2 : 3;
}

constexpr void write_decimal(char* to, std::size_t value) {
  for (std::size_t i = digits_of(value); i > 0; --i, value /= 10)
    to[i - 1] = static_cast<char>('0' + value % 10);
}

constexpr Tables kTables = [] {
  Tables tables;
  for (std::size_t i = 0; i < 128; ++i) {
    write_decimal(tables.codes[i].data(), i);
    tables.codes[i].back() = static_cast<char>(digits_of(i));
  }
  for (const Function& function : kFunctions) tables.functions[function.code] = function;
  for (std::size_t i = 0; i < 256; ++i) {
    auto& unit = tables.units[i];
    unit = {'u', 'n', 'i', 't', ' '};
    write_decimal(unit.data() + 5, i);
    unit.back() = static_cast<char>(5 + digits_of(i));
  }
  return tables;
}();

template <std::size_t kBytes>
std::string_view text_of(const std::array<char, kBytes>& text) {
  return {text.data(), static_cast<std::size_t>(text.back())};
}

enum class Shape : std::uint8_t { either, request, response, neither };

// Sizes of the data behind the function code tell requests from responses for most functions.
Shape shape_of(std::uint8_t function, std::span<const std::uint8_t> data) {
  const std::size_t size = data.size();
  const auto counted = [&](std::size_t at) { return size > at && size == at + 1 + data[at]; };
  const auto judge = [](bool is_request, bool is_response) {
    if (is_request && is_response) return Shape::either;
    return is_request ? Shape::request : is_response ? Shape::response : Shape::neither;
  };
  switch (function) {
    case 1:
    case 2:
      return judge(size == 4, counted(0));
    case 3:
    case 4:
      return judge(size == 4, counted(0) && data[0] % 2 == 0);
    case 5:
    case 6:
      return judge(size == 4, size == 4);
    case 15:
    case 16:
      return judge(counted(4), size == 4);
    case 22:
      return judge(size == 6, size == 6);
    case 23:
      return judge(counted(8), counted(0));
    case 7:
      return judge(size == 0, size == 1);
    case 11:
      return judge(size == 0, size == 4);
    case 12:
    case 17:
      return judge(size == 0, counted(0));
    case kEncapsulated:
      if (size > 0 && data[0] == kDeviceIdentification) return judge(size == 3, size >= 6);
      return Shape::either;
    default:
      return Shape::either;
  }
}

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
  if (kTables.functions[function & 0x7f].code == 0) return doubt;
  if ((function & kException) != 0) return length == 3 ? Verdict::yes : doubt;
  if (in.left() + 2U < length) return Verdict::yes;
  return shape_of(function, in.rest().first(length - 2U)) != Shape::neither ? Verdict::yes : doubt;
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

// Vendor, product and version of the server (function 43/14), objects 0 to 6 of clause 6.21.
void identify(Cursor& pdu, Collected& facts) {
  constexpr std::array<std::string_view, 7> kAttributes = {
      "vendor",       "product_code", "firmware",        "vendor_url",
      "product_name", "model",        "application_name"};
  pdu.skip(4);  // read device id code, conformity level, more follows, next object
  for (std::uint8_t left = pdu.u8(); left > 0 && pdu.is_good(); --left) {
    const std::uint8_t object = pdu.u8();
    const std::string_view value = pdu.text(pdu.u8());
    if (object < kAttributes.size()) facts.add_raw(about_sender(kAttributes[object], 95), value);
  }
}

Access access_of(std::uint8_t function, const Cursor& data) {
  if (function == kDiagnostics && data.peek(0) == 0) {
    // Restart communications, force listen only, clear counters: clause 6.8.
    const std::uint8_t what = data.peek(1);
    if (what == 1 || what == 4 || what == 10) return Access::control;
  }
  return kTables.functions[function].access;
}

// By the port while only one end has it, by what is known of the connection, by the message's
// shape.
bool is_to_server(const Cursor& pdu, std::uint8_t function, bool is_error, const Context& context,
                  Out& out) {
  const bool is_server_receiver = context.destination_port == kPorts[0];
  if (is_server_receiver != (context.source_port == kPorts[0])) return is_server_receiver;
  if (context.is_direction_known) return context.is_to_server;
  const Shape shape = is_error ? Shape::response : shape_of(function, pdu.rest());
  if (shape != Shape::request && shape != Shape::response) return context.is_to_server;
  out.say_direction(shape == Shape::request ? Role::request : Role::response, pdu);
  return shape == Shape::request;
}

void say_identity(Cursor& pdu, Out& out) {
  Collected facts;
  pdu.skip(1);
  identify(pdu, facts);
  facts.say(out, pdu);
}

void dissect(Cursor in, const Context& context, Out& out) {
  const std::uint16_t transaction = in.be16();
  in.expect(in.be16() == 0);
  Cursor pdu = in.child(in.be16());
  const std::uint8_t unit = pdu.u8();
  const std::uint8_t raw = pdu.u8();
  const std::uint8_t function = raw & 0x7f;
  const bool is_error = (raw & kException) != 0;
  if (is_error) pdu.skip(1);

  const bool is_request = is_to_server(pdu, function, is_error, context, out);
  const Operation said{
      .role = is_request ? Role::request : Role::response,
      .function = kTables.functions[function].name,
      .code = text_of(kTables.codes[function]),
      .access = access_of(function, pdu),
      .target = text_of(kTables.units[unit]),
      .is_error = is_error,
      .transaction = std::uint64_t{1} << 32 | std::uint64_t{unit} << 16 | transaction,
  };
  if (function == kEncapsulated && !is_request && !is_error && pdu.peek() == kDeviceIdentification)
    say_identity(pdu, out);
  out.say(said, pdu);
  if (function == kUmas && !is_error) out.carry(inside::kUmas, said.transaction, pdu);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "modbus",
    .title = "Modbus/TCP",
    .over = over::kTcp | over::kUdp,
    .off_port = OffPort::weak,
    .ports = kPorts,
    .leads = kLeads,
    .functions = kFunctions,
    .facts = "vendor product_code firmware vendor_url product_name model application_name",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::modbus
