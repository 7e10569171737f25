// What is new at a site, read from the database as sightings. Queries:
// cloud/store/queries/detect.sql.
#pragma once

#include <cstdint>
#include <vector>

#include "cloud/detect/sighting.h"
#include "cloud/store/pool.h"

namespace osect::detect {

struct Site {
  std::int64_t organization = 0;
  std::int64_t id = 0;
};

// Thrown within a site's transaction, which is then rolled back.
struct Stopped {
  Error error;
};

// Within one transaction. Every judge_ function takes at most kRowsMax rows that nobody judged yet
// and marks them as judged.
class Reading {
 public:
  static constexpr std::int64_t kRowsMax = 2000;

  Reading(store::Transaction& transaction, const Site& site)
      : transaction_(transaction), site_(site) {}

  std::vector<Sighting> judge_devices();
  std::vector<Sighting> judge_conversations();
  std::vector<Sighting> judge_operations();
  std::vector<Sighting> judge_facts(const std::vector<std::string>& attributes);
  std::vector<Sighting> judge_events();
  // Occurrences of operations that decide something, and exchanges with errors.
  std::vector<Sighting> judge_minutes();
  std::vector<Sighting> read_cycles();
  std::vector<Sighting> read_quiet();
  // What the clients began in the window before the first of the sightings.
  std::vector<Sighting> read_recent(const std::vector<Sighting>& sightings, TimeNs window);

  store::Rows ask(const store::Query& query, std::initializer_list<store::Param> params);
  // Whether a question came back as full as it may be.
  [[nodiscard]] bool is_more() const { return is_more_; }

 private:
  store::Rows take(const store::Query& query);

  store::Transaction& transaction_;
  const Site site_;
  bool is_more_ = false;
};

}  // namespace osect::detect
