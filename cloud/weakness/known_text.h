// The texts of the .toml files, built in by CMakeLists.txt.
#pragma once

#include <string_view>

namespace osect::weakness {

extern const std::string_view support_text;
extern const std::string_view habits_text;
extern const std::string_view sentences_text;

}  // namespace osect::weakness
