// Basic encoding rules, ITU-T X.690 clause 8: identifier, length, contents. MMS and the messages of
// IEC 61850 are written in them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sensor/dissect/dissector.h"

namespace osect::dissect::ber {

// Class and number of an identifier; whether the encoding is constructed tells nothing more.
using Tag = std::uint32_t;

constexpr Tag universal(Tag number) {
  return number;
}
constexpr Tag application(Tag number) {
  return std::uint32_t{1} << 30U | number;
}
constexpr Tag context(Tag number) {
  return std::uint32_t{2} << 30U | number;
}

constexpr Tag kInteger = universal(2);
constexpr Tag kObjectIdentifier = universal(6);
constexpr Tag kExternal = universal(8);
constexpr Tag kSequence = universal(16);
constexpr Tag kSet = universal(17);

struct Element {
  Tag tag = 0;
  Cursor content;
};

// The element that begins here; `in` moves behind it. What is longer than `in` faults it, unless
// the message was cut: then the content is what there is of it.
[[nodiscard]] Element read(Cursor& in, bool is_whole = true);

// The tag of the element that begins here.
[[nodiscard]] Tag peek(Cursor in);

// The content of the element that begins here, which must have this tag.
[[nodiscard]] Cursor read(Cursor& in, Tag tag, bool is_whole = true);

// The content of the first element with this tag from here on.
[[nodiscard]] std::optional<Cursor> find(Cursor in, Tag tag, bool is_whole = true);

// States a rule about what stands in a message: what a cut one lacks is no contradiction.
void expect(Cursor& in, bool holds, bool is_whole);

// An INTEGER's value, which no specification here lets be negative.
[[nodiscard]] std::uint64_t number(Cursor& content);

// A string's characters, as they stand.
[[nodiscard]] inline std::string_view text(Cursor content) {
  return content.text(content.left());
}

}  // namespace osect::dissect::ber
