// Link-local multicast name resolution: RFC 4795. Answers name stations of the segment; queries
// show who looks for whom.
#include "sensor/dissect/dns_message.h"

namespace osect::dissect::llmnr {
namespace {

namespace message = dns_message;

constexpr std::uint16_t kPorts[] = {5355};
constexpr std::uint8_t kConfidence = 65;

Verdict probe(Cursor in, const Context&) {
  return message::probe(in);
}

void dissect(Cursor in, const Context&, Out& out) {
  const auto whole = in.rest();
  const message::Header header = message::read_header(in);
  Collected facts;
  message::walk(
      in, whole, header,
      [&](std::string_view name) {
        if (!header.is_response)
          facts.add_text(about_sender("name_sought", kConfidence),
                         [&](Writer& to) { to.put(name); });
      },
      [&](message::Record& record) {
        const IpAddress ip = message::address_of(record);
        if (header.is_response && ip.is_station())
          facts.add_text(about({}, ip, "host_name", kConfidence),
                         [&](Writer& to) { to.put(record.name); });
      });
  out.say_direction(header.is_response ? Role::response : Role::request, in);
  facts.say(out, in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "llmnr",
    .title = "LLMNR",
    .over = over::kUdp,
    .off_port = OffPort::never,
    .ports = kPorts,
    .functions = {},
    .facts = "host_name name_sought",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::llmnr
