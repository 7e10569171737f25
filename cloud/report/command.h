// osect-cloud report: makes one report at once.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "cloud/report/renderer.h"
#include "cloud/store/pool.h"

namespace osect::report {

// --site NAME --output FILE [--organization NAME] [--from TIME] [--to TIME] [--lang ja|en]; times
// on the site's clock, such as 2026-11-01 or "2026-11-01 09:30". The report is kept as one made in
// the web is; a FILE ending in .json gets the view model alone, which is not kept. The pool is of
// role osect_owner.
Result<> run_report(const std::vector<std::string>& arguments, const RendererConfig& config,
                    store::Pool& pool, TimeNs now, std::ostream& out);

}  // namespace osect::report
