// Search for TwinCAT devices and routes to them, UDP 48899: no public specification; as engineering
// tools and devices speak it (the tags that Beckhoff's open source ADS library names).
#include <array>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/dissector.h"

namespace osect::dissect::ads_discovery {
namespace {

constexpr std::uint16_t kPorts[] = {48899};
constexpr std::uint32_t kMagic = 0x71146603;
constexpr std::uint32_t kResponse = 0x80000000;
constexpr std::uint8_t kConfidence = 95;

constexpr Lead kLeads[] = {{0, {0x03}}, {1, {0x66}}, {2, {0x14}}, {3, {0x71}}};

constexpr Function kFunctions[] = {
    {1, "identify", Access::identity},
    {6, "add_route", Access::config},
};

enum Tag : std::uint16_t {
  status = 1,
  twincat_version = 3,
  os_version = 4,
  host_name = 5,
  route_name = 12,
};

constexpr std::uint32_t kWindowsNt = 2;
constexpr std::uint32_t kWindowsCe = 3;

Verdict probe(Cursor in, const Context&) {
  const bool is_ours = in.le32() == kMagic;
  in.skip(4);
  const std::uint32_t service = in.le32() & ~kResponse;
  in.skip(6 + 2);
  const std::uint32_t tags = in.le32();
  return is_ours && in.is_good() && service < 0x100 && tags <= 64 ? Verdict::yes : Verdict::no;
}

void write_os(Writer& to, Cursor in) {
  in.skip(4);  // size of the structure
  const std::uint32_t major = in.le32();
  const std::uint32_t minor = in.le32();
  const std::uint32_t build = in.le32();
  const std::uint32_t platform = in.le32();
  if (!in.is_good() || (platform != kWindowsNt && platform != kWindowsCe)) return;
  to.put(platform == kWindowsCe ? "Windows CE " : "Windows NT ");
  to.decimal(major).put('.').decimal(minor);
  if (build != 0) to.put('.').decimal(build);
}

void collect(std::uint16_t tag, Cursor in, Collected& facts) {
  switch (tag) {
    case Tag::twincat_version: {
      const std::uint8_t major = in.u8();
      const std::uint8_t minor = in.u8();
      const std::uint16_t build = in.le16();
      if (!in.is_good()) return;
      facts.add_text(about_sender("firmware", kConfidence), [&](Writer& to) {
        to.put("TwinCAT ").decimal(major).put('.').decimal(minor).put('.').decimal(build);
      });
      break;
    }
    case Tag::os_version:
      facts.add_text(about_sender("os", kConfidence), [&](Writer& to) { write_os(to, in); });
      break;
    case Tag::host_name:
      facts.add_raw(about_sender("host_name", kConfidence), in.text(in.left()));
      break;
    default:  // users and passwords among them
      break;
  }
}

void dissect(Cursor in, const Context&, Out& out) {
  in.expect(in.le32() == kMagic);
  const std::uint32_t invoke = in.le32();
  const std::uint32_t service = in.le32();
  const auto net_id = in.bytes(6);
  in.skip(2);  // port
  const bool is_response = (service & kResponse) != 0;
  Collected facts;
  facts.add_text(about_sender("ams_net_id", kConfidence), [&](Writer& to) {
    for (std::size_t i = 0; i < net_id.size(); ++i) (i > 0 ? to.put('.') : to).decimal(net_id[i]);
  });
  bool is_error = false;
  std::string_view route;
  for (std::uint32_t left = in.le32(); left > 0 && in.is_good(); --left) {
    const std::uint16_t tag = in.le16();
    Cursor value = in.child(in.le16());
    if (!in.is_good()) break;
    if (tag == Tag::status && is_response) is_error = value.le32() != 0;
    if (tag == Tag::route_name) route = value.text(value.left());
    if (is_response) collect(tag, value, facts);
  }
  const std::uint32_t number = service & ~kResponse;
  std::string_view name;
  Access access = Access::none;
  for (const Function& function : kFunctions) {
    if (function.code != number) continue;
    name = function.name;
    access = function.access;
  }
  Text<12> code;
  code.decimal(number);
  Text<kTargetBytesMax> target;
  if (!is_response && !route.empty()) target.put("route ").printable(route);
  out.say_direction(is_response ? Role::response : Role::request, in);
  facts.say(out, in);
  out.say({.role = is_response ? Role::response : Role::request,
           .function = name,
           .code = code.text(),
           .access = access,
           .target = target.text(),
           .is_error = is_error,
           .transaction = std::uint64_t{1} << 32 | invoke},
          in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "ads_discovery",
    .title = "TwinCAT device search and routes",
    .over = over::kUdp,
    .off_port = OffPort::strong,
    .ports = kPorts,
    .leads = kLeads,
    .functions = kFunctions,
    .facts = "ams_net_id host_name firmware os",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::ads_discovery
