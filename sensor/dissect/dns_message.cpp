// Reads DNS messages: names with compression, questions, records; RFC 1035 clause 4.
#include "sensor/dissect/dns_message.h"

#include <algorithm>

namespace osect::dissect::dns_message {
namespace {

constexpr std::uint8_t kPointer = 0xc0;
constexpr int kJumpsMax = 16;
// Opcodes in use: query, inverse query, status, notify, update, stateful operations.
constexpr std::uint8_t kOperationMax = 6;
constexpr std::uint16_t kRecordsMax = 512;

}  // namespace

Header read_header(Cursor& in) {
  Header header;
  header.id = in.be16();
  const std::uint16_t flags = in.be16();
  header.is_response = (flags & 0x8000) != 0;
  header.operation = flags >> 11 & 0x0f;
  header.questions = in.be16();
  const std::uint32_t answers = std::uint32_t{in.be16()} + in.be16() + in.be16();
  in.expect(answers <= kRecordsMax && header.questions <= kRecordsMax);
  header.answers = static_cast<std::uint16_t>(answers);
  return header;
}

Verdict probe(Cursor in) {
  const auto message = in.rest();
  const Header header = read_header(in);
  if (!in.is_good()) return in.fault() == Fault::truncated ? Verdict::maybe : Verdict::no;
  if (header.operation > kOperationMax || header.questions + header.answers == 0)
    return Verdict::no;
  if (header.questions > 16 && !header.is_response) return Verdict::no;
  Text<kNameBytesMax * 4> name;
  read_name(in, message, name);
  in.skip(4);
  return in.is_good() ? Verdict::yes : Verdict::no;
}

void read_name(Cursor& in, std::span<const std::uint8_t> message, Writer& to) {
  Cursor* from = &in;
  Cursor jumped;
  std::size_t size = 0;
  std::size_t behind = message.size();
  for (int jumps = 0;;) {
    const std::uint8_t length = from->u8();
    if (length == 0) break;
    if ((length & kPointer) == kPointer) {
      const std::size_t target = static_cast<std::size_t>(length & ~kPointer) << 8 | from->u8();
      // A pointer leads to an earlier occurrence: always backwards, so that names end.
      in.expect(from->is_good() && target < behind && ++jumps <= kJumpsMax);
      if (!in.is_good()) return;
      behind = target;
      jumped = Cursor(message.subspan(target));
      from = &jumped;
      continue;
    }
    size += length + 1U;
    in.expect((length & kPointer) == 0 && size <= kNameBytesMax);
    const std::string_view label = from->text(length);
    if (!in.is_good() || !from->is_good()) break;
    if (to.size() > 0) to.put('.');
    to.printable(label);
  }
  in.expect(from->is_good());
}

IpAddress address_of(Record& record) {
  if (record.type != kTypeA && record.type != kTypeAaaa) return {};
  record.data.expect(record.data.left() == (record.type == kTypeA ? 4U : 16U));
  return IpAddress::from_bytes(record.data.rest());
}

IpAddress reverse_address(std::string_view name) {
  constexpr std::string_view kSuffix = ".in-addr.arpa";
  if (name.size() <= kSuffix.size() || !name.ends_with(kSuffix)) return {};
  name.remove_suffix(kSuffix.size());
  std::uint32_t address = 0;
  for (int part = 0; part < 4; ++part) {
    const auto dot = part < 3 ? name.find('.') : name.size();
    if (dot == std::string_view::npos || dot == 0 || dot > 3) return {};
    std::uint32_t value = 0;
    for (const char c : name.substr(0, dot)) {
      if (c < '0' || c > '9') return {};
      value = value * 10 + static_cast<std::uint32_t>(c - '0');
    }
    if (value > 255) return {};
    address |= value << 8 * part;
    name.remove_prefix(std::min(dot + 1, name.size()));
  }
  return IpAddress::v4(address);
}

}  // namespace osect::dissect::dns_message
