// Rules of kind match: what fulfils the conditions is a finding, each time.
#include "cloud/detect/engine.h"

namespace osect::detect {

bool is_match(const Rule& rule, const Sighting& sighting, const View& view) {
  // Having been seen while learning excuses nothing that stops a machine; a person's word does.
  return rule.record != Record::occurrence || !view.baseline.is_approved(sighting);
}

}  // namespace osect::detect
