// Keeps the partitions of time: made ahead, dropped when older than what is kept.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

#include "base/clock.h"
#include "base/result.h"
#include "cloud/store/pool.h"

namespace osect::store {

struct Retention {
  std::int64_t minutes_days = 14;
  std::int64_t hours_days = 400;
  std::int64_t days_days = 3650;
};

// Uses a pool of osect_owner.
class Partitions {
 public:
  Partitions(Retention retention, Pool& owner) : retention_(retention), owner_(owner) {}
  Partitions(const Partitions&) = delete;
  Partitions& operator=(const Partitions&) = delete;
  ~Partitions() { stop(); }

  // Once; any thread.
  Result<> maintain(TimeNs now);
  // Every hour on a thread of its own.
  void start();
  void stop();

 private:
  const Retention retention_;
  Pool& owner_;
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::jthread thread_;
};

}  // namespace osect::store
