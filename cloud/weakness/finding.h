// What is observed of a device, and what is found in it: the noun of this folder.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "cloud/weakness/known.h"

namespace osect::weakness {

// One thing a finding rests on; of an attribute its value, of a service its port.
struct Evidence {
  std::string field;  // serves, asked, or fact.<attribute>
  std::string value;
  std::string detail;  // a fact's source, a service's transport and port
  TimeNs first = 0;
  TimeNs last = 0;
};

// A device as far as weaknesses are judged by it.
struct Observed {
  std::int64_t device = 0;
  std::string vendor;
  std::string model;
  std::string firmware;
  std::string serial;
  std::string os;
  bool talks_outside = false;
  TimeNs first = 0;
  TimeNs last = 0;
  std::vector<Evidence> evidence;

  // Values of a fact, the first first.
  [[nodiscard]] std::vector<std::string> facts(std::string_view attribute) const;
};

struct Finding {
  std::string kind;      // end_of_support, advisory, habit
  std::string rule;      // what of its kind: the release, the advisory, the habit
  std::string verdict;   // affected, possible, not_affected
  std::string severity;  // info to critical
  std::string action;    // now, next, never
  bool is_exploited = false;
  int score = 0;  // CVSS, in tenths; 0: none
  Text title;
  Text reason;
  Text measure;
  std::vector<Evidence> evidence;
  std::vector<std::string> cves;
  std::string url;
};

}  // namespace osect::weakness
