// Precision time protocol, version 2, over UDP and Ethernet: IEEE 1588-2019, clause 13. Also as
// gPTP, IEEE 802.1AS-2020.
#include <array>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/dissector.h"

namespace osect::dissect::ptp {
namespace {

constexpr std::uint16_t kPorts[] = {319, 320};
constexpr std::uint16_t kEthertypes[] = {0x88f7};
constexpr std::uint8_t kVersion = 2;
constexpr std::uint16_t kHeaderBytes = 34;
constexpr std::uint8_t kAnnounce = 0xb;
constexpr std::uint8_t kConfidence = 90;

constexpr Function kFunctions[] = {
    {0x0, "sync", Access::time},
    {0x1, "delay_req", Access::time},
    {0x2, "pdelay_req", Access::time},
    {0x3, "pdelay_resp", Access::time},
    {0x8, "follow_up", Access::time},
    {0x9, "delay_resp", Access::time},
    {0xa, "pdelay_resp_follow_up", Access::time},
    {0xb, "announce", Access::time},
    {0xc, "signaling", Access::time},
    {0xd, "management", Access::config},
};
constexpr std::array<std::string_view, 16> kCodes = {"0x0", "0x1", "0x2", "0x3", "0x4", "0x5",
                                                     "0x6", "0x7", "0x8", "0x9", "0xa", "0xb",
                                                     "0xc", "0xd", "0xe", "0xf"};

const Function* find_function(std::uint8_t type) {
  for (const Function& function : kFunctions)
    if (function.code == type) return &function;
  return nullptr;
}

Verdict probe(Cursor in, const Context& context) {
  const std::size_t have = in.left();
  const std::uint8_t type = in.u8() & 0x0f;
  const std::uint8_t version = in.u8() & 0x0f;
  const std::uint16_t length = in.be16();
  const bool is_ours = in.is_good() && version == kVersion && length >= kHeaderBytes;
  const bool is_here = length <= have || !context.is_whole;
  return is_ours && is_here && find_function(type) != nullptr ? Verdict::yes : Verdict::no;
}

void write_identity(Writer& to, std::span<const std::uint8_t> identity) {
  for (std::size_t i = 0; i < identity.size(); ++i) (i > 0 ? to.put(':') : to).hex(identity[i], 2);
}

// Clause 13.5: which clock all others follow, and how good it says to be.
void collect_announce(Cursor& body, Collected& facts) {
  body.skip(10 + 2 + 1);  // timestamp, offset to UTC, reserved
  const std::uint8_t priority1 = body.u8();
  const std::uint8_t clock_class = body.u8();
  body.skip(1 + 2);  // accuracy, variance
  const std::uint8_t priority2 = body.u8();
  const auto grandmaster = body.bytes(8);
  body.skip(2 + 1);  // steps removed, time source
  if (!body.is_good()) return;
  facts.add_text(about_sender("ptp_grandmaster", kConfidence),
                 [&](Writer& to) { write_identity(to, grandmaster); });
  facts.add_text(about_sender("ptp_grandmaster_quality", kConfidence), [&](Writer& to) {
    to.put("priority ").decimal(priority1).put('/').decimal(priority2);
    to.put(" class ").decimal(clock_class);
  });
}

void dissect(Cursor in, const Context&, Out& out) {
  const std::uint8_t type = in.u8() & 0x0f;
  in.expect((in.u8() & 0x0f) == kVersion);
  const std::uint16_t length = in.be16();
  in.expect(length >= kHeaderBytes);
  Cursor message = in.child(length - 4U);
  const std::uint8_t domain = message.u8();
  message.skip(1 + 2 + 8 + 4);  // sdo, flags, correction, of the type
  const auto identity = message.bytes(8);
  message.skip(2 + 2 + 1 + 1);  // port, sequence, control, interval
  Collected facts;
  if (type == kAnnounce) {
    facts.add_text(about_sender("ptp_clock", kConfidence),
                   [&](Writer& to) { write_identity(to, identity); });
    collect_announce(message, facts);
  }
  const Function* const function = find_function(type);
  message.expect(function != nullptr);
  facts.say(out, message);
  if (function == nullptr) return;
  Text<16> target;
  target.put("domain ").decimal(domain);
  out.say({.role = Role::message,
           .function = function->name,
           .code = kCodes[type],
           .access = function->access,
           .target = target.text()},
          message);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "ptp",
    .title = "PTP, gPTP (IEEE 1588, IEEE 802.1AS)",
    .over = over::kUdp | over::kEthernet,
    .off_port = OffPort::never,
    .ports = kPorts,
    .ethertypes = kEthertypes,
    .functions = kFunctions,
    .code_digits = 1,
    .facts = "ptp_clock ptp_grandmaster ptp_grandmaster_quality",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::ptp
