// The checks of a rule on a payload, in the order and with the retries that Suricata has.
#pragma once

#include <cstdint>
#include <span>

#include "sensor/signature/expression.h"
#include "sensor/signature/rule.h"

namespace osect::signature {

using Bytes = std::span<const std::uint8_t>;

// Owned and used by one thread; nothing is allocated after construction. Work on one payload is
// bounded: beyond Suricata's limit of steps a rule does not match.
class PayloadJudge {
 public:
  [[nodiscard]] bool is_match(const Rule& rule, Bytes payload);

 private:
  static constexpr std::uint32_t kStepsMost = 3000;
  // `hopeless`: other occurrences of what came before would not help.
  enum class Verdict : std::uint8_t { match, mismatch, hopeless };

  Verdict judge(std::size_t at);
  Verdict judge(const Content& content, std::size_t at);
  Verdict judge(const Expression& expression, std::size_t at);
  Verdict judge(const ByteTest& test, std::size_t at);
  Verdict judge(const ByteJump& jump, std::size_t at);
  Verdict judge(const DataAt& data, std::size_t at);
  // The rest of the rule.
  Verdict next(std::size_t at) {
    return at + 1 == rule_->checks.size() ? Verdict::match : judge(at + 1);
  }
  struct Number {
    bool is_there = false;
    std::int64_t begin = 0;
    std::uint64_t value = 0;
  };
  [[nodiscard]] Number read(const Extract& extract) const;

  ExpressionSearch search_;
  const Rule* rule_ = nullptr;
  Bytes payload_;
  std::int64_t position_ = 0;  // where the last match ended
  std::uint32_t steps_ = 0;
};

}  // namespace osect::signature
