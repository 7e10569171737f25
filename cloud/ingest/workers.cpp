// Threads taking tasks in the order they fall due.
#include "cloud/ingest/workers.h"

namespace osect::ingest {

Workers::Workers(std::size_t threads) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

Workers::~Workers() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_all();
  threads_.clear();
}

void Workers::post_after(std::chrono::milliseconds delay, Task task) {
  {
    const std::lock_guard lock(mutex_);
    items_.push({Clock::now() + delay, posted_++, std::move(task)});
  }
  changed_.notify_one();
}

void Workers::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    const bool is_due = !items_.empty() && items_.top().due <= Clock::now();
    if (is_due) {
      const Task task = items_.top().task;
      items_.pop();
      lock.unlock();
      task();
      lock.lock();
    } else if (is_stopping_) {
      return;
    } else if (items_.empty()) {
      changed_.wait(lock);
    } else {
      const Clock::time_point due = items_.top().due;
      changed_.wait_until(lock, due);
    }
  }
}

}  // namespace osect::ingest
