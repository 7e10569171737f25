// TPKT and COTP: RFC 1006 clause 6, ISO 8073 clause 13.
#include "sensor/dissect/cotp.h"

#include <algorithm>

namespace osect::dissect::cotp {
namespace {

constexpr std::uint8_t kVersion = 3;
constexpr std::uint16_t kLengthMin = 7;  // TPKT and the shortest TPDU
constexpr std::uint8_t kLastMark = 0x80;
constexpr std::uint8_t kDataHeaderBytes = 2;  // class 0: type and mark
constexpr std::uint8_t kCallingSelector = 0xc1;
constexpr std::uint8_t kCalledSelector = 0xc2;

// Longer messages than are put together are taken for what came so far.
constexpr std::size_t kJoinedMax = std::size_t{15} * 1024;

}  // namespace

Tpdu read(Cursor& in) {
  in.expect(in.u8() == kVersion);
  in.expect(in.u8() == 0);
  const std::uint16_t length = in.be16();
  in.expect(length >= kLengthMin);
  Tpdu tpdu;
  if (!in.is_good()) return tpdu;
  const std::size_t wanted = length - kTpktBytes;
  tpdu.is_cut = wanted > in.left();
  tpdu.user = in.child(std::min(wanted, in.left()));
  tpdu.header = tpdu.user.child(tpdu.user.u8());
  tpdu.type = tpdu.header.u8();
  if (tpdu.type == kData) {
    // Only class 0 has no number in its data header; classes 2 to 4 do not run over TCP.
    tpdu.header.expect(tpdu.header.left() == kDataHeaderBytes - 1U);
    tpdu.is_last = (tpdu.header.u8() & kLastMark) != 0;
  }
  if (!tpdu.user.is_good()) in = tpdu.user;
  if (!tpdu.header.is_good()) in = tpdu.header;
  return tpdu;
}

Framing frame(Cursor in) {
  std::size_t whole = 0;
  for (;;) {
    if (in.left() < kTpktBytes)
      return in.left() > 0 && in.peek() != kVersion ? Framing(Framing::kNotAMessage)
                                                    : Framing(Framing::kNeedMore);
    if (in.peek() != kVersion || in.peek(1) != 0) break;
    const auto length = static_cast<std::size_t>(in.peek(2) << 8 | in.peek(3));
    if (length < kLengthMin) break;
    if (in.left() < kLengthMin) return Framing::kNeedMore;
    whole += length;
    const bool is_open = in.peek(5) == kData && (in.peek(6) & kLastMark) == 0;
    if (!is_open || whole >= kJoinedMax) return whole;
    if (in.left() <= length) return Framing::kNeedMore;
    in.skip(length);
  }
  return whole == 0 ? Framing(Framing::kNotAMessage) : Framing(whole);
}

UserData::UserData(Cursor message) {
  Tpdu tpdu = read(message);
  whole_ = tpdu.user;
  if (!message.is_good()) whole_ = message;
  if (tpdu.type != kData || tpdu.is_last || message.left() == 0) {
    if (tpdu.type != kData && whole_.is_good()) whole_ = Cursor();
    has_end_ = tpdu.type != kData || tpdu.is_last;
    return;
  }
  is_in_parts_ = true;
  std::size_t size = 0;
  for (;;) {
    const auto part = tpdu.user.rest().first(std::min(tpdu.user.left(), memory_.size() - size));
    std::copy(part.begin(), part.end(), memory_.begin() + static_cast<std::ptrdiff_t>(size));
    size += part.size();
    has_end_ = tpdu.is_last;
    if (tpdu.is_last || message.left() == 0) break;
    tpdu = read(message);
    if (!message.is_good() || tpdu.type != kData) break;
  }
  whole_ = Cursor(std::span<const std::uint8_t>(memory_).first(size));
}

Selectors selectors(const Tpdu& connect) {
  Selectors found;
  Cursor parameters = connect.header;
  parameters.skip(5);  // destination and source reference, class
  while (parameters.left() > 0) {
    const std::uint8_t code = parameters.u8();
    const auto value = parameters.bytes(parameters.u8());
    if (code == kCallingSelector) found.calling = value;
    if (code == kCalledSelector) found.called = value;
  }
  return found;
}

Beginning read_beginning(Cursor in) {
  Beginning begun;
  while (in.left() > 0) {
    const bool is_version = in.peek() == kVersion && in.peek(1) == 0;
    const auto length = static_cast<std::size_t>(in.peek(2) << 8 | in.peek(3));
    const bool is_short = in.left() < kTpktBytes || (length >= kLengthMin && in.left() < length);
    const Tpdu tpdu = read(in);
    if (!in.is_good()) {
      begun.is_transport = is_version && is_short && in.fault() == Fault::truncated;
      return begun;
    }
    begun.is_transport = false;
    if (tpdu.type == kConnectRequest || tpdu.type == kConnectConfirm) {
      begun.called = selectors(tpdu).called;
      begun.is_named = !begun.called.empty();
    } else if (tpdu.type == kData) {
      if (tpdu.user.left() > 0) {
        begun.data = tpdu;
        begun.is_transport = true;
        return begun;
      }
    } else {
      return begun;
    }
    begun.is_transport = true;
  }
  return begun;
}

}  // namespace osect::dissect::cotp
