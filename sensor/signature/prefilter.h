// Which contents of many a payload holds, found in one pass by Hyperscan.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

struct hs_database;
struct hs_scratch;

namespace osect::signature {

struct Pattern {
  std::string bytes;
  bool is_nocase = false;
};

// Patterns compiled once; read only afterwards.
class Prefilter {
 public:
  static Result<Prefilter> compile(const std::vector<Pattern>& patterns);

  // Calls visit(context, number) for every pattern that the bytes hold, at least once and perhaps
  // several times.
  using Visit = void (*)(void* context, std::uint32_t pattern);
  void scan(std::span<const std::uint8_t> bytes, hs_scratch* scratch, void* context,
            Visit visit) const;
  [[nodiscard]] std::size_t memory_bytes() const;
  [[nodiscard]] const hs_database* database() const { return database_.get(); }

 private:
  struct Free {
    void operator()(hs_database* database) const;
  };
  // Whether a short payload may hold any pattern at all: field protocols' messages are short, and a
  // scan costs more than to look for every pattern's first four bytes in a table of bits.
  [[nodiscard]] bool may_hold_any(std::span<const std::uint8_t> bytes) const;

  static constexpr std::size_t kBegin = 4;
  static constexpr std::size_t kShortMost = 96;
  static constexpr unsigned kTableBits = 18;
  std::vector<std::uint64_t> begins_;  // empty: a pattern is shorter than kBegin
  std::unique_ptr<hs_database, Free> database_;
};

// Room for scans of one thread with any of several prefilters.
class Scratch {
 public:
  [[nodiscard]] Result<> grow_for(const Prefilter& prefilter);
  [[nodiscard]] hs_scratch* room() const { return room_; }
  Scratch() = default;
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch();

 private:
  hs_scratch* room_ = nullptr;
};

}  // namespace osect::signature
