// Alerts become incidents: what somebody did, step after step. docs/detection.md, "Incidents".
#pragma once

#include <cstdint>
#include <vector>

#include "cloud/alert/chain.h"
#include "cloud/detect/reading.h"
#include "cloud/store/pool.h"

namespace osect::alert {

// Within the transaction that raised the alerts; of one site, which no other node judges meanwhile.
// Throws detect::Stopped.
void chain_alerts(store::Transaction& transaction, const detect::Site& site, const Stages& stages,
                  TimeNs earliest);

}  // namespace osect::alert
