// DCE 1.1 RPC (The Open Group, C706): what the protocols over it share, connectionless and
// connection-oriented.
#pragma once

#include <compare>
#include <cstdint>

#include "sensor/decode/cursor.h"
#include "sensor/dissect/text.h"

namespace osect::dissect::dcerpc {

// Appendix A: time_low, time_mid, time_hi_and_version; clock_seq and node.
struct Uuid {
  std::uint32_t low = 0;
  std::uint16_t mid = 0;
  std::uint16_t high = 0;
  std::uint64_t rest = 0;

  constexpr auto operator<=>(const Uuid&) const = default;
};
constexpr Uuid kEndpointMapper{0xe1af8308, 0x5d1f, 0x11c9, 0x91a408002b14a0fa};

void write_uuid(Writer& to, const Uuid& uuid);

// Integers in the byte order that the format label of the PDU says (clause 14.1), from a cursor
// whose beginning alignment counts from.
struct Ndr {
  decode::Cursor in;
  bool is_little = false;

  std::uint16_t u16() { return is_little ? in.le16() : in.be16(); }
  std::uint32_t u32() { return is_little ? in.le32() : in.be32(); }
  Uuid uuid();
  void align(std::size_t to) { in.skip((to - in.offset() % to) % to); }
};

// Clause 12.1.
enum Type : std::uint8_t {
  request = 0,
  ping = 1,
  response = 2,
  fault = 3,
  working = 4,
  nocall = 5,
  reject = 6,
  ack = 7,
  cl_cancel = 8,
  fack = 9,
  cancel_ack = 10,
  bind = 11,
  bind_ack = 12,
  bind_nak = 13,
  alter_context = 14,
  alter_context_response = 15,
  auth3 = 16,
  shutdown = 17,
  co_cancel = 18,
  orphaned = 19,
};

// A connectionless PDU, clause 12.5.
struct Datagram {
  std::uint8_t type = 0;
  std::uint8_t flags = 0;
  bool is_little = false;
  Uuid object;
  Uuid interface;
  std::uint64_t call = 0;  // activity and sequence number: what pairs a response with its request
  std::uint16_t opnum = 0;
  std::uint16_t fragment = 0;
  decode::Cursor body;

  [[nodiscard]] bool is_fragment() const { return (flags & 0x04) != 0; }
  // Only what the client sends, only what the server sends; a fack is sent by both.
  [[nodiscard]] bool is_from_client() const {
    return type == request || type == ping || type == ack || type == cl_cancel;
  }
  [[nodiscard]] bool is_from_server() const { return type != fack && !is_from_client(); }
  [[nodiscard]] bool is_answer() const {
    return type == response || type == fault || type == reject;
  }
};
constexpr std::size_t kDatagramHeaderBytes = 80;

// What is not one leaves a fault on the cursor.
[[nodiscard]] Datagram read_datagram(decode::Cursor& in);

constexpr std::size_t kPduHeaderBytes = 16;
constexpr std::size_t kAuthHeaderBytes = 8;  // of the trailer, MS-RPCE clause 2.2.2.11

// A connection-oriented PDU, clause 12.6.
struct Pdu {
  std::uint8_t type = 0;
  std::uint8_t flags = 0;
  bool is_little = false;
  std::uint16_t length = 0;  // of the whole fragment
  std::uint16_t auth_length = 0;
  std::uint32_t call = 0;
  decode::Cursor body;  // what of it is here

  [[nodiscard]] bool is_first() const { return (flags & 0x01) != 0; }
  [[nodiscard]] bool is_last() const { return (flags & 0x02) != 0; }
  [[nodiscard]] bool has_object() const { return (flags & 0x80) != 0; }
  [[nodiscard]] bool is_bind() const { return type == bind || type == alter_context; }
  [[nodiscard]] bool has_room_for_trailer() const {
    return auth_length == 0 || length >= kPduHeaderBytes + kAuthHeaderBytes + auth_length;
  }
};

[[nodiscard]] Pdu read_pdu(decode::Cursor& in);

// What a request or response carries; nothing where it is encrypted, or where that cannot be told
// because the end of the fragment is not here.
[[nodiscard]] decode::Cursor plain_stub(const Pdu& pdu, const decode::Cursor& from);

// One element of the presentation context list of a bind or alter_context, clause 12.6.3.1.
struct Offer {
  std::uint16_t context = 0;
  std::uint8_t syntaxes = 0;
  Uuid interface;
};
[[nodiscard]] Offer read_offer(Ndr& in);
void skip_syntaxes(Ndr& in, const Offer& offer);  // behind it, with the interface's version
// Moves to the list; how many elements it has.
[[nodiscard]] std::uint8_t begin_offers(Ndr& body);

// Is none of what was offered accepted? Of a bind_ack, alter_context_resp or bind_nak.
[[nodiscard]] bool is_refused(const Pdu& pdu, decode::Cursor& proof);

}  // namespace osect::dissect::dcerpc
