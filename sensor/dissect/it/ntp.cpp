// Network time: RFC 5905 clause 7.3; control messages RFC 9327. Who gives the time, from where it
// has it, and what runs there.
#include "sensor/dissect/collected.h"

namespace osect::dissect::ntp {
namespace {

constexpr std::uint16_t kPorts[] = {123};
constexpr std::uint8_t kConfidence = 70;
constexpr std::size_t kHeaderBytes = 48;
constexpr std::size_t kControlBytes = 12;  // of private messages the least too

enum Mode : std::uint8_t {
  symmetric_active = 1,
  symmetric_passive = 2,
  client = 3,
  server = 4,
  broadcast = 5,
  control = 6,
  private_use = 7
};

Verdict probe(Cursor in, const Context&) {
  const std::uint8_t first = in.peek();
  const unsigned version = first >> 3U & 7U;
  const unsigned mode = first & 7U;
  if (version < 1 || version > 4) return Verdict::no;
  if (mode >= Mode::control) return in.left() >= kControlBytes ? Verdict::yes : Verdict::no;
  const bool is_time = mode >= Mode::symmetric_active && mode <= Mode::broadcast;
  return is_time && in.left() >= kHeaderBytes ? Verdict::yes : Verdict::no;
}

// Clause 7.3: of stratum 1 the kind of clock in letters, above it the server's IPv4 address.
void add_reference(std::uint8_t stratum, Cursor reference, Collected& facts) {
  if (stratum <= 1) {
    facts.add_raw(about_sender("ntp_reference", kConfidence), reference.text(4));
    return;
  }
  const IpAddress ip = reference.ipv4();
  if (ip.is_station())
    facts.add_text(about_sender("ntp_reference", kConfidence), [&](Writer& to) { to.address(ip); });
}

void add_server(Cursor& in, Collected& facts) {
  const std::uint8_t stratum = in.u8();
  in.skip(1 + 1 + 4 + 4);  // interval, precision, delay and dispersion of the root
  const Cursor reference = in.child(4);
  in.skip(4 * 8);
  if (stratum == 0 || stratum > 15) return;  // a refusal, or no time to give
  facts.add(about_sender("role", kConfidence), "ntp_server");
  facts.add_text(about_sender("ntp_stratum", kConfidence),
                 [&](Writer& to) { to.decimal(stratum); });
  add_reference(stratum, reference, facts);
}

// RFC 9327 clause 2: variables as text, `version="ntpd 4.2.8", system="Linux/4.4"`.
void add_variables(Cursor& in, Collected& facts) {
  constexpr std::uint8_t kResponse = 0x80;
  constexpr std::uint8_t kReadVariables = 2;
  const std::uint8_t operation = in.u8();
  in.skip(2 + 2 + 2);  // sequence, status, association
  const std::uint16_t offset = in.be16();
  const auto text = in.text(in.be16());
  if (operation != (kResponse | kReadVariables) || offset != 0) return;
  const auto value = [&](std::string_view name) {
    const auto at = text.find(name);
    if (at == std::string_view::npos) return std::string_view();
    const auto rest = text.substr(at + name.size());
    return rest.substr(0, rest.find('"'));
  };
  facts.add_raw(about_sender("server_software", kConfidence), value("version=\""));
  facts.add_raw(about_sender("os", kConfidence), value("system=\""));
}

void dissect(Cursor in, const Context&, Out& out) {
  const unsigned mode = in.u8() & 7U;
  Collected facts;
  if (mode == Mode::control)
    add_variables(in, facts);
  else if (mode == Mode::server || mode == Mode::broadcast)
    add_server(in, facts);
  if (mode == Mode::client || mode == Mode::server)
    out.say_direction(mode == Mode::client ? Role::request : Role::response, in);
  facts.say(out, in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "ntp",
    .title = "NTP, SNTP",
    .over = over::kUdp,
    .off_port = OffPort::never,
    .ports = kPorts,
    .functions = {},
    .facts = "role ntp_stratum ntp_reference server_software os",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::ntp
