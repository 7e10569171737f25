// Requests waiting for their responses, per flow in order of arrival; protocols.md 0.2: at most 64
// outstanding, 10 s.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "sensor/dissect/pool.h"
#include "sensor/dissect/statement.h"

namespace osect::dissect {

constexpr std::uint8_t kOutstandingMax = 240;
constexpr TimeNs kResponseWait = 10 * kSecondNs;

// A flow's waiting requests, oldest first: a list through the pool.
struct Outstanding {
  std::uint32_t first = kNone;
  std::uint32_t last = kNone;
  std::uint8_t count = 0;
};

// Who asked, and where the sink counts it.
struct Asker {
  Memo memo = 0;
  decode::End from = decode::End::a;
};

// What a response needs to know of its request.
struct Request {
  std::string_view protocol;  // static storage: carried protocols share their flow's list
  std::uint64_t transaction;
  TimeNs time;
  Asker asker;
  std::string_view function;  // static storage
  std::uint32_t next;
  Access access;
  std::uint8_t code_size;
  std::uint8_t target_size;
  std::array<char, kCodeBytesMax> code;
  std::array<char, kTargetBytesMax> target;

  [[nodiscard]] std::string_view code_text() const { return {code.data(), code_size}; }
  [[nodiscard]] std::string_view target_text() const { return {target.data(), target_size}; }
};

class Requests {
 public:
  explicit Requests(std::size_t capacity) : pool_(capacity) {}

  // Remembers a request; requests that wait too long and those beyond the bound leave and are
  // counted.
  void wait(Outstanding& of, std::string_view protocol, const Operation& request,
            const Asker& asker, TimeNs time);
  // Takes the oldest request that this response can answer off the list; kNone when there is none.
  // Its place is the caller's until release().
  [[nodiscard]] std::uint32_t find(Outstanding& of, std::string_view protocol,
                                   const Operation& response, TimeNs time);
  // What the oldest request of this transaction asked; it stays in the list.
  [[nodiscard]] std::optional<Asked> asked(Outstanding& of, std::string_view protocol,
                                           std::uint64_t transaction, TimeNs time);
  [[nodiscard]] const Request& operator[](std::uint32_t at) { return pool_[at]; }
  void release(std::uint32_t at) { pool_.give_back(at); }
  void forget(Outstanding& of);

  [[nodiscard]] std::uint64_t expired() const { return expired_; }
  [[nodiscard]] std::size_t memory_bytes() const { return pool_.memory_bytes(); }

 private:
  void drop_first(Outstanding& of);
  void expire(Outstanding& of, TimeNs now) {
    while (of.count > 0 && now - pool_[of.first].time > kResponseWait) {
      drop_first(of);
      ++expired_;
    }
  }

  Pool<Request> pool_;
  std::uint64_t expired_ = 0;
};

}  // namespace osect::dissect
