// The padded EPATH of CIP: which object or tag a message is about and over which ports it goes; CIP
// volume 1, appendix C.
#pragma once

#include <array>
#include <cstdint>

#include "sensor/dissect/cip_names.h"
#include "sensor/dissect/text.h"

namespace osect::dissect::cip {

struct Path {
  static constexpr std::uint32_t kNone = 0xffffffff;

  // An object within another: a routine of a program.
  struct Object {
    std::uint32_t of_class = kNoClass;
    std::uint32_t instance = kNone;
  };
  static constexpr std::size_t kObjectsMax = 4;

  // The outermost object's, which codes name and services are asked of.
  [[nodiscard]] std::uint32_t of_class() const { return objects[0].of_class; }

  std::array<Object, kObjectsMax> objects;
  std::size_t objects_count = 0;
  std::uint32_t attribute = kNone;
  std::array<std::uint32_t, 2> points = {kNone, kNone};  // connection points: consumed, produced
  Text<48> tag;          // "Motor1.Speed", "Recipe[3]"; empty: no symbol
  Text<40> route;        // "slot 2", "slot 1, port 2 10.0.0.2"; empty: to the receiver itself
  bool is_clean = true;  // false: a segment that appendix C does not know; the rest is not read
};

// Reads all of `in`.
void read_path(Cursor in, Path& path);
// "identity 1 attribute 7", "program 5 routine 2", "tag Motor1.Speed", "assembly 151 points 150
// 100"; with the route in front: "slot 2: identity 1".
void write_target(Writer& to, std::string_view route, const Path& path);

}  // namespace osect::dissect::cip
