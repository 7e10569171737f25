// The worker that turns new endpoints into devices right after the commit that brought them.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>

#include "base/result.h"
#include "cloud/inventory/vendor.h"
#include "cloud/inventory/work.h"
#include "cloud/store/pool.h"

namespace osect::inventory {

// Work comes from inventory_work, written in the transaction of what is new: none is lost, and any
// number of nodes may take it. One thread; note() from any.
class Inventory {
 public:
  // Without being told, it looks around that often: for what another node's ingest brought, and for
  // what a person decided. `on_done` is called after each round that worked on something, from the
  // worker's thread.
  Inventory(store::Pool& pool, const Vendors& vendors,
            std::chrono::milliseconds look_around = std::chrono::seconds(2),
            std::function<void()> on_done = {})
      : pool_(pool), vendors_(vendors), look_around_(look_around), on_done_(std::move(on_done)) {}
  Inventory(const Inventory&) = delete;
  Inventory& operator=(const Inventory&) = delete;
  ~Inventory() { stop(); }

  void start();
  void stop();
  void note();  // something was committed

  // Everything there is to do now, once; the number of sites worked on. While not started, any
  // thread.
  Result<int> work_off();

 private:
  Result<bool> work_on(const Site& site);
  void run(const std::stop_token& stop);

  store::Pool& pool_;
  const Vendors& vendors_;
  const std::chrono::milliseconds look_around_;
  const std::function<void()> on_done_;
  std::mutex mutex_;
  std::condition_variable_any noted_;
  bool has_news_ = true;  // an earlier run may have left work
  std::jthread thread_;
};

}  // namespace osect::inventory
