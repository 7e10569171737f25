// Small files as a whole.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

namespace osect {

[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path);

}  // namespace osect
