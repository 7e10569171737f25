// DNS over UDP and TCP: RFC 1035. Names of local stations are facts; what is asked for is nobody's
// business.
#include "sensor/dissect/dns_message.h"

namespace osect::dissect::dns {
namespace {

namespace message = dns_message;

constexpr std::uint16_t kPorts[] = {53};
constexpr std::uint8_t kConfidence = 60;

// Over TCP a two-byte length stands in front: RFC 1035 clause 4.2.2.
Verdict probe(Cursor in, const Context& context) {
  if (context.over == over::kTcp) {
    const std::uint16_t length = in.be16();
    if (!in.is_good()) return Verdict::maybe;
    if (length < 17) return Verdict::no;
    if (in.left() < length)
      return in.left() < 12                      ? Verdict::maybe
             : message::probe(in) == Verdict::no ? Verdict::maybe
                                                 : Verdict::yes;
    in = in.child(length);
  }
  return message::probe(in);
}

Framing frame(Cursor in, const Context&) {
  const std::uint16_t length = in.be16();
  if (!in.is_good()) return Framing::kNeedMore;
  if (length < 12) return Framing::kNotAMessage;
  return std::size_t{2} + length;
}

// Only answers about stations of the site: a public name's address says nothing about a device
// here.
void collect(message::Record& record, std::span<const std::uint8_t> whole, Collected& facts) {
  if (const IpAddress ip = message::address_of(record); ip.is_private() && ip.is_station()) {
    facts.add_text(about({}, ip, "dns_name", kConfidence),
                   [&](Writer& to) { to.put(record.name); });
  } else if (record.type == message::kTypePtr) {
    const IpAddress named = message::reverse_address(record.name);
    if (!named.is_private() || !named.is_station()) return;
    facts.add_text(about({}, named, "dns_name", kConfidence),
                   [&](Writer& to) { message::read_name(record.data, whole, to); });
  }
}

void dissect(Cursor in, const Context& context, Out& out) {
  if (context.over == over::kTcp) in.skip(2);
  const auto whole = in.rest();
  const message::Header header = message::read_header(in);
  Collected facts;
  message::walk(
      in, whole, header, [](std::string_view) {},
      [&](message::Record& record) {
        if (header.is_response) collect(record, whole, facts);
      });
  out.say_direction(header.is_response ? Role::response : Role::request, in);
  facts.say(out, in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "dns",
    .title = "DNS",
    .over = over::kUdp | over::kTcp,
    .off_port = OffPort::never,
    .ports = kPorts,
    .functions = {},
    .facts = "dns_name",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::dns
