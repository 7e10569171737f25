// The list of dissectors as a document: docs/protocols.md is what this says.
#pragma once

#include <filesystem>
#include <string>

namespace osect::golden {

[[nodiscard]] std::string protocol_table(const std::filesystem::path& golden);

}  // namespace osect::golden
