// The worker that finds the weaknesses of devices after inventory saved them, and of all devices
// when the day or what is known changes.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <utility>

#include "base/clock.h"
#include "base/result.h"
#include "cloud/store/pool.h"
#include "cloud/weakness/finding.h"

namespace osect::weakness {

// Work comes from weakness_work, which saving a device fills; any number of nodes may take it. One
// thread.
class Assessor {
 public:
  explicit Assessor(store::Pool& pool, Clock now = system_now)
      : pool_(pool), now_(std::move(now)) {}
  Assessor(const Assessor&) = delete;
  Assessor& operator=(const Assessor&) = delete;
  ~Assessor() { stop(); }

  void start();
  void stop();

  // Everything there is to do now, once; the number of devices judged. While not started, any
  // thread.
  Result<int> work_off();

 private:
  Result<int> work_on(std::int64_t organization, std::int64_t site);
  void run(const std::stop_token& stop);

  store::Pool& pool_;
  const Clock now_;
  std::mutex mutex_;
  std::condition_variable_any stopping_;
  std::jthread thread_;
};

}  // namespace osect::weakness
