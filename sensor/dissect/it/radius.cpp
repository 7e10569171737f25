// RADIUS: RFC 2865, RFC 2866. The name of the switch or access point that asks; no user, no secret.
#include "sensor/dissect/collected.h"

namespace osect::dissect::radius {
namespace {

constexpr std::uint16_t kPorts[] = {1812, 1813, 1645, 1646};
constexpr std::uint8_t kConfidence = 75;
constexpr std::size_t kHeaderBytes = 20;
constexpr std::size_t kMessageMax = 4096;
constexpr std::uint8_t kAccessRequest = 1;
constexpr std::uint8_t kAccountingRequest = 4;
constexpr std::uint8_t kNasIdentifier = 32;

bool is_code(std::uint8_t code) {
  return (code >= 1 && code <= 5) || (code >= 11 && code <= 13) || (code >= 40 && code <= 45);
}

Verdict probe(Cursor in, const Context&) {
  const std::size_t here = in.left();
  const std::uint8_t code = in.u8();
  in.skip(1);
  const std::uint16_t length = in.be16();
  return is_code(code) && length >= kHeaderBytes && length <= here && length <= kMessageMax
             ? Verdict::yes
             : Verdict::no;
}

void dissect(Cursor in, const Context&, Out& out) {
  const std::uint8_t code = in.u8();
  in.skip(1);
  const std::uint16_t length = in.be16();
  in.skip(16);  // authenticator
  Cursor attributes = in.child(length - kHeaderBytes);
  const bool is_request = code == kAccessRequest || code == kAccountingRequest;
  Collected facts;
  while (attributes.left() > 0) {
    const std::uint8_t type = attributes.u8();
    const std::uint8_t size = attributes.u8();
    attributes.expect(size >= 2);
    const auto value = attributes.text(size >= 2 ? size - 2U : 0U);
    if (is_request && type == kNasIdentifier)
      facts.add_raw(about_sender("host_name", kConfidence), value);
  }
  out.say_direction(is_request ? Role::request : Role::response, attributes);
  facts.say(out, attributes);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "radius",
    .title = "RADIUS",
    .over = over::kUdp,
    .off_port = OffPort::never,
    .ports = kPorts,
    .functions = {},
    .facts = "host_name",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::radius
