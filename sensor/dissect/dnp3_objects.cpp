// Objects of DNP3 messages; IEEE 1815-2012, clauses 4.2.2.7 and 11, annex A.
#include "sensor/dissect/dnp3_objects.h"

#include <algorithm>
#include <iterator>

namespace osect::dissect::dnp3_objects {
namespace {

constexpr std::uint8_t kConfidence = 95;
constexpr std::uint8_t kWrite = 2;
constexpr std::uint8_t kDirectOperateNoResponse = 6;
constexpr std::uint8_t kOpenFile = 25;
constexpr std::uint8_t kAbortFile = 30;

// Bytes of one object's value in requests that carry values; nothing for those whose size varies.
std::size_t value_bytes(std::uint8_t group, std::uint8_t variation) {
  constexpr struct {
    std::uint8_t group;
    std::uint8_t variation;
    std::uint8_t bytes;
  } kSizes[] = {{12, 1, 11}, {12, 2, 11}, {34, 1, 2}, {34, 2, 4}, {34, 3, 4},  {41, 1, 5},
                {41, 2, 3},  {41, 3, 5},  {41, 4, 9}, {50, 1, 6}, {50, 2, 10}, {50, 3, 6},
                {50, 4, 11}, {51, 1, 6},  {51, 2, 6}, {52, 1, 2}, {52, 2, 2}};
  for (const auto& size : kSizes)
    if (size.group == group && size.variation == variation) return size.bytes;
  return 0;
}

constexpr bool is_packed_bits(std::uint8_t group, std::uint8_t variation) {
  return (group == 80 || group == 1 || group == 10) && variation == 1;
}

std::uint32_t read_number(Cursor& in, std::size_t bytes) {
  return bytes == 1 ? in.u8() : bytes == 2 ? in.le16() : bytes == 4 ? in.le32() : 0;
}

// Clause 4.2.2.7: which objects a header speaks of.
struct ObjectHeader {
  std::uint8_t group = 0;
  std::uint8_t variation = 0;
  std::size_t prefix_bytes = 0;
  bool is_size_prefix = false;
  bool has_range = false;
  bool has_count = false;
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  std::uint32_t count = 0;
};

ObjectHeader read_object_header(Cursor& in) {
  ObjectHeader header;
  header.group = in.u8();
  header.variation = in.u8();
  const std::uint8_t qualifier = in.u8();
  const std::uint8_t prefix = qualifier >> 4 & 7;
  const std::uint8_t range = qualifier & 0x0f;
  constexpr std::size_t kPrefixBytes[] = {0, 1, 2, 4, 1, 2, 4, 0};
  in.expect(prefix < 7 && (qualifier & 0x80) == 0);
  header.prefix_bytes = kPrefixBytes[prefix];
  header.is_size_prefix = prefix >= 4;
  constexpr std::size_t kRangeBytes[] = {1, 2, 4, 1, 2, 4, 0, 1, 2, 4, 0, 1};
  in.expect(range < std::size(kRangeBytes) && range != 10);
  if (!in.is_good()) return header;
  if (range <= 5) {
    header.has_range = true;
    header.first = read_number(in, kRangeBytes[range]);
    header.last = read_number(in, kRangeBytes[range]);
    in.expect(header.first <= header.last);
    header.count = header.last - header.first + 1;
  } else if (range != 6) {
    header.has_count = true;
    header.count = read_number(in, kRangeBytes[range]);
  }
  return header;
}

// Objects one after the other as long as they fit; a record's key holds no half object, except the
// beginning of one that is alone too long (a file's name).
class Objects {
 public:
  explicit Objects(Writer& to) : to_(to) {}
  void add(std::string_view object) {
    constexpr std::string_view kMore = "...";
    if (is_full_) return;
    const bool is_first = count_++ == 0;
    to_.put(is_first ? std::string_view(" ") : std::string_view(", "));
    const std::size_t room = kTargetBytesMax - std::min(to_.size() + kMore.size(), kTargetBytesMax);
    is_full_ = object.size() + (is_first ? 0 : 2) > room;
    if (!is_full_)
      to_.put(object);
    else
      to_.put(is_first ? beginning(object, room) : std::string_view()).put(kMore);
  }
  [[nodiscard]] bool is_full() const { return is_full_; }

 private:
  // At most `size` bytes, without half a character of UTF-8.
  static std::string_view beginning(std::string_view text, std::size_t size) {
    while (size > 0 && (static_cast<std::uint8_t>(text[size]) & 0xc0) == 0x80) --size;
    return text.substr(0, size);
  }

  Writer& to_;
  int count_ = 0;
  bool is_full_ = false;
};

// Group 70: the name of the file that a command opens (3), deletes or describes (7).
void write_file(Cursor object, std::uint8_t variation, Text<kTargetBytesMax>& text) {
  if (variation != 3 && variation != 7) return;
  const std::uint16_t offset = object.le16();
  const std::uint16_t size = object.le16();
  object.skip(std::max<std::size_t>(offset, 4) - 4);
  const std::string_view name = object.text(size);
  if (object.is_good()) text.put(" ").printable(name);
}

// The points that the indices before the values name: few enough to be read are written.
void write_indices(Cursor& in, const ObjectHeader& header, std::size_t value,
                   Text<kTargetBytesMax>& text) {
  constexpr std::uint32_t kNamedMax = 4;
  for (std::uint32_t i = 0; i < header.count && in.left() > 0; ++i) {
    const std::uint32_t index = read_number(in, header.prefix_bytes);
    if (i < kNamedMax) text.put(i == 0 ? ' ' : '+').decimal(index);
    in.skip(value);
  }
  if (header.count > kNamedMax) text.put("+...");
}

// Skips or reads what follows the header in a request; false when the next header cannot be found.
bool write_object(Cursor& in, const ObjectHeader& header, bool has_values,
                  Text<kTargetBytesMax>& text) {
  const std::size_t value = value_bytes(header.group, header.variation);
  if (header.has_range) {
    text.put(' ').decimal(header.first);
    if (header.last != header.first) text.put("..").decimal(header.last);
    if (!has_values) return true;
    const bool is_bits = is_packed_bits(header.group, header.variation);
    in.skip(is_bits ? (std::size_t{header.count} + 7) / 8 : value * header.count);
    return is_bits || value > 0;
  }
  if (header.is_size_prefix) {
    for (std::uint32_t i = 0; i < header.count && in.left() > 0; ++i) {
      Cursor object = in.child(read_number(in, header.prefix_bytes));
      if (header.group == 70 && i == 0) write_file(object, header.variation, text);
    }
    return true;
  }
  if (header.prefix_bytes > 0) {
    write_indices(in, header, has_values ? value : 0, text);
    return !has_values || value > 0;
  }
  if (has_values && header.has_count) in.skip(value * header.count);
  return !has_values || value > 0 || !header.has_count;
}

// Function codes whose objects come with values.
bool has_values(std::uint8_t function) {
  return (function >= kWrite && function <= kDirectOperateNoResponse) ||
         (function >= kOpenFile && function <= kAbortFile) || function == 11 || function == 12 ||
         function >= 31;
}

}  // namespace

void write_target(Cursor& in, std::uint8_t function, Writer& to) {
  Objects objects(to);
  while (in.left() > 0 && !objects.is_full()) {
    const ObjectHeader header = read_object_header(in);
    Text<kTargetBytesMax> text;
    text.put('g').decimal(header.group).put('v').decimal(header.variation);
    const bool goes_on = write_object(in, header, has_values(function), text);
    if (header.group == 0 && header.variation == 0) return;
    objects.add(text.text());
    if (!goes_on) return;
  }
}

// Group 0, device attributes; clause 11.2, annex A.1.
void identify(Cursor in, Collected& facts) {
  constexpr struct {
    std::uint8_t variation;
    std::string_view attribute;
  } kAttributes[] = {{208, "system_name"}, {242, "firmware"},  {243, "hardware"},
                     {245, "location"},    {246, "device_id"}, {247, "device_name"},
                     {248, "serial"},      {250, "model"},     {252, "vendor"}};
  constexpr std::uint8_t kVisibleString = 1;
  while (in.left() > 0) {
    const ObjectHeader header = read_object_header(in);
    if (header.group != 0 || header.count != 1) return;
    in.skip(header.has_count ? header.prefix_bytes : 0);
    const std::uint8_t type = in.u8();
    const std::string_view value = in.text(in.u8());
    for (const auto& known : kAttributes)
      if (known.variation == header.variation && type == kVisibleString && in.is_good())
        facts.add_raw(about_sender(known.attribute, kConfidence), value);
  }
}

}  // namespace osect::dissect::dnp3_objects
