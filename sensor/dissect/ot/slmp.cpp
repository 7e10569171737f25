// SLMP, the MELSEC communication protocol (3E, 4E and extended frames; binary and ASCII): SLMP
// reference manual SH-080956, MELSEC communication protocol reference manual SH-080008.
#include <algorithm>

#include "sensor/dissect/slmp_message.h"

namespace osect::dissect::slmp {
namespace {

namespace message = slmp_message;
using message::Fields;
using message::Header;

// A plant gives its connections the ports it likes: these are often seen, the last three are fixed.
constexpr std::uint16_t kPorts[] = {1025, 1280, 1281, 2000, 3000,  3001,  3002,  3003,
                                    3004, 3005, 3006, 3007, 3008,  3009,  3010,  4999,
                                    5000, 5001, 5002, 5003, 5004,  5005,  5006,  5007,
                                    5008, 5009, 5010, 8192, 10000, 45237, 45238, 45239};
constexpr std::size_t kResponseHead = 192;  // error information and identities; values are not read

constexpr Lead kLeads[] = {{0, {0x50, 0xd0, 0x54, 0xd4, 0x68, 0xe8, '5', 'D'}},
                           {1, {0x00, '0', '4'}}};

bool is_known_request(Fields body) {
  body.skip(2);  // timer
  const bool is_command = message::find_command(body.u16()) != nullptr;
  const std::uint16_t subcommand = body.u16();
  const bool is_subcommand = (subcommand & 0xff00) == 0 && (subcommand & 0x30) == 0;
  return body.in().is_good() && is_command && is_subcommand;
}

// Success, or one of the ranges of end codes that the manuals list.
bool is_known_response(Fields body) {
  const std::uint16_t end_code = body.u16();
  return body.in().is_good() && (end_code == 0 || end_code >= 0x4000);
}

bool is_known(const Header& header, Cursor in) {
  in.skip(header.begin);
  const Fields body(in, header.is_ascii);
  return header.is_response ? is_known_response(body) : is_known_request(body);
}

bool is_own_station(const message::Route& route) {
  return route.network == 0 && route.station == 0xff && route.module == 0x3ff;
}

Verdict probe(Cursor in, const Context& context) {
  const Header header = message::read_header(in);
  if (header.verdict != Verdict::yes) return header.verdict;
  const std::size_t have = in.left();
  if (have < header.begin + (header.is_response ? 2U : 6U) * (header.is_ascii ? 2U : 1U))
    return Verdict::maybe;
  if (context.over == over::kUdp &&
      (have > header.size() || (context.is_whole && have != header.size())))
    return Verdict::no;
  const bool is_exact = have == header.size();
  if (is_exact && context.is_usual_port) return Verdict::yes;
  if (!is_known(header, in)) return context.is_usual_port ? Verdict::maybe : Verdict::no;
  if (is_exact || !header.is_response) return Verdict::yes;
  if (have < header.size())  // a long answer
    return is_own_station(header.route) ? Verdict::yes : Verdict::maybe;
  in.skip(header.size());
  const Header next = message::read_header(in);
  return next.verdict == Verdict::no && in.left() >= 2 ? Verdict::no : Verdict::yes;
}

Framing frame(Cursor in, const Context&) {
  const Header header = message::read_header(in);
  if (header.verdict == Verdict::maybe) return Framing::kNeedMore;
  if (header.verdict == Verdict::no) return Framing::kNotAMessage;
  return {header.size(),
          header.is_response ? std::min(header.size(), kResponseHead) : header.size()};
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "slmp",
    .title = "SLMP (MELSEC communication protocol)",
    .over = over::kTcp | over::kUdp,
    .off_port = OffPort::strong,
    .ports = kPorts,
    .leads = kLeads,
    .functions = message::kCommands,
    .code_digits = 4,
    .facts = "model model_code ip ip_mask gateway host_name vendor_code hardware",
    .probe = probe,
    .frame = frame,
    .dissect = message::read_exchange,
};

}  // namespace osect::dissect::slmp
