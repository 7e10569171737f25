// Headers, commands and answers of SLMP; the targets of its requests are in slmp_target.cpp.
#include "sensor/dissect/slmp_message.h"

#include <algorithm>
#include <array>

namespace osect::dissect::slmp_message {
namespace {

constexpr std::uint8_t kConfidence = 90;
constexpr std::size_t kErrorInformationBytes = 9;  // route, command, subcommand
constexpr std::size_t kAddressBytes = 4;           // IPv4: the only size that is defined

// The numbers that the specification's table of request destinations lists.
bool is_route(const Route& route, Frame frame) {
  const bool is_network = route.network <= 0xef;
  const bool is_station = route.station <= 0x7f || route.station == 0xff;
  const bool is_module = route.module == 0x3ff || route.module <= 0x1ff ||
                         (route.module & 0xfffc) == 0x3e0 || (route.module & 0xfffc) == 0x3d0;
  return is_network && is_station && is_module &&
         (route.multidrop <= 0x1f || frame == Frame::extended);
}

struct Beginning {
  Frame frame = Frame::none;
  bool is_ascii = false;
  bool is_response = false;
};

Beginning beginning_of(std::uint8_t first, std::uint8_t second) {
  if (second == 0) {
    switch (first) {
      case 0x50:
        return {Frame::e3, false, false};
      case 0xd0:
        return {Frame::e3, false, true};
      case 0x54:
        return {Frame::e4, false, false};
      case 0xd4:
        return {Frame::e4, false, true};
      case 0x68:
        return {Frame::extended, false, false};
      case 0xe8:
        return {Frame::extended, false, true};
      default:
        return {};
    }
  }
  if ((first != '5' && first != 'D') || (second != '0' && second != '4')) return {};
  return {second == '0' ? Frame::e3 : Frame::e4, true, first == 'D'};
}

}  // namespace

std::uint32_t Fields::digits(std::size_t count) {
  std::uint32_t value = 0;
  for (const std::uint8_t c : in_.bytes(count)) {
    in_.expect(digit_of(c) != kNoDigit);
    value = value << 4 | (digit_of(c) & 0xf);
  }
  return value;
}

Header read_header(Cursor in) {
  Header header;
  if (in.left() < 2) {
    const bool is_lead = beginning_of(in.peek(), 0).frame != Frame::none ||
                         beginning_of(in.peek(), '0').frame != Frame::none;
    header.verdict = in.left() == 0 || is_lead ? Verdict::maybe : Verdict::no;
    return header;
  }
  const Beginning beginning = beginning_of(in.peek(0), in.peek(1));
  header.frame = beginning.frame;
  header.is_ascii = beginning.is_ascii;
  header.is_response = beginning.is_response;
  if (header.frame == Frame::none) return header;

  const Cursor whole = in;
  Fields fields(in, header.is_ascii);
  fields.skip(1);
  bool is_sound = fields.u8() == 0;
  if (header.frame != Frame::e3) {
    header.serial = fields.u16();
    is_sound = fields.u16() == 0 && is_sound;
  }
  header.route.network = fields.u8();
  header.route.station = fields.u8();
  header.route.module = fields.u16();
  header.route.multidrop = fields.u8();
  if (header.frame == Frame::extended) fields.skip(3);  // extended station number
  header.length = fields.u16();
  header.begin = whole.left() - fields.in().left();
  if (fields.in().fault() == Fault::truncated) {
    header.verdict = Verdict::maybe;
    return header;
  }
  // Timer, command and subcommand; end code.
  const std::size_t length_min = (header.is_response ? 2U : 6U) * (header.is_ascii ? 2U : 1U);
  is_sound = is_sound && fields.in().is_good() && is_route(header.route, header.frame) &&
             header.length >= length_min;
  header.verdict = is_sound ? Verdict::yes : Verdict::no;
  return header;
}

Answer read_answer(Fields& body) {
  Answer answer;
  answer.end_code = body.u16();
  if (answer.end_code != 0 && body.left() == kErrorInformationBytes) {
    Fields information = body;
    information.skip(5);
    answer.command = information.u16();
  }
  return answer;
}

bool is_node_found(Cursor data) {
  constexpr std::size_t kMasterBytes = 6 + 1 + kAddressBytes;  // MAC, size of the address, address
  constexpr std::size_t kSlaveBytes = 6 + 1 + 3 * kAddressBytes + 1 + 8;
  return data.left() >= kMasterBytes + kSlaveBytes && data.peek(6) == kAddressBytes &&
         data.peek(kMasterBytes + 6) == kAddressBytes;
}

void read_node_found(Cursor& data, Collected& facts) {
  const auto reversed_mac = [&data] {
    MacAddress mac;
    const auto bytes = data.bytes(6);
    std::copy(bytes.rbegin(), bytes.rend(), mac.bytes.begin());
    return mac;
  };
  data.skip(6 + 1 + kAddressBytes);  // the master that asked
  const MacAddress mac = reversed_mac();
  data.expect(data.u8() == kAddressBytes);
  const IpAddress ip = IpAddress::v4(data.le32());
  const IpAddress mask = IpAddress::v4(data.le32());
  const IpAddress gateway = IpAddress::v4(data.le32());
  const std::string_view host_name = data.text(data.u8());
  const std::uint16_t vendor = data.le16();
  const std::uint32_t model = data.le32();
  const std::uint16_t version = data.le16();
  if (!data.is_good() || !ip.is_station()) return;
  const auto say = [&](std::string_view attribute, auto&& write) {
    facts.add_text(about(mac, ip, attribute, kConfidence), write);
  };
  say("ip", [&](Writer& to) { to.address(ip); });
  if (!mask.is_unspecified()) say("ip_mask", [&](Writer& to) { to.address(mask); });
  if (gateway.is_station()) say("gateway", [&](Writer& to) { to.address(gateway); });
  facts.add_raw(about(mac, ip, "host_name", kConfidence), host_name);
  say("vendor_code", [&](Writer& to) { to.put("0x").hex(vendor, 4); });
  say("model_code", [&](Writer& to) { to.put("0x").hex(model, 8); });
  say("hardware", [&](Writer& to) { to.decimal(version); });
}

}  // namespace osect::dissect::slmp_message
