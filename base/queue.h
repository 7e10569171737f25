// A bounded, named queue between two threads; what happens when it is full is said where it is
// declared.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace osect {

enum class WhenFull : std::uint8_t {
  block,        // the producer waits: only for producers that may wait
  drop_newest,  // the item is refused and counted: capture never blocks
};

// Any thread may push, any thread may pop. Closing wakes everybody; what is queued can still be
// taken.
template <typename T>
class Queue {
 public:
  Queue(std::string name, std::size_t capacity, WhenFull when_full)
      : name_(std::move(name)), capacity_(capacity), when_full_(when_full) {}
  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;

  // False when the item was refused: the queue is closed, or full under drop_newest.
  bool try_push(T item) {
    std::unique_lock lock(mutex_);
    if (when_full_ == WhenFull::block)
      has_room_.wait(lock, [&] { return closed_ || items_.size() < capacity_; });
    if (closed_ || items_.size() >= capacity_) {
      ++dropped_;
      return false;
    }
    items_.push_back(std::move(item));
    has_item_.notify_one();
    return true;
  }

  // Waits for an item; nothing once the queue is closed and empty.
  std::optional<T> take() {
    std::unique_lock lock(mutex_);
    has_item_.wait(lock, [&] { return closed_ || !items_.empty(); });
    return take_front();
  }

  // Waits at most until the deadline; nothing when it passed or the queue is closed and empty.
  template <typename TimePoint>
  std::optional<T> take_until(TimePoint deadline) {
    std::unique_lock lock(mutex_);
    has_item_.wait_until(lock, deadline, [&] { return closed_ || !items_.empty(); });
    return take_front();
  }

  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    has_item_.notify_all();
    has_room_.notify_all();
  }

  [[nodiscard]] bool is_closed() const {
    const std::lock_guard lock(mutex_);
    return closed_;
  }
  [[nodiscard]] std::size_t depth() const {
    const std::lock_guard lock(mutex_);
    return items_.size();
  }
  [[nodiscard]] std::uint64_t dropped() const {
    const std::lock_guard lock(mutex_);
    return dropped_;
  }
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  std::optional<T> take_front() {
    if (items_.empty()) return std::nullopt;
    std::optional<T> item(std::move(items_.front()));
    items_.pop_front();
    has_room_.notify_one();
    return item;
  }

  const std::string name_;
  const std::size_t capacity_;
  const WhenFull when_full_;
  mutable std::mutex mutex_;
  std::condition_variable has_item_;
  std::condition_variable has_room_;
  std::deque<T> items_;
  std::uint64_t dropped_ = 0;
  bool closed_ = false;
};

}  // namespace osect
