// The headers of DCE RPC PDUs; C706 chapter 12.
#include "sensor/dissect/dcerpc.h"

namespace osect::dissect::dcerpc {
namespace {

constexpr std::uint8_t kConnectionless = 4;

// The format label, clause 14.1: integers, characters in ASCII, floats of IEEE 754, reserved.
bool read_label(decode::Cursor& in) {
  const std::uint8_t integers = in.u8();
  in.expect(integers == 0x00 || integers == 0x10);
  in.expect(in.u8() == 0);
  return integers == 0x10;
}

}  // namespace

void write_uuid(Writer& to, const Uuid& uuid) {
  to.hex(uuid.low, 8).put('-').hex(uuid.mid, 4).put('-').hex(uuid.high, 4).put('-');
  to.hex(uuid.rest >> 48U, 4).put('-').hex(uuid.rest & 0xffffffffffffU, 12);
}

Uuid Ndr::uuid() {
  Uuid uuid;
  uuid.low = u32();
  uuid.mid = u16();
  uuid.high = u16();
  uuid.rest = in.be64();
  return uuid;
}

Datagram read_datagram(decode::Cursor& in) {
  Datagram pdu;
  in.expect(in.u8() == kConnectionless);
  pdu.type = in.u8();
  in.expect(pdu.type <= cancel_ack);
  pdu.flags = in.u8();
  in.skip(1);  // flags of the second kind
  pdu.is_little = read_label(in);
  in.skip(2);  // reserved, serial number (high byte)
  Ndr header{in, pdu.is_little};
  pdu.object = header.uuid();
  pdu.interface = header.uuid();
  const Uuid activity = header.uuid();
  header.in.skip(4 + 4);  // server boot time, interface version
  const std::uint32_t sequence = header.u32();
  pdu.opnum = header.u16();
  header.in.skip(2 + 2);  // interface hint, activity hint
  const std::uint16_t length = header.u16();
  pdu.fragment = header.u16();
  header.in.skip(2);  // authentication protocol, serial number (low byte)
  in = header.in;
  pdu.body = in.child(length);
  const std::uint64_t head =
      std::uint64_t{activity.low} << 32U | std::uint32_t{activity.mid} << 16U | activity.high;
  pdu.call = (head ^ activity.rest) + sequence;
  return pdu;
}

}  // namespace osect::dissect::dcerpc
