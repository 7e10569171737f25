// Tools that let somebody far away operate a computer, by the hosts that they call; protocols.md
// C4.
#pragma once

#include <string_view>

namespace osect::dissect::remote_tools {

// "" for a host of none.
[[nodiscard]] std::string_view of_host(std::string_view host);

}  // namespace osect::dissect::remote_tools
