// The worker that makes the reports people ask for.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <utility>

#include "base/clock.h"
#include "base/result.h"
#include "cloud/report/renderer.h"
#include "cloud/store/pool.h"

namespace osect::report {

// Any number of nodes may run one: a report is taken by one of them. One thread.
class Reporter {
 public:
  // find: of role osect_ingest, which sees that a report waits; make: of role osect_app.
  Reporter(RendererConfig config, store::Pool& find, store::Pool& make, Clock now = system_now)
      : config_(std::move(config)), find_(find), make_(make), now_(std::move(now)) {}
  Reporter(const Reporter&) = delete;
  Reporter& operator=(const Reporter&) = delete;
  ~Reporter() { stop(); }

  void start();
  void stop();

  // Everything that waits now, once; how many were made or failed. While not started, any thread.
  Result<int> work_off();

 private:
  Result<bool> make(std::int64_t organization, std::int64_t report);
  void run(const std::stop_token& stop);

  const RendererConfig config_;
  store::Pool& find_;
  store::Pool& make_;
  const Clock now_;
  std::mutex mutex_;
  std::condition_variable_any stopping_;
  std::jthread thread_;
};

}  // namespace osect::report
