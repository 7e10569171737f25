// Pairs responses with requests by transaction within a flow; protocols.md 0.2.
#include "sensor/dissect/requests.h"

#include <algorithm>

#include "base/same_text.h"

namespace osect::dissect {
namespace {

// Codes and targets are a few bytes: two overlapping words are cheaper than a call.
void copy_text(std::string_view text, char* to) {
  const std::size_t size = text.size();
  const char* from = text.data();
  if (size > 32) {
    std::copy(text.begin(), text.end(), to);
  } else if (size > 16) {
    std::copy_n(from, 16, to);
    std::copy_n(from + size - 16, 16, to + size - 16);
  } else if (size >= 8) {
    std::copy_n(from, 8, to);
    std::copy_n(from + size - 8, 8, to + size - 8);
  } else if (size >= 4) {
    std::copy_n(from, 4, to);
    std::copy_n(from + size - 4, 4, to + size - 4);
  } else {
    for (std::size_t i = 0; i < size; ++i) to[i] = from[i];
  }
}

}  // namespace

void Requests::wait(Outstanding& of, std::string_view protocol, const Operation& request,
                    const Asker& asker, TimeNs time) {
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
  kept.protocol = protocol;
  kept.transaction = request.transaction;
  kept.time = time;
  kept.asker = asker;
  kept.function = request.function;
  kept.next = kNone;
  kept.access = request.access;
  const auto code = request.code.substr(0, kCodeBytesMax);
  const auto target = request.target.substr(0, kTargetBytesMax);
  kept.code_size = static_cast<std::uint8_t>(code.size());
  kept.target_size = static_cast<std::uint8_t>(target.size());
  copy_text(code, kept.code.data());
  copy_text(target, kept.target.data());
  (of.count == 0 ? of.first : pool_[of.last].next) = at;
  of.last = at;
  ++of.count;
}

std::uint32_t Requests::find(Outstanding& of, std::string_view protocol, const Operation& response,
                             TimeNs time) {
  expire(of, time);
  std::uint32_t before = kNone;
  for (std::uint32_t at = of.first; at != kNone; before = at, at = pool_[at].next) {
    const Request& request = pool_[at];
    if (request.transaction != response.transaction || request.protocol.data() != protocol.data())
      continue;
    if (!response.code.empty() && !response.is_provisional && !response.has_own_code &&
        !is_same_text(response.code.substr(0, kCodeBytesMax), request.code_text()))
      continue;
    (before == kNone ? of.first : pool_[before].next) = request.next;
    if (of.last == at) of.last = before;
    --of.count;
    return at;
  }
  return kNone;
}

std::optional<Asked> Requests::asked(Outstanding& of, std::string_view protocol,
                                     std::uint64_t transaction, TimeNs time) {
  expire(of, time);
  for (std::uint32_t at = of.first; at != kNone; at = pool_[at].next) {
    const Request& request = pool_[at];
    if (request.transaction == transaction && request.protocol.data() == protocol.data())
      return Asked{request.code_text(), request.target_text()};
  }
  return std::nullopt;
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

}  // namespace osect::dissect
