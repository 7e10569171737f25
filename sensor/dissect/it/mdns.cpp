// Multicast DNS and DNS service discovery: RFC 6762, RFC 6763. Stations announce their own names
// and services.
#include "sensor/dissect/dns_message.h"
#include "sensor/dissect/http_message.h"

namespace osect::dissect::mdns {
namespace {

namespace message = dns_message;

constexpr std::uint16_t kPorts[] = {5353};
constexpr std::uint8_t kConfidence = 65;

Verdict probe(Cursor in, const Context&) {
  return message::probe(in);
}

struct Key {
  std::string_view key;
  std::string_view attribute;
};
// Of TXT strings "key=value" those that name the device: RFC 6763 clause 6, Bonjour Printing
// Specification clause 9, what cameras, loudspeakers and controllers of houses write.
constexpr Key kKeys[] = {
    {"model", "model"},   {"ty", "model"},       {"usb_MDL", "model"},
    {"md", "model"},      {"am", "model"},       {"manufacturer", "vendor"},
    {"vendor", "vendor"}, {"usb_MFG", "vendor"}, {"firmware", "firmware"},
    {"fw", "firmware"},   {"serial", "serial"},  {"serialNumber", "serial"},
    {"sn", "serial"},     {"fn", "device_name"}, {"note", "location"},
};

void collect_texts(Cursor data, Collected& facts) {
  while (data.left() > 0) {
    const std::string_view entry = data.text(data.u8());
    const auto equals = entry.find('=');
    if (equals == std::string_view::npos) continue;
    for (const Key& known : kKeys)
      if (http_message::equals_ignoring_case(entry.substr(0, equals), known.key))
        facts.add_raw(about_sender(known.attribute, kConfidence), entry.substr(equals + 1));
  }
}

void collect(message::Record& record, Collected& facts) {
  if (const IpAddress ip = message::address_of(record); ip.is_station()) {
    facts.add_text(about({}, ip, "host_name", kConfidence),
                   [&](Writer& to) { to.put(record.name); });
  } else if (record.type == message::kTypeSrv) {
    facts.add_text(about_sender("service", kConfidence), [&](Writer& to) { to.put(record.name); });
  } else if (record.type == message::kTypeTxt) {
    collect_texts(record.data, facts);
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
    .facts = "host_name service model vendor firmware serial device_name location",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::mdns
