// Sampled values: IEC 61850-9-2 clause 8.5; routed over UDP.
#include <array>
#include <string_view>

#include "sensor/dissect/ber.h"
#include "sensor/dissect/collected.h"
#include "sensor/dissect/dissector.h"
#include "sensor/dissect/iec61850_frame.h"

namespace osect::dissect::sv {
namespace {

constexpr std::uint16_t kPorts[] = {iec61850_frame::kPort};
constexpr std::uint16_t kEthertypes[] = {0x88ba};
constexpr auto kRouted = iec61850_frame::Routed::sampled_values;

constexpr std::uint8_t kIdentifier = 0x60;  // of the only message
constexpr ber::Tag kSampledValues = ber::application(0);

constexpr Function kFunctions[] = {{0, "sampled_values", Access::cyclic}};

void write_code(Writer& to, std::uint32_t) {
  to.put("appid 0x4000 <sv id>");
}

Verdict probe(Cursor in, const Context& context) {
  if (context.over == over::kUdp)
    return iec61850_frame::is_session(in, kRouted) ? Verdict::yes : Verdict::no;
  const auto pdu = iec61850_frame::read(in, false);
  return in.is_good() && pdu.apdu.peek() == kIdentifier ? Verdict::yes : Verdict::no;
}

// Table of the attribute SmpSynch; two values are reserved.
std::string_view synchronisation_word(std::uint64_t source) {
  constexpr std::array<std::string_view, 5> kWords = {"none", "local", "global", "", ""};
  return source < kWords.size() ? kWords[source] : "area clock";
}

constexpr ber::Tag kSample = ber::context(7);

// One sample of everything in the data set, which itself is not looked at.
struct Asdu {
  std::string_view id;
  std::string_view data_set;
  std::uint64_t count = 0;  // zero at the turn of each second
  std::uint64_t synchronised = 0;
  Cursor grandmaster;
};

Asdu read_asdu(Cursor& fields, bool is_whole) {
  // Identifier, sample count, revision, synchronisation, sample; the others may be left out.
  constexpr std::uint32_t kMandatory = 0b1010'1101;
  Asdu asdu;
  std::uint32_t seen = 0;
  while (fields.left() > 0) {
    auto [tag, content] = ber::read(fields, is_whole || ber::peek(fields) != kSample);
    if (const std::uint32_t number = tag ^ ber::context(0); number < 32) seen |= 1U << number;
    switch (tag) {
      case ber::context(0):
        asdu.id = ber::text(content);
        break;
      case ber::context(1):
        asdu.data_set = ber::text(content);
        break;
      case ber::context(2):
        asdu.count = ber::number(content);
        break;
      case ber::context(5):
        asdu.synchronised = ber::number(content);
        break;
      case ber::context(9):
        asdu.grandmaster = content;
        break;
      default:
        break;
    }
    if (!content.is_good()) fields = content;
  }
  ber::expect(fields, (seen & kMandatory) == kMandatory, is_whole);
  fields.expect(!asdu.id.empty());
  return asdu;
}

// Once a second: to state it with each of thousands of samples tells nothing more.
void say_facts(const Asdu& asdu, bool is_simulated, const Cursor& proof, Out& out) {
  Collected facts;
  facts.add_raw(about_sender("sv_id", 95), asdu.id);
  facts.add(about_sender("sv_synchronised", 90), synchronisation_word(asdu.synchronised));
  if (is_simulated) facts.add_raw(about_sender("simulates", 95), asdu.id);
  if (asdu.grandmaster.left() == 8)
    facts.add_text(about_sender("ptp_grandmaster", 90), [&](Writer& to) {
      const auto identity = asdu.grandmaster.rest();
      for (std::size_t i = 0; i < identity.size(); ++i)
        (i > 0 ? to.put(':') : to).hex(identity[i], 2);
    });
  facts.say(out, proof);
}

void say_asdu(const iec61850_frame::Pdu& pdu, Cursor fields, bool is_whole, Out& out) {
  const Asdu asdu = read_asdu(fields, is_whole);
  Text<kTargetBytesMax> code;
  Text<kTargetBytesMax> target;
  iec61850_frame::write_code(code, pdu.app_id, asdu.id);
  target.printable(asdu.data_set);
  out.say({.role = Role::message,
           .function = kFunctions[0].name,
           .code = code.text(),
           .access = kFunctions[0].access,
           .target = target.text()},
          fields);
  if (fields.is_good() && asdu.count == 0) say_facts(asdu, pdu.is_simulated, fields, out);
}

void say(const iec61850_frame::Pdu& pdu, const Cursor& proof, bool is_whole, Out& out) {
  Cursor apdu = pdu.apdu;
  Cursor fields = ber::read(apdu, kSampledValues, is_whole);
  Cursor number = ber::read(fields, ber::context(0));
  const std::uint64_t count = ber::number(number);
  auto [tag, asdus] = ber::read(fields, is_whole);
  if (tag == ber::context(1)) {  // security
    const auto next = ber::read(fields, is_whole);
    tag = next.tag;
    asdus = next.content;
  }
  fields.expect(tag == ber::context(2));
  if (!number.is_good()) fields = number;
  if (!proof.is_good() || !fields.is_good()) {
    out.check(proof.is_good() ? fields : proof);
    return;
  }
  std::uint64_t read = 0;
  for (; asdus.left() > 0; ++read) {
    const Cursor asdu = ber::read(asdus, ber::kSequence, is_whole);
    if (asdus.is_good()) say_asdu(pdu, asdu, is_whole, out);
  }
  if (is_whole) asdus.expect(read == count);
  out.check(asdus);
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
    .name = "sv",
    .title = "Sampled values (IEC 61850-9-2)",
    .over = over::kEthernet | over::kUdp,
    .off_port = OffPort::never,
    .ports = kPorts,
    .ethertypes = kEthertypes,
    .functions = kFunctions,
    .write_code = write_code,
    .facts = "sv_id sv_synchronised simulates ptp_grandmaster",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::sv
