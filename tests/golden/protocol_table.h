// The list of dissectors as a document: docs/protocols.md is what this says.
#pragma once

#include <string>

namespace osect::golden {

[[nodiscard]] std::string protocol_table();

}  // namespace osect::golden
