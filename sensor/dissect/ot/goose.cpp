// GOOSE and its management: IEC 61850-8-1 clause 18 and annex A; routed over UDP.
#include <array>
#include <string_view>

#include "sensor/dissect/ber.h"
#include "sensor/dissect/collected.h"
#include "sensor/dissect/dissector.h"
#include "sensor/dissect/iec61850_frame.h"

namespace osect::dissect::goose {
namespace {

constexpr std::uint16_t kPorts[] = {iec61850_frame::kPort};
constexpr std::uint16_t kEthertypes[] = {0x88b8, 0x88b9};
constexpr auto kRouted = iec61850_frame::Routed::goose;

// What a message is, by its tag.
constexpr ber::Tag kManagement = ber::application(0);
constexpr ber::Tag kGoose = ber::application(1);

// Services of the management by their tags; the code of GOOSE itself is its control block.
constexpr std::uint32_t kPublished = 0x100;
constexpr Function kFunctions[] = {
    {kPublished, "goose", Access::cyclic}, {0, "gse_management_not_supported", Access::diagnostic},
    {1, "get_go_reference", Access::read}, {2, "get_goose_element_number", Access::read},
    {3, "get_gs_reference", Access::read}, {4, "get_gsse_data_offset", Access::read},
};

void write_code(Writer& to, std::uint32_t code) {
  to.put("appid 0x0001 ");
  if (code == kPublished)
    to.put("<control block>");
  else
    to.put("management ").decimal(code);
}

bool is_message(Cursor apdu) {
  const std::uint8_t identifier = apdu.peek();
  return identifier == 0x60 || identifier == 0x61;
}

Verdict probe(Cursor in, const Context& context) {
  if (context.over == over::kUdp)
    return iec61850_frame::is_session(in, kRouted) ? Verdict::yes : Verdict::no;
  const auto pdu = iec61850_frame::read(in, false);
  return in.is_good() && is_message(pdu.apdu) ? Verdict::yes : Verdict::no;
}

std::size_t count_entries(Cursor& data) {
  std::size_t count = 0;
  for (; data.left() > 0; ++count) static_cast<void>(ber::read(data));
  return count;
}

constexpr ber::Tag kData = ber::context(11);  // the last field but a signature

// IECGoosePdu, annex A: the fields that name the publisher; its data are counted, not looked at.
struct Published {
  std::string_view control_block;
  std::string_view data_set;
  std::string_view id;
  bool is_test = false;
  bool needs_commissioning = false;
};

Published read_published(Cursor& fields, bool is_whole) {
  // Control block, time allowed to live, data set, time, state and sequence number, revision,
  // number of entries, data; the others may be left out.
  constexpr std::uint32_t kMandatory = 0b1101'0111'0111;
  Published published;
  std::uint32_t seen = 0;
  std::uint64_t entries = 0;
  while (fields.left() > 0) {
    auto [tag, content] = ber::read(fields, is_whole || ber::peek(fields) != kData);
    if (const std::uint32_t number = tag ^ ber::context(0); number < 32) seen |= 1U << number;
    switch (tag) {
      case ber::context(0):
        published.control_block = ber::text(content);
        break;
      case ber::context(2):
        published.data_set = ber::text(content);
        break;
      case ber::context(3):
        published.id = ber::text(content);
        break;
      case ber::context(7):
        published.is_test = content.u8() != 0;
        break;
      case ber::context(9):
        published.needs_commissioning = content.u8() != 0;
        break;
      case ber::context(10):
        entries = ber::number(content);
        break;
      case kData:
        if (is_whole) content.expect(count_entries(content) == entries);
        break;
      default:
        break;
    }
    if (!content.is_good()) fields = content;
  }
  ber::expect(fields, (seen & kMandatory) == kMandatory, is_whole);
  fields.expect(!published.control_block.empty());
  return published;
}

void say_published(const iec61850_frame::Pdu& pdu, Cursor fields, bool is_whole, Out& out) {
  const Published published = read_published(fields, is_whole);
  Text<kTargetBytesMax> code;
  Text<kTargetBytesMax> target;
  iec61850_frame::write_code(code, pdu.app_id, published.control_block);
  target.printable(published.data_set);
  if (!published.id.empty() && published.id != published.control_block)
    target.put(" id ").printable(published.id);
  out.say({.role = Role::message,
           .function = "goose",
           .code = code.text(),
           .access = Access::cyclic,
           .target = target.text()},
          fields);
  Collected facts;
  facts.add_raw(about_sender("goose_control_block", 95), published.control_block);
  if (published.id != published.control_block)
    facts.add_raw(about_sender("goose_id", 95), published.id);
  if (published.is_test || pdu.is_simulated)
    facts.add_raw(about_sender("simulates", 95), published.control_block);
  if (published.needs_commissioning)
    facts.add_raw(about_sender("needs_commissioning", 95), published.control_block);
  facts.say(out, fields);
}

// GSEMngtPdu, annex A: which control block a data set's members belong to, and the other way round.
void say_management(const iec61850_frame::Pdu& pdu, Cursor in, Out& out) {
  Cursor state = ber::read(in, ber::context(0));
  const std::uint64_t state_id = ber::number(state);
  auto [kind, services] = ber::read(in);
  in.expect(kind == ber::context(1) || kind == ber::context(2));
  const bool is_request = kind == ber::context(1);
  auto [service, content] = ber::read(services);
  const std::uint32_t number = service & 0xffU;
  services.expect(service == ber::context(number));
  if (!state.is_good()) in = state;
  if (in.is_good() && !services.is_good()) in = services;
  Text<kCodeBytesMax> code;
  code.put("appid 0x").hex(pdu.app_id, 4).put(" management ").decimal(number);
  Text<kTargetBytesMax> target;
  if (const auto ident = ber::find(content, ber::context(0))) target.printable(ber::text(*ident));
  const bool is_refused = !is_request && (number == 0 || ber::find(content, ber::context(3)));
  Function function{};
  for (const Function& known : kFunctions)
    if (known.code == number) function = known;
  out.say({.role = is_request ? Role::request : Role::response,
           .function = function.name,
           .code = code.text(),
           .access = function.access,
           .target = target.text(),
           .is_error = is_refused,
           .transaction = std::uint64_t{1} << 32U | (state_id & 0xffff'ffffU),
           .is_provisional = number == 0},
          in);
}

void say(const iec61850_frame::Pdu& pdu, const Cursor& proof, bool is_whole, Out& out) {
  Cursor apdu = pdu.apdu;
  const auto [tag, content] = ber::read(apdu, is_whole);
  apdu.expect(tag == kGoose || tag == kManagement);
  if (!proof.is_good() || !apdu.is_good()) {
    out.check(proof.is_good() ? apdu : proof);
  } else if (tag == kGoose) {
    say_published(pdu, content, is_whole, out);
  } else {
    say_management(pdu, content, out);
  }
}

void dissect(Cursor in, const Context& context, Out& out) {
  if (context.over == over::kEthernet) {
    const auto pdu = iec61850_frame::read(in, context.is_whole);
    say(pdu, in, context.is_whole, out);
    return;
  }
  Cursor payload = iec61850_frame::read_session(in, kRouted);
  if (payload.left() == 0) out.check(payload);
  while (payload.left() > 0) {
    const auto pdu = iec61850_frame::read_routed(payload, kRouted);
    say(pdu, payload, true, out);
  }
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "goose",
    .title = "GOOSE (IEC 61850-8-1)",
    .over = over::kEthernet | over::kUdp,
    .off_port = OffPort::never,
    .ports = kPorts,
    .ethertypes = kEthertypes,
    .functions = kFunctions,
    .write_code = write_code,
    .facts = "goose_control_block goose_id simulates needs_commissioning",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::goose
