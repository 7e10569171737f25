// Segments of a padded EPATH, CIP volume 1, appendix C-1.4.
#include "sensor/dissect/cip_path.h"

namespace osect::dissect::cip {
namespace {

// Kinds of segments: the upper three bits of its first byte.
enum Segment : std::uint8_t { port = 0, logical = 1, network = 2, symbolic = 3, data = 4 };

// What a logical segment says.
enum Logical : std::uint8_t {
  class_id = 0,
  instance_id = 1,
  member_id = 2,
  connection_point = 3,
  attribute_id = 4,
  special = 5,
};

constexpr std::uint8_t kElectronicKey = 0x34;
constexpr std::uint8_t kAnsiSymbol = 0x91;
constexpr std::uint8_t kSimpleData = 0x80;
constexpr std::uint16_t kBackplane = 1;

void read_port(Cursor& in, std::uint8_t first, Path& path) {
  std::size_t link_bytes = 1;
  const bool is_long_link = (first & 0x10) != 0;
  if (is_long_link) link_bytes = in.u8();
  std::uint16_t number = first & 0x0f;
  if (number == 0x0f) number = in.le16();
  const auto link = in.text(link_bytes);
  if (is_long_link && link_bytes % 2 != 0) in.skip(1);
  if (!in.is_good() || link.empty()) return;
  if (path.route.size() > 0) path.route.put(", ");
  if (is_long_link) {
    path.route.put("port ").decimal(number).put(' ').printable(link);
  } else if (number == kBackplane) {
    path.route.put("slot ").decimal(static_cast<std::uint8_t>(link[0]));
  } else {
    path.route.put("port ").decimal(number).put(" node ");
    path.route.decimal(static_cast<std::uint8_t>(link[0]));
  }
}

std::uint32_t read_value(Cursor& in, std::uint8_t first) {
  switch (first & 0x03) {
    case 0:
      return in.u8();
    case 1:
      in.skip(1);
      return in.le16();
    case 2:
      in.skip(1);
      return in.le32();
    default:
      in.expect(false);
      return 0;
  }
}

void read_logical(Cursor& in, std::uint8_t first, Path& path) {
  const auto what = first >> 2 & 0x07;
  if (what == special) {
    in.expect(first == kElectronicKey);
    const std::uint8_t format = in.u8();
    in.skip(format == 5 ? 12 : 8);
    return;
  }
  const std::uint32_t value = read_value(in, first);
  if (!in.is_good()) return;
  switch (what) {
    case class_id:
      in.expect(path.objects_count < Path::kObjectsMax);
      if (in.is_good()) path.objects[path.objects_count++].of_class = value;
      break;
    case instance_id:
      // Without a class before it: of the connection's own class.
      if (path.objects_count == 0) path.objects_count = 1;
      path.objects[path.objects_count - 1].instance = value;
      break;
    case member_id:
      if (path.tag.size() > 0) path.tag.put('[').decimal(value).put(']');
      break;
    case connection_point:
      path.points[path.points[0] == Path::kNone ? 0 : 1] = value;
      break;
    case attribute_id:
      path.attribute = value;
      break;
    default:
      in.expect(false);
  }
}

// Behind `head` bytes; segments fill whole words.
void read_symbol(Cursor& in, std::size_t size, std::size_t head, Path& path) {
  const auto name = in.text(size);
  if ((head + size) % 2 != 0) in.skip(1);
  if (!in.is_good() || name.empty()) return;
  if (path.tag.size() > 0) path.tag.put('.');
  path.tag.printable(name);
}

}  // namespace

void read_path(Cursor in, Path& path) {
  while (in.left() > 0) {
    const std::uint8_t first = in.u8();
    switch (first >> 5) {
      case port:
        read_port(in, first, path);
        break;
      case logical:
        read_logical(in, first, path);
        break;
      case network:  // schedules and inhibit times: one byte, or as many words as they say
        in.skip((first & 0x10) != 0 ? 2U * in.u8() : 1U);
        break;
      case symbolic:
        in.expect((first & 0x1f) != 0);
        read_symbol(in, first & 0x1fU, 1, path);
        break;
      case data:
        in.expect(first == kAnsiSymbol || first == kSimpleData);
        if (first == kAnsiSymbol)
          read_symbol(in, in.u8(), 2, path);
        else
          in.skip(2U * in.u8());
        break;
      default:
        in.expect(false);
    }
  }
  path.is_clean = in.is_good();
}

void write_target(Writer& to, std::string_view route, const Path& path) {
  if (!route.empty()) to.put(route).put(": ");
  if (path.tag.size() > 0) {
    to.put("tag ").put(path.tag.text());
    return;
  }
  for (std::size_t i = 0; i < path.objects_count; ++i) {
    const Path::Object& object = path.objects[i];
    if (i > 0) to.put(' ');
    if (object.of_class != kNoClass) write_class(to, object.of_class);
    if (object.instance != Path::kNone) to.put(' ').decimal(object.instance);
  }
  if (path.attribute != Path::kNone) to.put(" attribute ").decimal(path.attribute);
  if (path.points[0] == Path::kNone) return;
  to.put(path.points[1] == Path::kNone ? " point " : " points ").decimal(path.points[0]);
  if (path.points[1] != Path::kNone) to.put(' ').decimal(path.points[1]);
}

}  // namespace osect::dissect::cip
