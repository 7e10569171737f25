// Folds packed minutes into totals (conversation, endpoint, operation) and hours, behind the
// acknowledged batches.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <set>
#include <thread>

#include "base/result.h"
#include "cloud/ingest/writer.h"
#include "cloud/store/pool.h"

namespace osect::ingest {

struct FoldConfig {
  // Of its time the folder works at most this share: many minutes of a sensor then fold into one
  // update of its rows, and ingest keeps the machine. Totals lag the more the busier the machine
  // is; nothing is lost by it.
  double work_share = 0.25;
  std::int64_t look_around_ms = 30'000;  // for what another node or an earlier run left
  std::int64_t minutes_max = 500;        // packed rows a transaction
};

// Exactly once: the sequence up to which a sensor is folded moves in the same transaction as the
// totals.
class Folder {
 public:
  struct Key {
    std::int64_t organization = 0;
    std::int64_t site = 0;
    std::int64_t sensor = 0;
    auto operator<=>(const Key&) const = default;
  };

  Folder(FoldConfig config, store::Pool& pool) : config_(config), pool_(pool) {}
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { stop(); }

  void start();
  void stop();                      // what is not folded is found at the next start
  void note(const Sensor& sensor);  // any thread: this sensor has something new

  // Folds one sensor now; true when more is left. Any thread while not started.
  Result<bool> fold(const Key& key);

 private:
  void work(const std::stop_token& stop);
  void look_around();

  const FoldConfig config_;
  store::Pool& pool_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::set<Key> waiting_;
  std::jthread thread_;
};

}  // namespace osect::ingest
