// EtherCAT device protocol: IEC 61158-4-12 (ETG.1000.4), frames of type 1 over Ethernet and UDP.
#include <array>

#include "sensor/dissect/dissector.h"

namespace osect::dissect::ethercat {
namespace {

constexpr std::uint16_t kPorts[] = {34980};
constexpr std::uint16_t kEthertypes[] = {0x88a4};
constexpr std::uint16_t kLengthBits = 0x07ff;
constexpr std::uint16_t kDeviceProtocol = 1;
constexpr std::uint16_t kMore = 0x8000;
constexpr std::size_t kDatagramBytes = 12;  // without its data: header and working counter
constexpr std::uint16_t kAlControl = 0x0120;
constexpr std::uint16_t kEepromFirst = 0x0500;
constexpr std::uint16_t kEepromEnd = 0x0510;
constexpr std::uint16_t kClockFirst = 0x0900;
constexpr std::uint16_t kClockEnd = 0x0a00;

constexpr Function kFunctions[] = {
    {0, "no_operation", Access::none},
    {1, "auto_increment_read", Access::read},
    {2, "auto_increment_write", Access::write},
    {3, "auto_increment_read_write", Access::write},
    {4, "configured_read", Access::read},
    {5, "configured_write", Access::write},
    {6, "configured_read_write", Access::write},
    {7, "broadcast_read", Access::read},
    {8, "broadcast_write", Access::write},
    {9, "broadcast_read_write", Access::write},
    {10, "logical_read", Access::cyclic},
    {11, "logical_write", Access::cyclic},
    {12, "logical_read_write", Access::cyclic},
    {13, "auto_increment_read_multiple_write", Access::time},
    {14, "configured_read_multiple_write", Access::time},
};
constexpr std::array<std::string_view, 15> kCodes = {
    "cmd 0", "cmd 1", "cmd 2",  "cmd 3",  "cmd 4",  "cmd 5",  "cmd 6", "cmd 7",
    "cmd 8", "cmd 9", "cmd 10", "cmd 11", "cmd 12", "cmd 13", "cmd 14"};

enum class Addressing : std::uint8_t { none, position, station, all, logical };
constexpr std::array<Addressing, 15> kAddressing = {
    Addressing::none,    Addressing::position, Addressing::position, Addressing::position,
    Addressing::station, Addressing::station,  Addressing::station,  Addressing::all,
    Addressing::all,     Addressing::all,      Addressing::logical,  Addressing::logical,
    Addressing::logical, Addressing::position, Addressing::station};

void write_code(Writer& to, std::uint32_t code) {
  to.put("cmd ").decimal(code);
}

struct Datagram {
  std::uint8_t command = 0;
  std::uint16_t device = 0;  // of a logical address its lower half
  std::uint16_t offset = 0;
  std::uint16_t length = 0;
  bool has_next = false;
  Cursor data;

  [[nodiscard]] std::uint32_t logical() const { return std::uint32_t{offset} << 16 | device; }
};

Datagram read_datagram(Cursor& in) {
  Datagram datagram;
  datagram.command = in.u8();
  in.skip(1);  // index
  datagram.device = in.le16();
  datagram.offset = in.le16();
  const std::uint16_t length = in.le16();
  datagram.length = length & kLengthBits;
  datagram.has_next = (length & kMore) != 0;
  in.skip(2);  // event requests
  datagram.data = in.child(datagram.length);
  in.skip(2);  // working counter
  return datagram;
}

Verdict probe(Cursor in, const Context& context) {
  const std::uint16_t header = in.le16();
  const std::size_t length = header & kLengthBits;
  if (header >> 12 != kDeviceProtocol || length < kDatagramBytes) return Verdict::no;
  if (context.is_whole && in.left() < length) return Verdict::no;
  const std::uint8_t command = in.peek();
  const std::size_t data = (in.peek(6) | in.peek(7) << 8U) & kLengthBits;
  return command < std::size(kFunctions) && data + kDatagramBytes <= length ? Verdict::yes
                                                                            : Verdict::no;
}

std::string_view state_word(std::uint8_t state) {
  switch (state & 0x0f) {
    case 1:
      return "init";
    case 2:
      return "pre_operational";
    case 3:
      return "bootstrap";
    case 4:
      return "safe_operational";
    case 8:
      return "operational";
    default:
      return "";
  }
}

bool is_write(const Datagram& datagram) {
  return kFunctions[datagram.command].access == Access::write;
}

// What a register's write does beyond writing.
Access access_of(const Datagram& datagram) {
  const Access usual = kFunctions[datagram.command].access;
  if (!is_write(datagram)) return usual;
  if (datagram.offset == kAlControl) return Access::control;
  if (datagram.offset >= kEepromFirst && datagram.offset < kEepromEnd) return Access::config;
  if (datagram.offset >= kClockFirst && datagram.offset < kClockEnd) return Access::time;
  return usual;
}

void write_target(Writer& to, const Datagram& datagram) {
  switch (kAddressing[datagram.command]) {
    case Addressing::none:
      return;
    case Addressing::logical:
      to.put("logical 0x").hex(datagram.logical(), 8).put(" x").decimal(datagram.length);
      return;
    case Addressing::position:  // counted up by every device on the way, from minus its position
      to.put("position ").decimal(static_cast<std::uint16_t>(-datagram.device));
      break;
    case Addressing::station:
      to.put("station ").decimal(datagram.device);
      break;
    case Addressing::all:
      to.put("all");
      break;
  }
  if (datagram.offset == kAlControl && is_write(datagram)) {
    to.put(" state ").put(state_word(datagram.data.peek()));
    return;
  }
  to.put(" 0x").hex(datagram.offset, 4);
}

void dissect(Cursor in, const Context&, Out& out) {
  const std::uint16_t header = in.le16();
  in.expect(header >> 12 == kDeviceProtocol);
  Cursor datagrams = in.child(header & kLengthBits);
  if (!datagrams.is_good()) out.check(datagrams);
  for (bool has_next = true; has_next && datagrams.is_good();) {
    const Datagram datagram = read_datagram(datagrams);
    has_next = datagram.has_next;
    datagrams.expect(datagram.command < std::size(kFunctions));
    if (!datagrams.is_good()) {
      out.check(datagrams);
      return;
    }
    Text<kTargetBytesMax> target;
    write_target(target, datagram);
    out.say({.role = Role::message,
             .function = kFunctions[datagram.command].name,
             .code = kCodes[datagram.command],
             .access = access_of(datagram),
             .target = target.text()},
            datagrams);
  }
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "ethercat",
    .title = "EtherCAT",
    .over = over::kEthernet | over::kUdp,
    .off_port = OffPort::never,
    .ports = kPorts,
    .ethertypes = kEthertypes,
    .functions = kFunctions,
    .write_code = write_code,
    .facts = "",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::ethercat
