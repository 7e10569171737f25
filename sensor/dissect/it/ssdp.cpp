// SSDP: UPnP Device Architecture 2.0, clause 1. HTTP start lines and fields in datagrams.
#include "sensor/dissect/collected.h"
#include "sensor/dissect/http_message.h"

namespace osect::dissect::ssdp {
namespace {

namespace message = http_message;

constexpr std::uint16_t kPorts[] = {1900};
constexpr std::uint8_t kConfidence = 65;

Verdict probe(Cursor in, const Context&) {
  const message::Kind kind = message::kind_of(in.text(in.left()));
  return kind == message::Kind::request || kind == message::Kind::response ? Verdict::yes
                                                                           : Verdict::no;
}

void dissect(Cursor in, const Context&, Out& out) {
  const auto text = in.text(in.left());
  const std::size_t head = message::head_length(text);
  if (head == 0) in.skip(1);
  const auto fields = text.substr(0, head);
  Collected facts;
  facts.add_raw(about_sender("server_software", kConfidence), message::field(fields, "Server"));
  facts.add_raw(about_sender("user_agent", kConfidence), message::field(fields, "User-Agent"));
  // Of "uuid:...::urn:...:device:X:1" the kind of device; the uuid is the device's for good.
  facts.add_raw(about_sender("upnp_name", kConfidence), message::field(fields, "USN"));
  if (message::kind_of(text) == message::Kind::response)
    out.say_direction(Role::response, in);
  else if (text.starts_with("M-SEARCH"))
    out.say_direction(Role::request, in);
  facts.say(out, in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "ssdp",
    .title = "SSDP",
    .over = over::kUdp,
    .off_port = OffPort::never,
    .ports = kPorts,
    .functions = {},
    .facts = "server_software user_agent upnp_name",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::ssdp
