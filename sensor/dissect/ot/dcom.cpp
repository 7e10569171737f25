// DCOM and OPC Classic over it: MS-DCOM, the OPC Foundation's specifications of Data Access, Alarms
// and Events, and Historical Data Access; over connection-oriented RPC (C706, MS-RPCE).
#include <algorithm>
#include <array>
#include <string_view>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/dcom_stub.h"
#include "sensor/dissect/dissector.h"
#include "sensor/dissect/notes.h"
#include "sensor/dissect/ntlmssp.h"

namespace osect::dissect::dcom {

namespace {

using dcerpc::Ndr;
using dcerpc::Pdu;

constexpr std::uint16_t kPorts[] = {135};
constexpr std::size_t kHeadBytes = 2048;  // names of things stand in the first of it

constexpr Lead kLeads[] = {
    {0, {5}},          {1, {0, 1}}, {2, {0, 2, 3, 11, 12, 13, 14, 15, 16, 17, 18, 19}},
    {4, {0x00, 0x10}}, {5, {0}},    {6, {0}},
    {7, {0}}};

// Codes of the table: the interface's place and the method; binds above all of them.
constexpr std::uint32_t kBind = 0x10000;
constexpr std::uint32_t code_of(const Method& method) {
  return std::uint32_t{method.interface} << 8U | method.opnum;
}

constexpr auto kFunctions = [] {
  std::array<Function, std::size(kMethods) + 2> all{};
  all[0] = {kBind | dcerpc::bind, "bind", Access::session};
  all[1] = {kBind | dcerpc::alter_context, "alter_context", Access::session};
  for (std::size_t i = 0; i < std::size(kMethods); ++i)
    all[i + 2] = {code_of(kMethods[i]), kMethods[i].word, kMethods[i].access};
  return all;
}();

// The interface's UUID and the number of the method, or the type of the PDU.
void write_method_code(Writer& to, Place interface, std::uint16_t opnum) {
  dcerpc::write_uuid(to, kInterfaces[interface].id);
  to.put(' ').decimal(opnum);
}
void write_code(Writer& to, std::uint32_t code) {
  if (code >= kBind)
    to.put("ptype ").decimal(code & 0xffU);
  else
    write_method_code(to, static_cast<Place>(code >> 8U), code & 0xffU);
}

constexpr std::uint32_t kUnlisted = 0xff;  // noted of a context whose interface has no table here

Verdict probe(Cursor in, const Context& context) {
  const std::size_t size = in.left();
  const Pdu pdu = dcerpc::read_pdu(in);
  if (size < dcerpc::kPduHeaderBytes)
    return in.fault() == Fault::truncated ? Verdict::maybe : Verdict::no;
  if (!in.is_good() || !pdu.has_room_for_trailer()) return Verdict::no;
  if (context.notes.is_of_a_flow()) return Verdict::yes;  // a flow that has proved itself
  switch (kind_of(pdu)) {
    case Kind::object_rpc:
      return Verdict::yes;
    case Kind::unclear:
      return Verdict::maybe;
    case Kind::other:
      break;
  }
  return Verdict::no;
}

Framing frame(Cursor in, const Context&) {
  if (in.left() < dcerpc::kPduHeaderBytes) return Framing::kNeedMore;
  const Pdu pdu = dcerpc::read_pdu(in);
  if (!in.is_good()) return Framing::kNotAMessage;
  return {pdu.length, std::min<std::size_t>(pdu.length, kHeadBytes)};
}

const Method* find_method(Place interface, std::uint16_t opnum) {
  const auto* const found = std::find_if(
      std::begin(kMethods), std::end(kMethods),
      [&](const Method& method) { return method.interface == interface && method.opnum == opnum; });
  return found != std::end(kMethods) ? found : nullptr;
}

// Each call has a number of its own; binds count with the calls.
std::uint64_t transaction_of(const Pdu& pdu) {
  return std::uint64_t{1} << 32U | pdu.call;
}

// Several elements of one list are transfer syntaxes of the same interface: the first names it.
void say_bind(const Pdu& pdu, Notes notes, Out& out) {
  Ndr body{pdu.body, pdu.is_little};
  Text<kTargetBytesMax> target;
  for (std::uint8_t left = dcerpc::begin_offers(body); left > 0 && body.in.is_good(); --left) {
    const dcerpc::Offer offer = dcerpc::read_offer(body);
    dcerpc::skip_syntaxes(body, offer);
    if (!body.in.is_good()) break;
    const std::optional<Place> place = find_interface(offer.interface);
    notes.keep(offer.context, place ? std::uint32_t{*place} : kUnlisted);
    if (target.size() > 0) continue;
    if (place)
      target.put(kInterfaces[*place].name);
    else
      dcerpc::write_uuid(target, offer.interface);
  }
  out.say_direction(Role::request, body.in);
  Text<kCodeBytesMax> code;
  write_code(code, kBind | pdu.type);
  out.say({.role = Role::request,
           .function = pdu.type == dcerpc::bind ? "bind" : "alter_context",
           .code = code.text(),
           .access = Access::session,
           .target = target.text(),
           .transaction = transaction_of(pdu)},
          body.in);
}

void say_bind_answer(const Pdu& pdu, Out& out) {
  Cursor proof;
  const bool is_error = dcerpc::is_refused(pdu, proof);
  const bool is_alter = pdu.type == dcerpc::alter_context_response;
  out.say_direction(Role::response, proof);
  Text<kCodeBytesMax> code;
  write_code(code, kBind | (is_alter ? dcerpc::alter_context : dcerpc::bind));
  out.say({.role = Role::response,
           .function = is_alter ? "alter_context" : "bind",
           .code = code.text(),
           .access = Access::session,
           .target = "",
           .is_error = is_error,
           .transaction = transaction_of(pdu)},
          proof);
}

std::optional<Place> interface_of(const Context& context, std::uint16_t presentation) {
  const std::optional<std::uint32_t> place = context.notes.find(presentation);
  if (!place || *place >= std::size(kInterfaces)) return std::nullopt;
  return static_cast<Place>(*place);
}

// Calls of interfaces that no table here lists show as the interface that was bound, once.
void say_request(const Pdu& pdu, const Context& context, Out& out) {
  Ndr body{pdu.body, pdu.is_little};
  body.in.skip(4);  // allocation hint
  const std::optional<Place> interface = interface_of(context, body.u16());
  const std::uint16_t opnum = body.u16();
  if (pdu.has_object()) body.in.skip(16);
  out.say_direction(Role::request, body.in);
  if (!interface || !pdu.is_first()) {
    out.check(body.in);
    return;
  }
  const Method* const method = find_method(*interface, opnum);
  Text<kTargetBytesMax> target;
  target.put(kInterfaces[*interface].name);
  Collected facts;
  if (method != nullptr) {
    const Ndr stub{dcerpc::plain_stub(pdu, body.in), pdu.is_little};
    write_object(target, *method, stub);
    add_asker(*method, stub, facts);
  }
  facts.say(out, body.in);
  Text<kCodeBytesMax> code;
  write_method_code(code, *interface, opnum);
  out.say({.role = Role::request,
           .function = method != nullptr ? method->word : std::string_view(),
           .code = code.text(),
           .access = method != nullptr ? method->access : Access::none,
           .target = target.text(),
           .transaction = transaction_of(pdu)},
          body.in);
}

// The method that was asked: its number ends the code.
const Method* asked_method(Place interface, std::string_view code) {
  std::uint16_t opnum = 0;
  for (const char digit : code.substr(std::min(code.size(), code.rfind(' ') + 1)))
    opnum = static_cast<std::uint16_t>(opnum * 10 + (digit - '0'));
  return find_method(interface, opnum);
}

// An answer says which presentation context it is of, but not which method.
void say_response(const Pdu& pdu, const Context& context, Out& out) {
  Ndr body{pdu.body, pdu.is_little};
  body.in.skip(4);  // allocation hint
  const std::optional<Place> interface = interface_of(context, body.u16());
  body.in.skip(1 + 1);  // cancel count, reserved
  out.say_direction(Role::response, body.in);
  const auto asked = pdu.is_first() ? out.asked(transaction_of(pdu)) : std::nullopt;
  if (!interface || !asked) {
    out.check(body.in);
    return;
  }
  const Method* const method = asked_method(*interface, asked->code);
  bool is_error = pdu.type == dcerpc::fault;
  Collected facts;
  if (!is_error && method != nullptr) {
    const Ndr stub{dcerpc::plain_stub(pdu, body.in), pdu.is_little};
    is_error = pdu.is_last() && context.is_whole && has_failed(*method, stub);
    if (!is_error) add_answer(*method, stub, facts);
  }
  facts.say(out, body.in);
  out.say({.role = Role::response,
           .function = "",
           .code = "",
           .access = Access::none,
           .target = "",
           .is_error = is_error,
           .transaction = transaction_of(pdu)},
          body.in);
}

bool is_authentication(const Pdu& pdu) {
  return pdu.auth_length > 0 && pdu.type >= dcerpc::bind && pdu.type <= dcerpc::auth3;
}

// What both machines say of themselves while they authenticate: the trailer of MS-RPCE clause
// 2.2.2.11.
void say_machines(const Pdu& pdu, Out& out) {
  const std::size_t trailer = dcerpc::kAuthHeaderBytes + pdu.auth_length;
  const bool is_here = pdu.body.left() == pdu.length - dcerpc::kPduHeaderBytes;
  if (!is_here || pdu.body.left() < trailer) return;
  Cursor token = pdu.body;
  token.skip(token.left() - pdu.auth_length);
  Collected facts;
  ntlmssp::collect_from_token(token, facts);
  facts.say(out, pdu.body);
}

void dissect(Cursor in, const Context& context, Out& out) {
  const Pdu pdu = dcerpc::read_pdu(in);
  in.expect(pdu.has_room_for_trailer());
  if (!in.is_good()) {
    out.check(in);
    return;
  }
  if (is_authentication(pdu)) say_machines(pdu, out);
  switch (pdu.type) {
    case dcerpc::bind:
    case dcerpc::alter_context:
      say_bind(pdu, context.notes, out);
      return;
    case dcerpc::bind_ack:
    case dcerpc::bind_nak:
    case dcerpc::alter_context_response:
      say_bind_answer(pdu, out);
      return;
    case dcerpc::request:
      say_request(pdu, context, out);
      return;
    case dcerpc::response:
    case dcerpc::fault:
      say_response(pdu, context, out);
      return;
    default:
      out.check(in);
  }
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "dcom",
    .title = "DCOM, OPC Classic",
    .over = over::kTcp,
    .off_port = OffPort::strong,
    .ports = kPorts,
    .leads = kLeads,
    .functions = kFunctions,
    .write_code = write_code,
    .facts = "host_name ip server_software application_name os os_build fqdn workgroup dns_domain",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::dcom
