// PROFINET DCP, discovery and basic configuration: IEC 61158-6-10, clause "DCP APDU".
#include <algorithm>
#include <array>
#include <string_view>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/dissector.h"
#include "sensor/dissect/profinet_names.h"

namespace osect::dissect::pn_dcp {
namespace {

constexpr std::uint16_t kEthertypes[] = {0x8892};

// Frame ids of clause "Coding of the field FrameID".
constexpr std::uint16_t kHello = 0xfefc;  // then get and set, identify request
constexpr std::uint16_t kIdentifyResponse = 0xfeff;

constexpr std::uint8_t kServiceGet = 3;
constexpr std::uint8_t kServiceSet = 4;
constexpr std::uint8_t kServiceIdentify = 5;
constexpr std::uint8_t kServiceHello = 6;
constexpr std::uint8_t kRequest = 0;
constexpr std::uint8_t kSuccess = 1;

constexpr Function kFunctions[] = {
    {kServiceGet, "get", Access::identity},
    {kServiceSet, "set", Access::config},
    {kServiceIdentify, "identify", Access::identity},
    {kServiceHello, "hello", Access::identity},
};

constexpr std::string_view kNames[] = {"get", "set", "identify", "hello"};

// Options and suboptions, packed into 16 bits.
constexpr std::uint16_t kIpParameter = 0x0102;
constexpr std::uint16_t kFullIpSuite = 0x0103;
constexpr std::uint16_t kStationType = 0x0201;
constexpr std::uint16_t kStationName = 0x0202;
constexpr std::uint16_t kDeviceId = 0x0203;
constexpr std::uint16_t kDeviceRole = 0x0204;
constexpr std::uint16_t kAliasName = 0x0206;
constexpr std::uint16_t kOemId = 0x0208;
constexpr std::uint16_t kSignal = 0x0503;
constexpr std::uint16_t kResponse = 0x0504;
constexpr std::uint16_t kResetFactory = 0x0505;
constexpr std::uint16_t kResetToFactory = 0x0506;

struct Word {
  std::uint16_t number;
  std::string_view word;
};

constexpr Word kBlocks[] = {
    {kIpParameter, "ip"},
    {kFullIpSuite, "ip suite"},
    {kStationType, "station type"},
    {kStationName, "station name"},
    {kDeviceId, "device id"},
    {kDeviceRole, "device role"},
    {0x0205, "device options"},
    {kAliasName, "alias name"},
    {0x0207, "device instance"},
    {kOemId, "oem device id"},
    {kSignal, "signal"},
    {kResetFactory, "factory reset"},
    {kResetToFactory, "reset to factory"},
    {0x0601, "device initiative"},
    {0xffff, "all"},
};

std::string_view word_of(std::span<const Word> table, std::uint16_t number) {
  const auto* const found = std::find_if(table.data(), table.data() + table.size(),
                                         [&](const Word& w) { return w.number == number; });
  return found == table.data() + table.size() ? std::string_view() : found->word;
}

struct Header {
  std::uint8_t service;
  std::uint8_t type;
  std::uint32_t transaction;
  Cursor blocks;
};

bool is_dcp(std::uint16_t frame_id) {
  return frame_id >= kHello && frame_id <= kIdentifyResponse;
}

Header read_header(Cursor& in) {
  Header header;
  header.service = in.u8();
  header.type = in.u8();
  header.transaction = in.be32();
  in.skip(2);  // response delay, reserved
  header.blocks = in.child(in.be16());
  return header;
}

Verdict probe(Cursor in, const Context&) {
  return is_dcp(in.be16()) && in.left() >= 10 ? Verdict::yes : Verdict::no;
}

// A block of an answer or an announcement: what the sender says of itself.
void add_fact(std::uint16_t what, Cursor& value, Collected& facts) {
  constexpr std::uint8_t kSure = 95;
  switch (what) {
    case kIpParameter:
    case kFullIpSuite:
      if (const IpAddress ip = value.ipv4(); value.is_good() && ip.is_station())
        facts.add_text(about_sender("ip", kSure), [&](Writer& to) { to.address(ip); });
      return;
    case kStationType:
      facts.add_raw(about_sender("model", 85), value.text(value.left()));
      return;
    case kStationName:
      facts.add_raw(about_sender("station_name", kSure), value.text(value.left()));
      return;
    case kAliasName:
      facts.add_raw(about_sender("alias_name", 80), value.text(value.left()));
      return;
    case kDeviceId: {
      const std::uint16_t vendor = value.be16();
      const std::uint16_t device = value.be16();
      if (!value.is_good()) return;
      facts.add(about_sender("vendor", kSure), profinet::vendor_name(vendor));
      facts.add_text(about_sender("profinet_vendor_id", kSure),
                     [&](Writer& to) { to.put("0x").hex(vendor, 4); });
      facts.add_text(about_sender("profinet_device_id", kSure),
                     [&](Writer& to) { to.put("0x").hex(device, 4); });
      return;
    }
    case kDeviceRole: {
      constexpr std::array<std::string_view, 4> kRoles = {"io_device", "io_controller",
                                                          "io_multidevice", "io_supervisor"};
      const std::uint8_t roles = value.u8();
      for (std::size_t i = 0; i < kRoles.size(); ++i)
        if ((roles >> i & 1U) != 0) facts.add(about_sender("profinet_role", kSure), kRoles[i]);
      return;
    }
    default:
      return;
  }
}

// The next block: option, length, value, padded to an even length.
std::uint16_t next_block(Cursor& blocks, Cursor& value) {
  const std::uint16_t what = blocks.be16();
  const std::uint16_t length = blocks.be16();
  value = blocks.child(length);
  if (length % 2 != 0 && blocks.left() > 0) blocks.skip(1);
  return what;
}

// What a request is about: the name looked for, the options read or set.
void write_target(const Header& header, Cursor blocks, Writer& to) {
  constexpr std::uint8_t kControl = 5;
  constexpr std::uint16_t kTransactionEnd = 0x0502;
  const auto put = [&](std::uint16_t what) {
    if (what == kTransactionEnd || to.size() > 40) return;
    if (to.size() > 0) to.put(", ");
    const std::string_view word = word_of(kBlocks, what);
    if (!word.empty())
      to.put(word);
    else
      to.put("option ").decimal(what >> 8U).put('/').decimal(what & 0xffU);
  };
  if (header.service == kServiceGet) {
    while (blocks.left() >= 2) put(blocks.be16());
    return;
  }
  while (blocks.left() > 0) {
    Cursor value;
    const std::uint16_t what = next_block(blocks, value);
    if (!value.is_good()) return;
    put(what);
    const bool is_set = header.service == kServiceSet;
    if (is_set && what >> 8U != kControl) value.skip(2);  // qualifier
    if (what == kStationName || what == kAliasName)
      to.put(' ').printable(trimmed(value.text(std::min<std::size_t>(value.left(), 40))));
  }
}

// The blocks of an answer: facts, and whether a set was refused.
bool read_answer(const Header& header, Cursor& blocks, Collected& facts) {
  bool is_refused = header.type != kRequest && header.type != kSuccess;
  while (blocks.left() > 0) {
    Cursor value;
    const std::uint16_t what = next_block(blocks, value);
    if (what == kResponse) {
      value.skip(2);  // the option it is about
      is_refused = is_refused || value.u8() != 0;
    } else if (header.service != kServiceSet) {
      value.skip(2);  // block info
      add_fact(what, value, facts);
    }
  }
  return is_refused;
}

// Who looks for whom: a controller for its devices, a device whether its own name is taken.
void add_name_sought(Cursor blocks, Collected& facts) {
  while (blocks.left() > 0) {
    Cursor value;
    if (next_block(blocks, value) == kStationName)
      facts.add_raw(about_sender("name_sought", 50), value.text(value.left()));
  }
}

Access access_of(const Header& header, Cursor blocks) {
  if (header.service != kServiceSet) return Access::identity;
  while (blocks.left() > 0) {
    Cursor value;
    if (next_block(blocks, value) == kSignal) return Access::diagnostic;
  }
  return Access::config;
}

void dissect(Cursor in, const Context&, Out& out) {
  in.skip(2);
  const Header header = read_header(in);
  Cursor blocks = header.blocks;
  Text<kCodeBytesMax> code;
  code.put("service ").decimal(header.service);
  Text<kTargetBytesMax> target;
  Collected facts;
  if (header.service == kServiceIdentify && header.type == kRequest)
    add_name_sought(header.blocks, facts);
  const bool is_response = header.type != kRequest;
  bool is_refused = false;
  if (is_response || header.service == kServiceHello)
    is_refused = read_answer(header, blocks, facts);
  else
    write_target(header, blocks, target);
  const bool is_listed = header.service >= kServiceGet && header.service <= kServiceHello;
  const Role role = is_response                       ? Role::response
                    : header.service == kServiceHello ? Role::message
                                                      : Role::request;
  out.say_direction(is_response ? Role::response : Role::request, blocks);
  facts.say(out, blocks);
  out.say(
      Operation{.role = role,
                .function = is_listed ? kNames[header.service - kServiceGet] : std::string_view(),
                .code = code.text(),
                .access = is_listed ? access_of(header, header.blocks) : Access::none,
                .target = target.text(),
                .is_error = is_refused,
                .transaction = header.transaction,
                .is_provisional = true},
      blocks);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "pn_dcp",
    .title = "PROFINET DCP",
    .over = over::kEthernet,
    .off_port = OffPort::never,
    .ports = {},
    .ethertypes = kEthertypes,
    .functions = kFunctions,
    .write_code = [](Writer& to, std::uint32_t code) { to.put("service ").decimal(code); },
    .facts =
        "station_name model vendor profinet_vendor_id profinet_device_id profinet_role "
        "alias_name name_sought ip",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::pn_dcp
