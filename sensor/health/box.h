// The box the sensor runs on, as the kernel tells: proc(5), sysfs.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "sensor/condense/content.h"

namespace osect::health {

// Owned by one thread. CPU is of this process, since the reading before.
class Box {
 public:
  // Free disk space is that of the file system of this directory.
  explicit Box(std::string directory);

  // Fills what is the box's: uptime, CPU, memory, disk, temperature; what cannot be read is left as
  // it is.
  void read(condense::Health& health);

 private:
  std::string directory_;
  std::chrono::steady_clock::time_point before_;
  std::chrono::microseconds cpu_before_;
};

}  // namespace osect::health
