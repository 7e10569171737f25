// Ethernet Global Data, what GE controllers and turbine controls tell each other again and again:
// GFK-2224 (TCP/IP Ethernet Communications for PACSystems), production message.
#include "sensor/dissect/dissector.h"

namespace osect::dissect::egd {
namespace {

constexpr std::uint16_t kPorts[] = {18246};
constexpr std::uint8_t kProduction = 13;
constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kHeaderBytes = 32;

constexpr Function kFunctions[] = {{kProduction, "production", Access::cyclic}};

void write_code(Writer& to, std::uint32_t code) {
  to.put("type ").decimal(code);
}

Verdict probe(Cursor in, const Context&) {
  const bool is_it = in.u8() == kProduction && in.u8() == kVersion;
  return is_it && in.left() + 2 >= kHeaderBytes ? Verdict::yes : Verdict::no;
}

void dissect(Cursor in, const Context&, Out& out) {
  in.expect(in.u8() == kProduction);
  in.skip(1 + 2);  // version, number of the message
  const IpAddress producer = in.ipv4();
  const std::uint32_t exchange = in.le32();
  in.skip(8 + 4 + 4 + 4);  // time stamp, status, signature of the configuration, reserved
  Text<kTargetBytesMax> target;
  target.put("producer ").address(producer).put(" exchange ").decimal(exchange);
  out.say({.role = Role::message,
           .function = kFunctions[0].name,
           .code = "type 13",
           .access = kFunctions[0].access,
           .target = target.text()},
          in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "egd",
    .title = "Ethernet Global Data (EGD)",
    .over = over::kUdp,
    .off_port = OffPort::never,
    .ports = kPorts,
    .functions = kFunctions,
    .write_code = write_code,
    .facts = "",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::egd
