// CC-Link IE Field Basic: BAP-C2006ENG-001; cyclic data by UDP 61450, node search and address
// setting (SLMP) by UDP 61451.
#include "sensor/dissect/slmp_message.h"

namespace osect::dissect::cclink_ieb {
namespace {

namespace message = slmp_message;

constexpr std::uint16_t kCyclicPort = 61450;
constexpr std::uint16_t kPorts[] = {kCyclicPort, 61451};
constexpr std::uint16_t kCyclic = 0x0e70;
constexpr std::uint16_t kRequestHeader = 0x24;   // where the group's data begins, counted from the
constexpr std::uint16_t kResponseHeader = 0x28;  // protocol version
constexpr std::uint8_t kConfidence = 90;

constexpr Function kFunctions[] = {
    {kCyclic, "cyclic_data", Access::cyclic},
    {0x0e30, "node_search", Access::identity},
    {0x0e31, "ip_address_set", Access::config},
};

bool is_cyclic(const Context& context) {
  return context.destination_port == kCyclicPort || context.source_port == kCyclicPort;
}

Verdict probe(Cursor in, const Context& context) {
  const message::Header header = message::read_header(in);
  if (header.verdict != Verdict::yes || header.is_ascii) return Verdict::no;
  const std::size_t have = in.left();
  if (context.is_whole ? have != header.size() : have > header.size()) return Verdict::no;
  if (!is_cyclic(context)) return header.frame == message::Frame::e4 ? Verdict::yes : Verdict::no;
  if (header.frame != message::Frame::e3) return Verdict::no;
  in.skip(header.begin + 2);
  // The version of the protocol stands behind the command of a request.
  if (!header.is_response && in.le16() != kCyclic) return Verdict::no;
  if (!header.is_response) in.skip(2);
  const std::uint16_t version = in.le16();
  in.skip(2);
  const std::uint16_t data_at = in.le16();
  const bool is_it = in.is_good() && (version == 1 || version == 2) &&
                     data_at == (header.is_response ? kResponseHeader : kRequestHeader);
  return is_it ? Verdict::yes : Verdict::no;
}

// Facts are told when they change, not with every cycle.
bool is_news(const Context& context, std::uint32_t state) {
  if (context.memory == nullptr || *context.memory == state) return false;
  *context.memory = state;
  return true;
}

void read_request(Cursor& in, const Context& context, Collected& facts, std::uint8_t& group) {
  constexpr std::uint16_t kRunning = 1;
  in.skip(2 + 2 + 2 + 2 + 2 + 2 + 14);  // timer, command, subcommand, version, -, header, -
  const std::uint16_t unit = in.le16();
  in.skip(2 + 8 + 4);  // -, the master's clock, its number
  group = in.u8();
  in.skip(1 + 2 + 2 + 2 + 2);  // -, sequence, time-out, missed responses, parameter number
  const std::size_t stations = in.le16();
  in.skip(2 + 2 + stations * (4 + 64 + 8));  // state, -, numbers, RWw, RY
  in.expect(in.left() == 0);
  const bool is_running = (unit & kRunning) != 0;
  if (in.is_good() && is_news(context, is_running ? 1 : 2))
    facts.add(about_sender("cpu_mode", kConfidence), is_running ? "run" : "stop");
}

void read_response(Cursor& in, const Context& context, Collected& facts, std::uint8_t& group,
                   bool& is_error) {
  in.skip(2 + 2);  // -, version
  is_error = in.le16() != 0;
  in.skip(2 + 14);  // header, -
  const std::uint16_t vendor = in.le16();
  in.skip(2);
  const std::uint32_t model = in.le32();
  const std::uint16_t version = in.le16();
  in.skip(2 + 2 + 2 + 4 + 4);  // -, unit, error, management, the slave's number
  group = in.u8();
  in.skip(1 + 2);  // -, sequence
  if (!in.is_good() || !is_news(context, 1)) return;
  const auto add = [&](std::string_view attribute, std::uint32_t number, std::size_t digits) {
    if (number != 0)
      facts.add_text(about_sender(attribute, kConfidence),
                     [&](Writer& to) { to.put("0x").hex(number, digits); });
  };
  add("vendor_code", vendor, 4);
  add("model_code", model, 8);
  if (version != 0)
    facts.add_text(about_sender("hardware", kConfidence), [&](Writer& to) { to.decimal(version); });
}

void dissect_cyclic(Cursor in, const Context& context, Out& out) {
  const message::Header header = message::read_header(in);
  in.expect(header.verdict == Verdict::yes && header.frame == message::Frame::e3);
  in.skip(header.begin);
  in = in.child(header.length);
  Collected facts;
  std::uint8_t group = 0;
  bool is_error = false;
  if (header.is_response)
    read_response(in, context, facts, group, is_error);
  else
    read_request(in, context, facts, group);
  const Role role = header.is_response ? Role::response : Role::request;
  Text<16> target;
  target.put("group ").decimal(group);
  out.say_direction(role, in);
  facts.say(out, in);
  out.say({.role = role,
           .function = kFunctions[0].name,
           .code = "0x0e70",
           .access = Access::cyclic,
           .target = target.text(),
           .is_error = is_error,
           .transaction = 1},
          in);
}

void dissect(Cursor in, const Context& context, Out& out) {
  if (is_cyclic(context))
    dissect_cyclic(in, context, out);
  else
    message::read_exchange(in, context, out);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "cclink_ieb",
    .title = "CC-Link IE Field Basic",
    .over = over::kUdp,
    .off_port = OffPort::never,
    .ports = kPorts,
    .functions = kFunctions,
    .code_digits = 4,
    .facts = "vendor_code model_code hardware cpu_mode ip ip_mask gateway host_name",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::cclink_ieb
