// Packed values as SQL text, for tests that put them in or look at them.
#pragma once

#include <string>
#include <string_view>

#include "cloud/store/volumes.h"

namespace osect::store::testing {

// '\x02...' in quotes.
[[nodiscard]] std::string literal(std::string_view bytes);
// The bytes that PostgreSQL prints as \x02...
[[nodiscard]] std::string bytes_of(std::string_view hex);
// Throws on damaged ones.
[[nodiscard]] Volumes volumes_of(std::string_view hex);

}  // namespace osect::store::testing
