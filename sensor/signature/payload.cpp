// One check after the other; each knows where the one before it ended.
#include "sensor/signature/payload.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace osect::signature {
namespace {

std::uint8_t lower(std::uint8_t byte) {
  return byte >= 'A' && byte <= 'Z' ? static_cast<std::uint8_t>(byte + 32) : byte;
}

constexpr std::size_t kAbsent = ~std::size_t{0};

// Where the content begins in the bytes, or kAbsent.
std::size_t find(const Content& content, Bytes in) {
  const void* text = content.bytes.data();
  const Bytes wanted(static_cast<const std::uint8_t*>(text), content.bytes.size());
  if (wanted.size() > in.size()) return kAbsent;
  if (!content.is_nocase) {
    const void* found = ::memmem(in.data(), in.size(), wanted.data(), wanted.size());
    if (found == nullptr) return kAbsent;
    return static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - in.data());
  }
  const auto found = std::search(in.begin(), in.end(), wanted.begin(), wanted.end(),
                                 [](std::uint8_t a, std::uint8_t b) { return lower(a) == b; });
  return found == in.end() ? kAbsent : static_cast<std::size_t>(found - in.begin());
}

bool holds(Comparison comparison, std::uint64_t left, std::uint64_t right) {
  switch (comparison) {
    case Comparison::less:
      return left < right;
    case Comparison::equal:
      return left == right;
    case Comparison::greater:
      return left > right;
    case Comparison::less_equal:
      return left <= right;
    case Comparison::greater_equal:
      return left >= right;
    case Comparison::any_bit:
      return (left & right) != 0;
  }
  return false;
}

struct Reach {
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

// Where the content may lie, seen from the end of the last match.
Reach reach_of(const Content& content, std::int64_t position, std::int64_t size) {
  if (!content.is_relative()) return {content.offset, content.has_depth ? content.depth : size};
  Reach reach{position, size};
  if (content.has_distance) reach.begin = std::max<std::int64_t>(0, position + content.distance);
  if (content.has_within)
    reach.end = std::min<std::int64_t>(size, position + content.within + content.distance);
  return reach;
}

}  // namespace

bool PayloadJudge::is_match(const Rule& rule, Bytes payload) {
  if (rule.checks.empty()) return true;
  if (payload.empty()) return false;
  rule_ = &rule;
  payload_ = payload;
  position_ = 0;
  steps_ = 0;
  return judge(0) == Verdict::match;
}

PayloadJudge::Verdict PayloadJudge::judge(std::size_t at) {
  if (++steps_ >= kStepsMost) return Verdict::hopeless;
  return std::visit([&](const auto& check) { return judge(check, at); }, rule_->checks[at]);
}

PayloadJudge::Verdict PayloadJudge::judge(const Content& content, std::size_t at) {
  const auto size = static_cast<std::int64_t>(payload_.size());
  const auto length = static_cast<std::int64_t>(content.bytes.size());
  const Reach reach = reach_of(content, position_, size);
  const std::int64_t end = std::min(reach.end, size);
  std::int64_t begin = reach.begin;
  for (;;) {
    if (begin > end || end <= 0) return content.is_negated ? next(at) : Verdict::mismatch;
    const auto searched =
        payload_.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
    const std::size_t found = find(content, searched);
    if (found == kAbsent) {
      if (content.is_negated) return next(at);
      return content.is_relative() ? Verdict::mismatch : Verdict::hopeless;
    }
    if (content.is_negated) return Verdict::mismatch;
    const std::int64_t match_end = begin + static_cast<std::int64_t>(found) + length;
    position_ = match_end;
    if (!content.is_at_end || match_end == size) {
      const Verdict rest = next(at);
      if (rest != Verdict::mismatch) return rest;
      if (!content.is_retried) return Verdict::hopeless;
    }
    begin = match_end - length + 1;
  }
}

PayloadJudge::Verdict PayloadJudge::judge(const Expression& expression, std::size_t at) {
  const std::int64_t position = position_;
  const std::int64_t base = expression.is_relative ? position : 0;
  if (base < 0 || base > static_cast<std::int64_t>(payload_.size())) return Verdict::mismatch;
  const auto subject = payload_.subspan(static_cast<std::size_t>(base));
  if (expression.is_relative && subject.empty()) return Verdict::mismatch;
  for (std::size_t start = 0; start <= subject.size();) {
    Found found;
    const auto outcome = search_.search(expression, subject, start, found);
    if (expression.is_negated)
      return outcome == ExpressionSearch::Outcome::absent ? next(at) : Verdict::mismatch;
    if (outcome != ExpressionSearch::Outcome::found) return Verdict::mismatch;
    position_ = base + static_cast<std::int64_t>(found.end);
    const Verdict rest = next(at);
    if (rest != Verdict::mismatch || !expression.is_retried) return rest;
    position_ = position;
    start = found.begin + 1;
  }
  return Verdict::mismatch;
}

PayloadJudge::Number PayloadJudge::read(const Extract& extract) const {
  Number out;
  out.begin = extract.offset + (extract.is_relative ? position_ : 0);
  const auto size = static_cast<std::int64_t>(payload_.size());
  if (out.begin < 0 || out.begin + extract.bytes > size) return out;
  out.is_there = true;
  for (std::uint32_t i = 0; i < extract.bytes; ++i) {
    const auto place =
        static_cast<std::size_t>(out.begin) + (extract.is_little ? extract.bytes - 1 - i : i);
    out.value = out.value << 8 | payload_[place];
  }
  if (extract.mask != 0) out.value = (out.value & extract.mask) >> std::countr_zero(extract.mask);
  return out;
}

PayloadJudge::Verdict PayloadJudge::judge(const ByteTest& test, std::size_t at) {
  const Number number = read(test.from);
  if (!number.is_there) return Verdict::mismatch;
  if (holds(test.comparison, number.value, test.value) == test.is_negated) return Verdict::mismatch;
  return next(at);
}

PayloadJudge::Verdict PayloadJudge::judge(const ByteJump& jump, std::size_t at) {
  const Number number = read(jump.from);
  if (!number.is_there) return Verdict::mismatch;
  std::uint64_t value = number.value * jump.multiplier;
  if (jump.is_aligned) value = (value + 3) / 4 * 4;
  value += jump.add;
  const std::int64_t target =
      static_cast<std::int64_t>(value) + (jump.is_from_start ? 0 : number.begin + jump.from.bytes);
  if (target >= static_cast<std::int64_t>(payload_.size())) return Verdict::mismatch;
  position_ = target;
  return next(at);
}

PayloadJudge::Verdict PayloadJudge::judge(const DataAt& data, std::size_t at) {
  const auto size = static_cast<std::int64_t>(payload_.size());
  const bool is_there = data.is_relative ? position_ + data.at <= size : data.at < size;
  if (is_there != data.is_negated) return next(at);
  return data.is_relative && data.is_negated ? Verdict::mismatch : Verdict::hopeless;
}

}  // namespace osect::signature
