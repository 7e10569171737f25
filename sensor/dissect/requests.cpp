// Pairs responses with requests by transaction within a flow; protocols.md 0.2.
#include "sensor/dissect/requests.h"

#include <algorithm>

namespace osect::dissect {

void Requests::wait(Outstanding& of, const Operation& request, TimeNs time) {
  expire(of, time);
  if (of.count == kOutstandingMax) {
    drop_first(of);
    ++expired_;
  }
  const std::uint32_t at = pool_.try_take();
  if (at == kNone) {
    ++expired_;
    return;
  }
  Request& kept = pool_[at];
  kept.transaction = request.transaction;
  kept.time = time;
  kept.function = request.function;
  kept.next = kNone;
  kept.access = request.access;
  const auto code = request.code.substr(0, kCodeBytesMax);
  const auto target = request.target.substr(0, kTargetBytesMax);
  kept.code_size = static_cast<std::uint8_t>(code.size());
  kept.target_size = static_cast<std::uint8_t>(target.size());
  std::copy(code.begin(), code.end(), kept.code.begin());
  std::copy(target.begin(), target.end(), kept.target.begin());
  (of.count == 0 ? of.first : pool_[of.last].next) = at;
  of.last = at;
  ++of.count;
}

const Request* Requests::take(Outstanding& of, const Operation& response, TimeNs time) {
  expire(of, time);
  std::uint32_t before = kNone;
  for (std::uint32_t at = of.first; at != kNone; before = at, at = pool_[at].next) {
    const Request& request = pool_[at];
    if (request.transaction != response.transaction) continue;
    if (!response.code.empty() && response.code.substr(0, kCodeBytesMax) != request.code_text())
      continue;
    (before == kNone ? of.first : pool_[before].next) = request.next;
    if (of.last == at) of.last = before;
    --of.count;
    taken_ = request;
    pool_.give_back(at);
    return &taken_;
  }
  return nullptr;
}

void Requests::forget(Outstanding& of) {
  while (of.count > 0) drop_first(of);
}

void Requests::drop_first(Outstanding& of) {
  const std::uint32_t at = of.first;
  of.first = pool_[at].next;
  if (--of.count == 0) of.last = kNone;
  pool_.give_back(at);
}

void Requests::expire(Outstanding& of, TimeNs now) {
  while (of.count > 0 && now - pool_[of.first].time > kResponseWait) {
    drop_first(of);
    ++expired_;
  }
}

}  // namespace osect::dissect
