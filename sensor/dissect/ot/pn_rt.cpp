// PROFINET real-time: cyclic data, alarms and clock synchronisation; IEC 61158-6-10, clause "Coding
// of the field FrameID". DCP, on the same ethertype, is a dissector of its own.
#include <algorithm>
#include <string_view>

#include "sensor/dissect/dissector.h"

namespace osect::dissect::pn_rt {
namespace {

constexpr std::uint16_t kEthertypes[] = {0x8892};

// Each row stands for the frame ids from its own to the next row's.
constexpr Function kFunctions[] = {
    {0x0020, "ptcp_sync_with_follow_up", Access::time},
    {0x0080, "ptcp_sync", Access::time},
    {0x0100, "rt_class_3", Access::cyclic},
    {0x8000, "rt_class_2", Access::cyclic},
    {0xbc00, "rt_class_2_multicast", Access::cyclic},
    {0xc000, "rt_class_1", Access::cyclic},
    {0xf800, "rt_class_1_multicast", Access::cyclic},
    {0xfc01, "alarm_high", Access::diagnostic},
    {0xfe01, "alarm_low", Access::diagnostic},
    {0xfe02, "remote_service", Access::session},
    {0xff00, "ptcp_announce", Access::time},
    {0xff20, "ptcp_follow_up", Access::time},
    {0xff40, "ptcp_delay_request", Access::time},
    {0xff41, "ptcp_delay_response_with_follow_up", Access::time},
    {0xff42, "ptcp_delay_follow_up", Access::time},
    {0xff43, "ptcp_delay_response", Access::time},
    {0xff80, "fragment", Access::cyclic},
};

constexpr std::uint16_t kCyclicFirst = 0x0100;
constexpr std::uint16_t kCyclicLast = 0xfbff;
constexpr std::size_t kStatusBytes = 4;  // cycle counter, data status, transfer status

bool is_listed(std::uint16_t id) {
  const auto is_between = [&](std::uint16_t first, std::uint16_t last) {
    return id >= first && id <= last;
  };
  return is_between(0x0020, 0x0021) || is_between(0x0080, 0x0081) ||
         is_between(kCyclicFirst, kCyclicLast) || id == 0xfc01 || is_between(0xfe01, 0xfe02) ||
         is_between(0xff00, 0xff01) || is_between(0xff20, 0xff21) || is_between(0xff40, 0xff43) ||
         is_between(0xff80, 0xff8f);
}

const Function& function_of(std::uint16_t id) {
  const auto* const next =
      std::upper_bound(std::begin(kFunctions), std::end(kFunctions), id,
                       [](std::uint16_t at, const Function& f) { return at < f.code; });
  return *(next - 1);
}

void write_code(Writer& to, std::uint32_t code) {
  to.put("frame_id 0x").hex(code, 4);
}

Verdict probe(Cursor in, const Context&) {
  const std::uint16_t id = in.be16();
  return in.is_good() && is_listed(id) && in.left() > kStatusBytes ? Verdict::yes : Verdict::no;
}

void dissect(Cursor in, const Context&, Out& out) {
  const std::uint16_t id = in.be16();
  in.expect(is_listed(id));
  if (!in.is_good()) {
    out.check(in);
    return;
  }
  const Function& function = function_of(id);
  Text<kCodeBytesMax> code;
  write_code(code, id);
  out.say(Operation{.role = Role::message,
                    .function = function.name,
                    .code = code.text(),
                    .access = function.access,
                    .target = {}},
          in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "pn_rt",
    .title = "PROFINET RT",
    .over = over::kEthernet,
    .off_port = OffPort::never,
    .ports = {},
    .ethertypes = kEthertypes,
    .functions = kFunctions,
    .write_code = write_code,
    .facts = "",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::pn_rt
