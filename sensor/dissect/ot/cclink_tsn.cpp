// CC-Link IE TSN: EtherType 890F, types 11, 12 and C0 to C5; BAP-C2011ENG-004 as CLPA's own
// Wireshark script and nttcom/zeek-parser-CCLinkIENoIP read it. Its SLMP over UDP is slmp's.
#include <algorithm>
#include <iterator>

#include "sensor/dissect/byte_codes.h"
#include "sensor/dissect/slmp_message.h"

namespace osect::dissect::cclink_tsn {
namespace {

namespace message = slmp_message;

constexpr std::uint16_t kEthertypes[] = {0x890f};
constexpr std::uint8_t kConfidence = 90;

enum Type : std::uint8_t {
  test_data = 0x11,
  test_data_ack = 0x12,
  priority = 0xc0,
  detection = 0xc1,
  detection_ack = 0xc2,
  acyclic_data = 0xc3,
  cyclic_m = 0xc4,
  cyclic_s = 0xc5,
};

constexpr Function kFunctions[] = {
    {Type::test_data, "test_data", Access::diagnostic},
    {Type::test_data_ack, "test_data_ack", Access::diagnostic},
    {Type::priority, "acyclic_priority", Access::time},
    {Type::detection, "acyclic_detection", Access::identity},
    {Type::detection_ack, "acyclic_detection_ack", Access::identity},
    {Type::acyclic_data, "acyclic_data", Access::diagnostic},
    {Type::cyclic_m, "cyclic_m", Access::cyclic},
    {Type::cyclic_s, "cyclic_s", Access::cyclic},
};

struct DeviceType {
  std::uint16_t code;
  std::string_view word;
};

// Those of the list that our device types have a word for.
constexpr DeviceType kDeviceTypes[] = {
    {0x01, "plc"},    {0x02, "pc"},    {0x03, "io"},    {0x04, "io"},
    {0x07, "hmi"},    {0x20, "drive"}, {0x21, "drive"}, {0x23, "robot"},
    {0x35, "switch"}, {0x3d, "robot"}, {0x4c, "io"},
};

Verdict probe(Cursor in, const Context&) {
  const std::uint8_t type = in.peek();
  const bool is_test = type == Type::test_data || type == Type::test_data_ack;
  // A test's version tells the network it is for: 2 TSN, 3 TSN and Field.
  const bool is_it = is_test ? in.peek(8) == 2 || in.peek(8) == 3
                             : type >= Type::priority && type <= Type::cyclic_s;
  return is_it && in.left() >= 10 ? Verdict::yes : Verdict::no;
}

void add_address(Collected& facts, const MacAddress& mac, const IpAddress& ip,
                 const IpAddress& mask) {
  if (!mac.is_station() || !ip.is_station()) return;
  facts.add_text(about(mac, ip, "ip", kConfidence), [&](Writer& to) { to.address(ip); });
  if (!mask.is_unspecified())
    facts.add_text(about(mac, ip, "ip_mask", kConfidence), [&](Writer& to) { to.address(mask); });
}

void read_test(Cursor& in, Collected& facts) {
  constexpr std::uint8_t kIpv6 = 4;
  in.skip(13);  // of the header
  const MacAddress mac = in.mac();
  in.skip(2);  // ports
  const bool is_v6 = (in.u8() & kIpv6) != 0;
  in.skip(3);  // -, hops
  const IpAddress ip = in.ipv4();
  const IpAddress mask = in.ipv4();
  if (!is_v6) add_address(facts, mac, ip, mask);
}

void read_detection(Cursor& in, Collected& facts) {
  in.skip(5);
  const MacAddress mac = in.mac();
  in.skip(10);  // who began it, on which port
  const IpAddress ip = in.ipv4();
  add_address(facts, mac, ip, in.ipv4());
}

void read_detection_ack(Cursor& in, Collected& facts) {
  constexpr std::string_view kStations[] = {"master", "slave", "switch", "", "sub-master"};
  in.skip(1);
  const std::uint8_t station = in.u8() & 0xf;
  in.skip(3);  // versions, last byte of the address
  const MacAddress mac = in.mac();
  in.skip(46);  // neighbour, ports and their states, current manager
  const IpAddress ip = in.ipv4();
  const IpAddress mask = in.ipv4();
  in.skip(52);  // gateway, IPv6, performance, clock
  const std::uint16_t version = in.be16();
  const std::uint16_t vendor = in.be16();
  const std::uint32_t model = in.be32();
  in.skip(2);  // expansion of the model's code
  const std::uint16_t kind = in.be16();
  if (!in.is_good()) return;
  add_address(facts, mac, ip, mask);
  const auto known = [&](std::string_view attribute) {
    return about(mac, ip.is_station() ? ip : IpAddress(), attribute, kConfidence);
  };
  if (station < std::size(kStations)) facts.add(known("station_type"), kStations[station]);
  for (const DeviceType& type : kDeviceTypes)
    if (type.code == kind) facts.add(known("device_type"), type.word);
  const auto add = [&](std::string_view attribute, std::uint32_t number, std::size_t digits) {
    if (number != 0)
      facts.add_text(known(attribute), [&](Writer& to) { to.put("0x").hex(number, digits); });
  };
  add("vendor_code", vendor, 4);
  add("model_code", model, 8);
  if (version != 0) facts.add_text(known("hardware"), [&](Writer& to) { to.decimal(version); });
}

void dissect(Cursor in, const Context& context, Out& out) {
  const std::uint8_t type = in.u8();
  if (type == Type::acyclic_data) {
    Cursor data = in;
    data.skip(5);  // -, receiver, -
    const Verdict verdict = message::read_header(data).verdict;
    if (verdict == Verdict::yes) {
      message::read_exchange(data, context, out);
      return;
    }
    // Too few bytes to tell whether it is SLMP.
    if (verdict == Verdict::maybe && !context.is_whole) in.skip(in.left() + 1);
  }
  Collected facts;
  if (type == Type::test_data) read_test(in, facts);
  if (type == Type::detection) read_detection(in, facts);
  if (type == Type::detection_ack) read_detection_ack(in, facts);
  const auto* const listed =
      std::find_if(std::begin(kFunctions), std::end(kFunctions),
                   [&](const Function& function) { return function.code == type; });
  facts.say(out, in);
  out.say({.role = Role::message,
           .function = listed != std::end(kFunctions) ? listed->name : "",
           .code = byte_code(type),
           .access = listed != std::end(kFunctions) ? listed->access : Access::none,
           .target = ""},
          in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "cclink_tsn",
    .title = "CC-Link IE TSN",
    .over = over::kEthernet,
    .off_port = OffPort::never,
    .ports = {},
    .ethertypes = kEthertypes,
    .functions = kFunctions,
    .code_digits = 2,
    .facts = "ip ip_mask station_type device_type vendor_code model_code hardware",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::cclink_tsn
