// columns.toml as it was when the program was built.
#pragma once

#include <string_view>

namespace osect::ledger {

extern const std::string_view kColumnsText;

}  // namespace osect::ledger
