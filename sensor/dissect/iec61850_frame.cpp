// The headers of GOOSE and sampled values, over Ethernet and over UDP.
#include "sensor/dissect/iec61850_frame.h"

#include <algorithm>

namespace osect::dissect::iec61850_frame {
namespace {

constexpr std::size_t kHeaderBytes = 8;
constexpr std::uint16_t kSimulated = 0x8000;  // of the first reserved word

// Connectionless transport, ISO 8602: a header of one byte, unit data.
constexpr std::uint8_t kTransportBytes = 1;  // behind the length itself
constexpr std::uint8_t kUnitData = 0x40;
constexpr std::uint8_t kCommonHeader = 0x80;
constexpr std::uint8_t kTypeOffset = 0x20;  // from a session identifier to its payload's type

}  // namespace

Pdu read(Cursor& in, bool is_whole) {
  Pdu pdu;
  pdu.app_id = in.be16();
  const std::uint16_t length = in.be16();  // of everything from the identifier on
  in.expect(length > kHeaderBytes);
  pdu.is_simulated = (in.be16() & kSimulated) != 0;
  in.skip(2);
  if (!in.is_good()) return pdu;
  const std::size_t wanted = length - kHeaderBytes;
  pdu.apdu = in.child(is_whole ? wanted : std::min(wanted, in.left()));
  return pdu;
}

bool is_session(Cursor in, Routed kind) {
  return in.u8() == kTransportBytes && in.u8() == kUnitData &&
         in.u8() == static_cast<std::uint8_t>(kind) && in.u8() >= 2 && in.u8() == kCommonHeader &&
         in.is_good();
}

Cursor read_session(Cursor in, Routed kind) {
  in.expect(is_session(in, kind));
  in.skip(kTransportBytes + 3);  // transport, session identifier and its length
  in.skip(1);
  in.skip(in.u8());            // lengths, numbers, version, keys
  return in.child(in.be32());  // padding and signature follow
}

Pdu read_routed(Cursor& payload, Routed kind) {
  Pdu pdu;
  payload.expect(payload.u8() == static_cast<std::uint8_t>(kind) - kTypeOffset);
  pdu.is_simulated = payload.u8() != 0;
  pdu.app_id = payload.be16();
  pdu.apdu = payload.child(payload.be16());
  return pdu;
}

void write_code(Writer& to, std::uint16_t app_id, std::string_view of) {
  to.put("appid 0x").hex(app_id, 4).put(' ').printable(of);
}

}  // namespace osect::dissect::iec61850_frame
