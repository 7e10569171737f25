// Walks the DER of a certificate as far as its names; RFC 5280 clause 4.1.
#include "sensor/dissect/certificate.h"

#include <algorithm>
#include <array>

namespace osect::dissect::certificate {
namespace {

using decode::Cursor;

constexpr std::uint8_t kSequence = 0x30;
constexpr std::uint8_t kSet = 0x31;
constexpr std::uint8_t kObjectId = 0x06;
constexpr std::uint8_t kVersion = 0xa0;  // [0] EXPLICIT
constexpr std::uint8_t kBmpString = 0x1e;

// The content of the next element, which must have this tag; any tag when it is 0. Definite lengths
// only (DER).
Cursor element(Cursor& in, std::uint8_t tag) {
  const std::uint8_t found = in.u8();
  in.expect(tag == 0 || found == tag);
  std::size_t length = in.u8();
  if (length > 0x80) {
    std::size_t bytes = length & 0x7f;
    in.expect(bytes <= 3);
    length = 0;
    for (; bytes > 0 && in.is_good(); --bytes) length = length << 8 | in.u8();
  } else {
    in.expect(length != 0x80);
  }
  return in.child(length);
}

struct Attribute {
  std::uint8_t id;  // last byte of 2.5.4.x
  std::string_view label;
};
constexpr std::array<Attribute, 3> kAttributes = {{{3, "CN="}, {11, "OU="}, {10, "O="}}};

void write_value(Writer& to, std::uint8_t tag, Cursor value) {
  if (tag != kBmpString) {
    to.printable(value.text(value.left()));
    return;
  }
  while (value.left() >= 2) {  // UTF-16; only what ASCII has too
    const std::uint16_t unit = value.be16();
    to.put(unit >= 0x20 && unit < 0x7f ? static_cast<char>(unit) : '?');
  }
}

}  // namespace

Names read_names(Cursor& in) {
  Cursor outer = element(in, kSequence);
  Cursor tbs = element(outer, kSequence);
  if (tbs.peek() == kVersion) element(tbs, kVersion);
  element(tbs, 0x02);       // serial number
  element(tbs, kSequence);  // signature algorithm
  Names names;
  names.issuer = element(tbs, kSequence);
  Cursor validity = element(tbs, kSequence);
  element(validity, 0);  // not before
  names.not_after = validity;
  names.subject = element(tbs, kSequence);
  in.expect(tbs.is_good() && outer.is_good());
  return names;
}

namespace {

void write_attributes(Writer& to, Cursor name, std::span<const Attribute> attributes,
                      bool is_labelled) {
  bool is_first = true;
  for (const Attribute& wanted : attributes) {
    for (Cursor sets = name; sets.left() > 0;) {
      Cursor set = element(sets, kSet);
      Cursor pair = element(set, kSequence);
      Cursor id = element(pair, kObjectId);
      const bool is_wanted =
          id.left() == 3 && id.u8() == 0x55 && id.u8() == 0x04 && id.u8() == wanted.id;
      const std::uint8_t tag = pair.peek();
      const Cursor value = element(pair, 0);
      if (!is_wanted || !pair.is_good()) continue;
      if (!is_first && !is_labelled) return;
      if (!is_first) to.put(", ");
      is_first = false;
      if (is_labelled) to.put(wanted.label);
      write_value(to, tag, value);
    }
  }
}

}  // namespace

bool Names::is_self_issued() const {
  const auto one = issuer.rest();
  const auto other = subject.rest();
  return std::equal(one.begin(), one.end(), other.begin(), other.end());
}

void write_name(Writer& to, Cursor name) {
  write_attributes(to, name, kAttributes, true);
}

void write_common_name(Writer& to, Cursor name) {
  write_attributes(to, name, std::span(kAttributes).first(1), false);
}

void write_date(Writer& to, Cursor time) {
  constexpr std::uint8_t kUtcTime = 0x17;
  constexpr std::uint8_t kGeneralizedTime = 0x18;
  const std::uint8_t tag = time.peek();
  Cursor content = element(time, 0);
  const auto text = content.text(content.left());
  const std::size_t year = tag == kUtcTime ? 2 : 4;
  const bool is_time =
      (tag == kUtcTime || tag == kGeneralizedTime) && text.size() > year + 4 &&
      std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(year) + 4,
                  [](char c) { return c >= '0' && c <= '9'; });
  if (!is_time) return;
  if (year == 2) to.put(text[0] < '5' ? "20" : "19");
  to.put(text.substr(0, year)).put('-').put(text.substr(year, 2)).put('-');
  to.put(text.substr(year + 2, 2));
}

}  // namespace osect::dissect::certificate
