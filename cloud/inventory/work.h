// The work on one site: reads what is related to new endpoints, resolves it, writes the devices.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "cloud/inventory/rules.h"
#include "cloud/inventory/vendor.h"
#include "cloud/store/pool.h"

namespace osect::inventory {

struct Site {
  std::int64_t organization = 0;
  std::int64_t id = 0;
};

// Takes a part of the site's inventory_work within the transaction, which the caller commits. False
// when there was none.
[[nodiscard]] Result<bool> work_within(store::Transaction& transaction, const Site& site,
                                       const Rules& rules, const Vendors& vendors);

}  // namespace osect::inventory
