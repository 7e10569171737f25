// What an assessment report says of a site and a period, as JSON without a language: the noun of
// this folder. web/report/view-model.ts has its shape and puts it into words.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "cloud/store/pool.h"

namespace osect::report {

struct Subject {
  std::int64_t organization = 0;
  std::int64_t site = 0;
  TimeNs begin = 0;
  TimeNs end = 0;
};

struct ViewModel {
  std::string json;
};

// Reads it part by part in the transaction, which must see the site, and judges it (judge.h). A
// site that is not there is an error.
[[nodiscard]] Result<ViewModel> read_view_model(store::Transaction& transaction,
                                                const Subject& subject, TimeNs now);

}  // namespace osect::report
