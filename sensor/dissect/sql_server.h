// Microsoft SQL Server by its version; learn.microsoft.com, "Latest updates and version history for
// SQL Server".
#pragma once

#include "sensor/dissect/collected.h"

namespace osect::dissect::sql_server {

// `product_name` and `server_software` of the sender.
void add_version(Collected& facts, std::uint8_t confidence, unsigned major, unsigned minor,
                 unsigned build);

}  // namespace osect::dissect::sql_server
