// Windows by the numbers that its protocols state: what a person calls them, after Microsoft's
// release history.
#pragma once

#include <cstdint>

#include "sensor/dissect/collected.h"

namespace osect::dissect::windows {

struct Version {
  std::uint8_t major = 0;
  std::uint8_t minor = 0;
  std::uint16_t build = 0;  // 0: not stated
};

// "Windows 10 22H2 (build 19045)"; nothing for versions that Microsoft never had.
void write_name(Writer& to, const Version& version);

// `os` and `os_build` of the subject; nothing without a build, which others than Microsoft leave
// out.
void add_version(Fact about_whom, const Version& version, Collected& facts);

}  // namespace osect::dissect::windows
