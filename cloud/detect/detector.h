// The worker that judges what is new at a site, right after inventory has said which devices it is.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "base/result.h"
#include "cloud/detect/engine.h"
#include "cloud/detect/reading.h"
#include "cloud/store/pool.h"

namespace osect::detect {

// Work is what stands unjudged in the tables: none is lost, each row is judged once, in the
// transaction that also writes what came of it, and any number of nodes may take it. One thread;
// note() from any.
class Detector {
 public:
  // What is done with findings, in the transaction that judged.
  using Sink = std::function<Result<>(store::Transaction&, const Site&, std::span<const Finding>)>;

  Detector(store::Pool& pool, const std::vector<Rule>& rules, Sink sink);
  Detector(const Detector&) = delete;
  Detector& operator=(const Detector&) = delete;
  ~Detector() { stop(); }

  void start();
  void stop();
  void note();  // something was committed

  // Everything there is to do now, once. While not started, any thread.
  Result<> work_off();

 private:
  // True when there is more.
  Result<bool> work_on(const Site& site);
  void run(const std::stop_token& stop);

  store::Pool& pool_;
  const std::vector<Rule>& rules_;
  const Engine engine_;
  const Sink sink_;
  std::vector<std::string> attributes_;  // of facts that rules speak of
  TimeNs window_ = 0;                    // the longest of a threshold
  std::mutex mutex_;
  std::condition_variable_any noted_;
  bool has_news_ = true;  // an earlier run may have left work
  std::jthread thread_;
};

}  // namespace osect::detect
