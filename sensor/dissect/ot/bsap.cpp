// BSAP over IP (Emerson ControlWave, Bristol): remote data base access of Bristol "BSAP Application
// Programmer's Reference" (D4052) behind a header that public decoders agree on.
#include <algorithm>
#include <iterator>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/dissector.h"

namespace osect::dissect::bsap {
namespace {

constexpr std::uint16_t kPorts[] = {1234, 1235};
constexpr std::uint16_t kHeaderBytes = 14;
constexpr std::uint16_t kMessagesMax = 32;
constexpr std::size_t kMessageHead = 9;  // length, which counts itself, kind, sequence

constexpr Lead kLeads[] = {{0, {kHeaderBytes}}, {1, {0}}, {3, {0}}, {5, {0}}};

// What the datagram is; 0 acknowledges and holds nothing.
enum Kind : std::uint16_t {
  acknowledge = 0x00,
  answer_counted = 0x01,
  answer = 0x05,
  request = 0x06,
  request_1 = 0x84,
  request_2 = 0x86,
};

enum Application : std::uint8_t { data_base = 0xa0, data_base_extension = 0xa1 };

constexpr std::uint8_t kReadByName = 0x04;
constexpr std::uint8_t kWriteByAddress = 0x80;
constexpr std::uint8_t kWriteByName = 0x84;

// Functions of the extension, applications as a whole, and answers to what was not seen are told
// apart by these.
constexpr std::uint32_t kExtension = 0x10000;
constexpr std::uint32_t kApplication = 0x20000;
constexpr std::uint32_t kResponse = 0x30000;

constexpr Function kFunctions[] = {
    {0x00, "read_signal_by_address", Access::read},
    {0x02, "read_logical_by_address", Access::read},
    {kReadByName, "read_signal_by_name", Access::read},
    {0x06, "read_logical_by_name", Access::read},
    {0x0c, "read_signal_by_list_start", Access::read},
    {0x0d, "read_signal_by_list_continue", Access::read},
    {0x0e, "read_logical_by_list_start", Access::read},
    {0x0f, "read_logical_by_list_continue", Access::read},
    {kWriteByAddress, "write_signal_by_address", Access::write},
    {kWriteByName, "write_signal_by_name", Access::write},
    {0x8c, "write_signal_by_list_start", Access::write},
    {0x8d, "write_signal_by_list_continue", Access::write},
    {kExtension | 0x0101, "reset_system", Access::control},
    {kExtension | 0x0102, "diagnostics_reset", Access::diagnostic},
    {kExtension | 0x0201, "read_date_and_time", Access::time},
    {kExtension | 0x0202, "read_date", Access::time},
    {kExtension | 0x0203, "read_time", Access::time},
    {kExtension | 0x0281, "write_date_and_time", Access::time},
    {kExtension | 0x0400, "change_local_node_address", Access::config},
    {kResponse, "response", Access::none},
};

void write_code(Writer& to, std::uint32_t code) {
  switch (code & 0xffff0000U) {
    case kExtension:
      to.put("rdb_extension 0x").hex(code & 0xffffU, 4);
      break;
    case kApplication:
      to.put("application 0x").hex(code & 0xffU, 2);
      break;
    case kResponse:
      to.put("response");
      break;
    default:
      to.put("rdb 0x").hex(code, 2);
      break;
  }
}

bool is_request(std::uint16_t kind) {
  return kind == Kind::request || kind == Kind::request_1 || kind == Kind::request_2;
}

bool is_kind(std::uint16_t kind) {
  return is_request(kind) || kind == Kind::acknowledge || kind == Kind::answer_counted ||
         kind == Kind::answer;
}

Verdict probe(Cursor in, const Context& context) {
  const std::uint16_t header = in.le16();
  const std::uint16_t messages = in.le16();
  const std::uint16_t kind = in.le16();
  in.skip(4 + 4);  // sequence, acknowledged sequence
  if (!in.is_good() || header != kHeaderBytes || messages > kMessagesMax || !is_kind(kind))
    return Verdict::no;
  for (std::uint16_t i = 0; i < messages && context.is_whole; ++i) {
    const std::uint32_t length = in.le32();
    if (length < kMessageHead || length - 4 > in.left()) return Verdict::no;
    in.skip(length - 4);
  }
  return !context.is_whole || in.left() == 0 ? Verdict::yes : Verdict::no;
}

Function find_function(std::uint32_t number) {
  const auto* const at = std::find_if(std::begin(kFunctions), std::end(kFunctions),
                                      [&](const Function& row) { return row.code == number; });
  return at != std::end(kFunctions) ? *at : Function{number, {}, Access::none};
}

// The first signal, and how many more. Values are behind the names and addresses.
void write_signals(Writer& to, std::uint8_t function, Cursor data) {
  std::uint8_t count = 0;
  if (function == kWriteByAddress) {
    data.skip(2 + 1);  // version of the load, security
    count = data.u8();
    const std::uint16_t address = data.le16();
    if (!data.is_good()) return;
    to.put("address 0x").hex(address, 4);
  } else if (function == kReadByName || function == kWriteByName) {
    data.skip(3 + 1);  // fields that are asked for, security
    count = data.u8();
    const std::string_view text = data.text(data.left());
    const std::string_view name = text.substr(0, text.find('\0'));
    if (name.empty()) return;
    to.put("signal ").printable(name);
  }
  if (function >= kWriteByAddress && count > 1) to.put(" +").decimal(count - 1U);
}

void say_request(std::uint32_t sequence, Cursor& in, Out& out) {
  const std::uint8_t application = in.u8();
  std::uint32_t number = kApplication | application;
  Text<kTargetBytesMax> target;
  if (application == Application::data_base) {
    in.skip(1);  // node status
    const std::uint8_t function = in.u8();
    number = function;
    write_signals(target, function, in);
  } else if (application == Application::data_base_extension) {
    in.skip(1);
    number = kExtension | in.be16();
  }
  const Function function = find_function(number);
  Text<kCodeBytesMax> code;
  write_code(code, number);
  out.say_direction(Role::request, in);
  out.say({.role = Role::request,
           .function = function.name,
           .code = code.text(),
           .access = function.access,
           .target = target.text(),
           .transaction = std::uint64_t{1} << 32 | sequence},
          in);
}

void say_answer(std::uint32_t sequence, Cursor& in, Out& out) {
  const std::uint8_t status = in.u8();
  out.say_direction(Role::response, in);
  out.say({.role = Role::response,
           .function = find_function(kResponse).name,
           .code = "response",
           .access = Access::none,
           .target = "",
           .is_error = (status & 0x80U) != 0,
           .transaction = std::uint64_t{1} << 32 | sequence,
           .is_provisional = true},
          in);
}

void dissect(Cursor in, const Context&, Out& out) {
  in.expect(in.le16() == kHeaderBytes);
  const std::uint16_t messages = in.le16();
  const std::uint16_t kind = in.le16();
  in.skip(4 + 4);
  in.expect(messages <= kMessagesMax && is_kind(kind));
  for (std::uint16_t i = 0; i < messages && in.is_good(); ++i) {
    const std::uint32_t length = in.le32();
    in.expect(length >= kMessageHead);
    Cursor message = in.child(length - std::min<std::size_t>(length, 4));
    message.skip(1);  // kind of header
    const std::uint32_t sequence = message.le32();
    if (!message.is_good()) break;
    if (is_request(kind))
      say_request(sequence, message, out);
    else
      say_answer(sequence, message, out);
  }
  out.check(in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "bsap",
    .title = "BSAP over IP (Bristol, ControlWave)",
    .over = over::kUdp,
    .off_port = OffPort::weak,
    .ports = kPorts,
    .leads = kLeads,
    .functions = kFunctions,
    .write_code = write_code,
    .facts = "",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::bsap
