// Enrolment by one-time code: proves the cloud to the sensor before the sensor proves itself;
// uplink.proto, Enrolment.
#pragma once

#include <string>

#include "base/result.h"

namespace osect::uplink {

struct Enrolled {
  std::string sensor_name;
  std::string site_name;
};

// The code is SECRET-PIN: 16 and 16 characters of Crockford's base 32, dashes and case as one
// likes. The server's chain must contain the authority whose key the pin names; only then is the
// secret sent, under that authority alone. The key is made here and never leaves. Writes the
// identity into the directory.
Result<Enrolled> enroll(const std::string& host, const std::string& port, const std::string& code,
                        const std::string& version, const std::string& directory);

}  // namespace osect::uplink
