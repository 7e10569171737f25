// The headers of DCE RPC PDUs; C706 chapter 12.
#include "sensor/dissect/dcerpc.h"

#include <algorithm>

namespace osect::dissect::dcerpc {
namespace {

constexpr std::uint8_t kConnectionless = 4;
constexpr std::uint8_t kConnectionOriented = 5;
constexpr std::size_t kSyntaxBytes = 20;  // a UUID and a version
constexpr std::uint8_t kPrivacy = 6;      // the level at which the stub is encrypted

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

Pdu read_pdu(decode::Cursor& in) {
  Pdu pdu;
  in.expect(in.u8() == kConnectionOriented);
  in.expect(in.u8() <= 1);
  pdu.type = in.u8();
  in.expect(pdu.type <= orphaned && (pdu.type <= fault || pdu.type >= bind) && pdu.type != ping);
  pdu.flags = in.u8();
  pdu.is_little = read_label(in);
  in.expect(in.be16() == 0);  // reserved
  Ndr header{in, pdu.is_little};
  pdu.length = header.u16();
  pdu.auth_length = header.u16();
  pdu.call = header.u32();
  in = header.in;
  in.expect(pdu.length >= kPduHeaderBytes);
  pdu.body = in.child(std::min<std::size_t>(in.left(), pdu.length - kPduHeaderBytes));
  return pdu;
}

decode::Cursor plain_stub(const Pdu& pdu, const decode::Cursor& from) {
  if (!from.is_good()) return {};
  if (pdu.auth_length == 0) return decode::Cursor(from.rest());
  const std::size_t behind = kAuthHeaderBytes + pdu.auth_length;
  const bool is_whole = pdu.body.offset() + pdu.body.left() == pdu.length - kPduHeaderBytes;
  if (!is_whole || from.left() < behind) return {};
  const std::size_t trailer = from.left() - behind;
  const std::uint8_t level = from.peek(trailer + 1);
  const std::uint8_t padding = from.peek(trailer + 2);
  if (level == kPrivacy || padding > trailer) return {};
  return decode::Cursor(from.rest().first(trailer - padding));
}

std::uint8_t begin_offers(Ndr& body) {
  body.in.skip(2 + 2 + 4);  // largest fragments, association group
  const std::uint8_t count = body.in.u8();
  body.in.skip(3);
  return count;
}

Offer read_offer(Ndr& in) {
  Offer offer;
  offer.context = in.u16();
  offer.syntaxes = in.in.u8();
  in.in.skip(1);
  offer.interface = in.uuid();
  return offer;
}

void skip_syntaxes(Ndr& in, const Offer& offer) {
  in.in.skip(4 + std::size_t{offer.syntaxes} * kSyntaxBytes);
}

bool is_refused(const Pdu& pdu, decode::Cursor& proof) {
  proof = pdu.body;
  if (pdu.type == bind_nak) return true;
  Ndr body{pdu.body, pdu.is_little};
  body.in.skip(2 + 2 + 4);
  body.in.skip(body.u16());  // secondary address
  body.align(4);
  const std::uint8_t count = body.in.u8();
  body.in.skip(3);
  bool is_accepted = false;
  for (std::uint8_t i = 0; i < count && body.in.is_good(); ++i) {
    is_accepted = body.u16() == 0 || is_accepted;
    body.in.skip(2 + kSyntaxBytes);  // reason, transfer syntax
  }
  proof = body.in;
  return !is_accepted;
}

}  // namespace osect::dissect::dcerpc
