// SSDP: UPnP Device Architecture 2.0, clause 1. HTTP start lines and fields in datagrams.
#include "sensor/dissect/collected.h"
#include "sensor/dissect/http_message.h"
#include "sensor/dissect/software.h"

namespace osect::dissect::ssdp {
namespace {

namespace message = http_message;

constexpr std::uint16_t kPorts[] = {1900};
constexpr std::uint8_t kConfidence = 65;
constexpr std::uint8_t kSystemConfidence = 55;  // of a guess from words

struct Kind {
  std::string_view urn;
  std::string_view device_type;
};
// Device types of the UPnP Forum that say what a machine is.
constexpr Kind kKinds[] = {
    {":device:InternetGatewayDevice:", "router"},
    {":device:WLANAccessPointDevice:", "access_point"},
    {":device:Printer:", "printer"},
    {":device:PrinterBasic:", "printer"},
    {":device:DigitalSecurityCamera:", "camera"},
};

// Scheme, host and port of an address; the path is nobody's business.
std::string_view without_path(std::string_view url) {
  const auto host = url.find("://");
  return host == std::string_view::npos ? std::string_view()
                                        : url.substr(0, url.find_first_of("/?#", host + 3));
}

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
  const auto server = message::field(fields, "Server");
  facts.add_raw(about_sender("server_software", kConfidence), server);
  software::collect(facts, about_sender("", kSystemConfidence), server);
  facts.add_raw(about_sender("user_agent", kConfidence), message::field(fields, "User-Agent"));
  // Of "uuid:...::urn:...:device:X:1" the kind of device; the uuid is the device's for good.
  const auto name = message::field(fields, "USN");
  facts.add_raw(about_sender("upnp_name", kConfidence), name);
  for (const Kind& kind : kKinds)
    if (name.find(kind.urn) != std::string_view::npos)
      facts.add(about_sender("device_type", kConfidence), kind.device_type);
  facts.add_raw(about_sender("endpoint_url", kConfidence),
                without_path(message::field(fields, "Location")));
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
    .facts = "server_software user_agent upnp_name device_type endpoint_url os vendor model",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::ssdp
