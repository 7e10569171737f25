// Multicast DNS and DNS service discovery: RFC 6762, RFC 6763. Stations announce their own names
// and services.
#include "sensor/dissect/dns_message.h"

namespace osect::dissect::mdns {
namespace {

namespace message = dns_message;

constexpr std::uint16_t kPorts[] = {5353};
constexpr std::uint8_t kConfidence = 65;

Verdict probe(Cursor in, const Context&) {
  return message::probe(in);
}

// TXT strings "key=value" of _device-info: only the model leaves.
void collect_model(Cursor data, Collected& facts) {
  constexpr std::string_view kModel = "model=";
  while (data.left() > 0) {
    const std::string_view entry = data.text(data.u8());
    if (entry.starts_with(kModel))
      facts.add_raw(about_sender("model", kConfidence), entry.substr(kModel.size()));
  }
}

void collect(message::Record& record, Collected& facts) {
  if (const IpAddress ip = message::address_of(record); ip.is_station()) {
    facts.add_text(about({}, ip, "host_name", kConfidence),
                   [&](Writer& to) { to.put(record.name); });
  } else if (record.type == message::kTypeSrv) {
    facts.add_text(about_sender("service", kConfidence), [&](Writer& to) { to.put(record.name); });
  } else if (record.type == message::kTypeTxt) {
    collect_model(record.data, facts);
  }
}

void dissect(Cursor in, const Context&, Out& out) {
  const auto whole = in.rest();
  const message::Header header = message::read_header(in);
  Collected facts;
  message::walk(
      in, whole, header, [](std::string_view) {},
      [&](message::Record& record) {
        if (header.is_response) collect(record, facts);
      });
  facts.say(out, in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "mdns",
    .title = "mDNS",
    .over = over::kUdp,
    .off_port = OffPort::never,
    .ports = kPorts,
    .functions = {},
    .facts = "host_name service model",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::mdns
