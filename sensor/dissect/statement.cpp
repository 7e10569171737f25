// Words for access classes, as records and interfaces carry them.
#include "sensor/dissect/statement.h"

namespace osect::dissect {

const char* access_name(Access access) {
  switch (access) {
    case Access::none:
      return "none";
    case Access::read:
      return "read";
    case Access::write:
      return "write";
    case Access::control:
      return "control";
    case Access::program:
      return "program";
    case Access::config:
      return "config";
    case Access::diagnostic:
      return "diagnostic";
    case Access::identity:
      return "identity";
    case Access::time:
      return "time";
    case Access::session:
      return "session";
    case Access::cyclic:
      return "cyclic";
  }
  return "none";
}

}  // namespace osect::dissect
