// Which sensors have a stream open here: one each.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace osect::ingest {

// Any thread. A stream that wants the place of another asks it to end and tries again until it is
// gone, so that nothing of the earlier stream can be committed after the later one was told what
// is.
class Registry {
 public:
  // True when the place was free and now belongs to `stream`; otherwise its holder is asked to end
  // by `cancel`, which is called under a lock and must not block.
  bool try_enter(const std::string& uuid, const void* stream, std::function<void()> cancel) {
    const std::lock_guard lock(mutex_);
    const auto [at, is_free] = holders_.try_emplace(uuid, Holder{stream, std::move(cancel)});
    if (!is_free && at->second.stream != stream) at->second.cancel();
    return at->second.stream == stream;
  }
  void leave(const std::string& uuid, const void* stream) {
    const std::lock_guard lock(mutex_);
    const auto at = holders_.find(uuid);
    if (at != holders_.end() && at->second.stream == stream) holders_.erase(at);
  }
  void cancel(const std::string& uuid) {
    const std::lock_guard lock(mutex_);
    if (const auto at = holders_.find(uuid); at != holders_.end()) at->second.cancel();
  }
  [[nodiscard]] std::vector<std::string> uuids() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> out;
    for (const auto& [uuid, holder] : holders_) out.push_back(uuid);
    return out;
  }

 private:
  struct Holder {
    const void* stream;
    std::function<void()> cancel;
  };
  mutable std::mutex mutex_;
  std::map<std::string, Holder> holders_;
};

}  // namespace osect::ingest
