// Identifiers and lengths: ITU-T X.690 clause 8.1.
#include "sensor/dissect/ber.h"

#include <algorithm>

namespace osect::dissect::ber {
namespace {

constexpr std::uint8_t kLongForm = 0x1f;     // the number follows, seven bits an octet
constexpr std::uint8_t kIndefinite = 0x80;   // the length: up to the end-of-contents octets
constexpr std::size_t kTagOctetsMax = 4;     // of a long number; twenty-eight bits are plenty
constexpr std::size_t kLengthOctetsMax = 4;  // of a long length
constexpr std::size_t kNumberOctetsMax = 9;  // sixty-four bits and a sign

struct Header {
  Tag tag = 0;
  std::size_t length = 0;
  bool is_indefinite = false;
};

Tag read_identifier(Cursor& in) {
  const std::uint8_t first = in.u8();
  const Tag of_class = Tag{first} >> 6U << 30U;
  if ((first & kLongForm) != kLongForm) return of_class | (first & kLongForm);
  Tag number = 0;
  std::uint8_t octet = 0x80;
  for (std::size_t i = 0; i < kTagOctetsMax && (octet & 0x80) != 0; ++i) {
    octet = in.u8();
    number = number << 7U | (octet & 0x7fU);
  }
  in.expect((octet & 0x80) == 0);
  return of_class | number;
}

Header read_header(Cursor& in) {
  Header header;
  header.tag = read_identifier(in);
  const std::uint8_t first = in.u8();
  header.is_indefinite = first == kIndefinite;
  if (first <= kIndefinite) {
    header.length = first & 0x7fU;
    return header;
  }
  const std::size_t octets = first & 0x7fU;
  in.expect(octets <= kLengthOctetsMax);
  for (std::size_t i = 0; i < octets && in.is_good(); ++i)
    header.length = header.length << 8U | in.u8();
  return header;
}

// Where the end-of-contents octets that close an indefinite length stand; a nested one opens
// another level.
std::optional<std::size_t> find_end(Cursor in) {
  const std::size_t begin = in.offset();
  std::size_t levels = 1;
  while (in.left() > 0) {
    const std::size_t at = in.offset() - begin;
    const Header header = read_header(in);
    if (header.is_indefinite) {
      ++levels;
    } else if (header.tag == 0 && header.length == 0 && in.is_good()) {
      if (--levels == 0) return at;
    } else {
      in.skip(header.length);
    }
  }
  return std::nullopt;
}

}  // namespace

Element read(Cursor& in, bool is_whole) {
  Element element;
  const Header header = read_header(in);
  if (!in.is_good()) return element;
  element.tag = header.tag;
  if (!header.is_indefinite) {
    element.content = in.child(is_whole ? header.length : std::min(header.length, in.left()));
    return element;
  }
  if (const auto end = find_end(in)) {
    element.content = in.child(*end);
    in.skip(2);
  } else {
    if (is_whole) in.skip(in.left() + 1);  // its end is missing
    element.content = in.child(in.left());
  }
  return element;
}

Tag peek(Cursor in) {
  return read_identifier(in);
}

Cursor read(Cursor& in, Tag tag, bool is_whole) {
  const Element element = read(in, is_whole);
  in.expect(element.tag == tag);
  return in.is_good() ? element.content : in;
}

std::optional<Cursor> find(Cursor in, Tag tag, bool is_whole) {
  while (in.left() > 0) {
    const Element element = read(in, is_whole);
    if (in.is_good() && element.tag == tag) return element.content;
  }
  return std::nullopt;
}

void expect(Cursor& in, bool holds, bool is_whole) {
  if (is_whole)
    in.expect(holds);
  else if (!holds)
    in.skip(in.left() + 1);
}

std::uint64_t number(Cursor& content) {
  content.expect(content.left() > 0 && content.left() <= kNumberOctetsMax);
  std::uint64_t value = 0;
  while (content.left() > 0) value = value << 8U | content.u8();
  return value;
}

}  // namespace osect::dissect::ber
