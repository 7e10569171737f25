// Rules of kind first_seen: what the baseline does not know under the rule's key.
#include "cloud/detect/engine.h"

namespace osect::detect {

bool is_first_seen(const Rule& rule, const Sighting& sighting, const View& view) {
  return !view.baseline.knows(rule, sighting);
}

}  // namespace osect::detect
