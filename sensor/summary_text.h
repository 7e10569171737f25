// A report as a page of text for people: the format of `analyze --format summary`.
#pragma once

#include <string>

#include "sensor/jsonl.h"
#include "sensor/observe/report.h"

namespace osect::sensor {

[[nodiscard]] std::string summary_text(const observe::Report& report, const Summary& summary);

}  // namespace osect::sensor
