// CIP implicit messages of transport class 0 and 1: CIP Networks Library volume 2, clause 3-2.2.
#include "sensor/dissect/dissector.h"

namespace osect::dissect::cip_io {
namespace {

constexpr std::uint16_t kPorts[] = {2222};
constexpr std::uint16_t kSequencedAddress = 0x8002;
constexpr std::uint16_t kConnectedData = 0x00b1;
constexpr std::uint16_t kAddressBytes = 8;  // connection and sequence number

// Two items, the first of them the sequenced address.
constexpr Lead kLeads[] = {{0, {2}}, {1, {0}}, {2, {0x02}}, {3, {0x80}}, {4, {8}}, {5, {0}}};

constexpr Function kFunctions[] = {{0, "io_data", Access::cyclic}};

void write_code(Writer& to, std::uint32_t) {
  to.put("io");
}

// Whether the two items fill the datagram; what it holds behind them is no CIP.
void read(Cursor& in) {
  in.expect(in.le16() == 2);
  in.expect(in.le16() == kSequencedAddress);
  in.expect(in.le16() == kAddressBytes);
  in.skip(kAddressBytes);
  in.expect(in.le16() == kConnectedData);
  in.expect(in.le16() == in.left());
}

Verdict probe(Cursor in, const Context&) {
  read(in);
  return in.is_good() ? Verdict::yes : Verdict::no;
}

void dissect(Cursor in, const Context&, Out& out) {
  read(in);
  out.say(Operation{.role = Role::message,
                    .function = kFunctions[0].name,
                    .code = "io",
                    .access = kFunctions[0].access,
                    .target = {}},
          in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "cip_io",
    .title = "CIP I/O",
    .over = over::kUdp,
    .off_port = OffPort::strong,
    .ports = kPorts,
    .leads = kLeads,
    .functions = kFunctions,
    .write_code = write_code,
    .facts = {},
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::cip_io
