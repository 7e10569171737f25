// S7comm-plus, what S7-1200 and S7-1500 speak over TPKT and COTP: recognised, its functions named,
// identities read where they are in the clear. Not published; the reference is captures and
// s7comm_plus of the Wireshark plugin by Thomas Wiens.
#include <algorithm>
#include <array>
#include <string_view>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/cotp.h"
#include "sensor/dissect/dissector.h"

namespace osect::dissect::s7comm_plus {
namespace {

constexpr std::uint16_t kPorts[] = {cotp::kPort};
constexpr Lead kLeads[] = {
    {0, {3}}, {1, {0}}, {5, {cotp::kData, cotp::kConnectRequest, cotp::kConnectConfirm}}};

constexpr std::uint8_t kProtocol = 0x72;
constexpr std::uint8_t kRequest = 0x31;
constexpr std::uint8_t kResponse = 0x32;
constexpr std::uint8_t kNotification = 0x33;
constexpr std::uint8_t kVersionMax = 3;
constexpr std::uint8_t kSigned = 3;  // from this version on a digest comes first
constexpr std::uint8_t kDigestBytes = 32;
constexpr std::uint8_t kHeaderBytes = 4;
constexpr std::uint8_t kTrailerBytes = 4;
constexpr std::string_view kSelector = "SIMATIC-ROOT-";

constexpr std::uint16_t kCreateObject = 0x04ca;
constexpr std::uint32_t kNotified = 0x10000;
constexpr std::uint32_t kContinued = 0x20000;

constexpr Function kFunctions[] = {
    {0x04b1, "error", Access::session},
    {0x04bb, "explore", Access::diagnostic},
    {kCreateObject, "create_object", Access::session},
    {0x04d4, "delete_object", Access::session},
    {0x04f2, "set_variable", Access::write},
    {0x04fc, "get_variable", Access::read},
    {0x0506, "add_link", Access::config},
    {0x051a, "remove_link", Access::config},
    {0x0524, "get_link", Access::diagnostic},
    {0x0542, "set_multi_variables", Access::write},
    {0x054c, "get_multi_variables", Access::read},
    {0x0556, "begin_sequence", Access::program},
    {0x0560, "end_sequence", Access::program},
    {0x056b, "invoke", Access::control},
    {0x057c, "set_variable_substreamed", Access::program},
    {0x0586, "get_variable_substreamed", Access::program},
    {0x0590, "get_variables_address", Access::read},
    {0x059a, "abort", Access::session},
    {0x05b3, "init_ssl", Access::session},
    {kNotified, "notification", Access::read},
    {kContinued, "continued", Access::none},
};

const Function* function_of(std::uint32_t code) {
  const auto* const found = std::find_if(std::begin(kFunctions), std::end(kFunctions),
                                         [&](const Function& f) { return f.code == code; });
  return found == std::end(kFunctions) ? nullptr : found;
}

void write_code(Writer& to, std::uint32_t code) {
  if (code == kNotified)
    to.put("opcode 0x33");
  else if (code == kContinued)
    to.put("other");
  else
    to.put("function 0x").hex(code, 4);
}

bool is_opcode(std::uint8_t opcode) {
  return opcode == kRequest || opcode == kResponse || opcode == kNotification;
}

// Version 1 to 3 with one of the three opcodes where it belongs.
bool is_message(const cotp::Tpdu& tpdu) {
  Cursor pdu = tpdu.user;
  pdu.skip(1);
  const std::uint8_t version = pdu.u8();
  const std::uint16_t length = pdu.be16();
  if (version == 0 || version > kVersionMax || length == 0) return false;
  if (!tpdu.is_cut && tpdu.is_last && length > pdu.left()) return false;
  if (version >= kSigned && pdu.peek() == kDigestBytes) pdu.skip(1U + kDigestBytes);
  const std::uint8_t opcode = pdu.u8();
  if (!pdu.is_good()) return false;
  // A notification goes on with the number of its subscription.
  return opcode == kNotification || (is_opcode(opcode) && (pdu.left() < 2 || pdu.be16() == 0));
}

Verdict probe(Cursor in, const Context&) {
  const cotp::Beginning begun = cotp::read_beginning(in);
  if (!begun.is_transport) return Verdict::no;
  if (begun.is_named) {
    const auto named = begun.called.first(std::min(begun.called.size(), kSelector.size()));
    if (!std::equal(named.begin(), named.end(), kSelector.begin(), kSelector.end()))
      return Verdict::no;
  }
  const Cursor& user = begun.data.user;
  if (user.left() == 0) return Verdict::maybe;
  if (user.peek() != kProtocol) return Verdict::no;
  if (is_message(begun.data)) return Verdict::yes;
  return begun.data.is_cut && user.left() < kHeaderBytes + kDigestBytes + 4U ? Verdict::maybe
                                                                             : Verdict::no;
}

Framing frame(Cursor in, const Context&) {
  return cotp::frame(in);
}

// An attribute's text, wherever it stands in the object: its number, no flags, type text, length.
std::string_view attribute(const Cursor& object, std::uint8_t number) {
  const std::array<std::uint8_t, 4> key = {0x82, number, 0x00, 0x15};
  const auto bytes = object.rest();
  const auto at = std::search(bytes.begin(), bytes.end(), key.begin(), key.end());
  if (at == bytes.end()) return {};
  Cursor value(bytes.subspan(static_cast<std::size_t>(at - bytes.begin()) + key.size()));
  const std::uint8_t length = value.u8();
  return length < 0x80 ? value.text(length) : std::string_view();
}

// "1;6ES7 211-1BE30-0XB0 ;V3.0" of the controller.
void add_controller(const Cursor& object, Collected& facts) {
  constexpr std::uint8_t kVersionOfServer = 0x3f;
  constexpr std::uint8_t kSure = 90;
  std::string_view text = attribute(object, kVersionOfServer);
  const auto first = text.find(';');
  const auto last = text.rfind(';');
  if (first == std::string_view::npos || last == first) return;
  const std::string_view order_number = trimmed(text.substr(first + 1, last - first - 1));
  const std::string_view firmware = text.substr(last + 1);
  facts.add_raw(about_sender("order_number", kSure), order_number);
  facts.add_raw(about_sender("model", 85), order_number);
  if (order_number.starts_with("6ES7") || order_number.starts_with("6AG1"))
    facts.add(about_sender("vendor", kSure), "Siemens");
  if (firmware.starts_with('V')) facts.add_raw(about_sender("firmware", kSure), firmware);
}

// The client's program; its user's name beside it stays where it is.
void add_client(const Cursor& object, Collected& facts) {
  constexpr std::uint8_t kApplication = 0x29;
  facts.add_raw(about_sender("application_name", 80), attribute(object, kApplication));
}

// The last part of a message ends with a trailer: is one of this sender's open?
bool is_continuation(const Context& context, bool is_whole) {
  const std::uint32_t mark = context.source_port < context.destination_port ? 1 : 2;
  const bool was_open = (*context.memory & mark) != 0;
  *context.memory = is_whole ? *context.memory & ~mark : *context.memory | mark;
  return was_open;
}

// What opens with a request comes from the client; where it is not told, the port does.
Role role_of(std::uint8_t opcode, bool is_part, const Context& context) {
  if (!is_part) return opcode == kRequest ? Role::message : Role::response;
  return context.is_to_server ? Role::message : Role::response;
}

void say_message(Cursor pdu, const Context& context, Out& out) {
  pdu.skip(1);
  const std::uint8_t version = pdu.u8();
  const std::uint16_t length = pdu.be16();
  const bool is_part = is_continuation(context, pdu.left() >= length + std::size_t{kTrailerBytes});
  Cursor body = pdu.child(length);
  if (version == kSigned && body.peek() == kDigestBytes) body.skip(1U + kDigestBytes);
  const std::uint8_t opcode = body.peek();
  const bool is_known = version != 0 && version <= kVersionMax && is_opcode(opcode) && !is_part;
  Text<kCodeBytesMax> code;
  code.put('v').decimal(version);
  std::uint32_t function = kContinued;
  if (is_known) {
    body.skip(3);
    function = opcode == kNotification ? kNotified : body.be16();
    code.put(" opcode 0x").hex(opcode, 2);
    if (opcode != kNotification) code.put(' ');
  } else {
    code.put(' ');
  }
  if (function != kNotified) write_code(code, function);
  if (is_known) out.say_direction(opcode == kRequest ? Role::request : Role::response, body);
  Collected facts;
  if (function == kCreateObject && opcode == kResponse) add_controller(body, facts);
  if (function == kCreateObject && opcode == kRequest) add_client(body, facts);
  facts.say(out, body);
  const Function* const listed = function_of(function);
  out.say(Operation{.role = role_of(opcode, !is_known, context),
                    .function = listed != nullptr ? listed->name : std::string_view(),
                    .code = code.text(),
                    .access = listed != nullptr ? listed->access : Access::none,
                    .target = {}},
          body);
}

void dissect(Cursor in, const Context& context, Out& out) {
  const cotp::UserData user(in);
  Cursor pdu = user.whole();
  if (pdu.left() > 0 && pdu.peek() == kProtocol) {
    say_message(pdu, context, out);
    return;
  }
  pdu.expect(pdu.left() == 0);
  out.check(pdu);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "s7comm_plus",
    .title = "S7comm-plus",
    .over = over::kTcp,
    .off_port = OffPort::strong,
    .ports = kPorts,
    .leads = kLeads,
    .functions = kFunctions,
    .write_code = write_code,
    .facts = "order_number model vendor firmware application_name",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::s7comm_plus
