// Findings become alerts: new ones, or repeats of those that are there.
#pragma once

#include <span>

#include "base/result.h"
#include "cloud/detect/engine.h"
#include "cloud/detect/reading.h"
#include "cloud/store/pool.h"

namespace osect::alert {

// Within the transaction that judged; of one site, which no other node judges meanwhile. A finding
// - repeats the alert of its rule and key while that is open, muted or accepted, and after closing
//   for the rule's dedupe_hours;
// - joins an open alert of its rule and join key that was last seen within ten minutes;
// - otherwise opens a new one.
[[nodiscard]] Result<> raise(store::Transaction& transaction, const detect::Site& site,
                             std::span<const detect::Finding> findings);

}  // namespace osect::alert
