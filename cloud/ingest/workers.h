// The threads that may block on the database: tasks now, tasks later.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <queue>
#include <thread>
#include <vector>

namespace osect::ingest {

// Any thread may post. What is queued is bounded by who posts: a stream has at most one task at a
// time. Destroying it runs what is due and drops what is not.
class Workers {
 public:
  using Task = std::function<void()>;

  explicit Workers(std::size_t threads);
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  ~Workers();

  void post(Task task) { post_after(std::chrono::milliseconds(0), std::move(task)); }
  void post_after(std::chrono::milliseconds delay, Task task);

 private:
  using Clock = std::chrono::steady_clock;
  struct Item {
    Clock::time_point due;
    std::uint64_t number;
    Task task;
    bool operator<(const Item& other) const {
      return due != other.due ? due > other.due : number > other.number;
    }
  };
  void work();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::priority_queue<Item> items_;
  std::uint64_t posted_ = 0;
  bool is_stopping_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace osect::ingest
