// PCRE2; the only place that knows it.
#define PCRE2_CODE_UNIT_WIDTH 8
#include "sensor/signature/expression.h"

#include <fmt/format.h>
#include <pcre2.h>

#include <array>
#include <new>

namespace osect::signature {
namespace {

// Suricata's defaults.
constexpr std::uint32_t kMatchLimit = 3500;
constexpr std::uint32_t kDepthLimit = 1500;

std::string take_flag(char flag, std::uint32_t& options, Expression& expression) {
  switch (flag) {
    case 'i':
      options |= PCRE2_CASELESS;
      return {};
    case 'm':
      options |= PCRE2_MULTILINE;
      return {};
    case 's':
      options |= PCRE2_DOTALL;
      return {};
    case 'x':
      options |= PCRE2_EXTENDED;
      return {};
    case 'A':
      options |= PCRE2_ANCHORED;
      return {};
    case 'E':
      options |= PCRE2_DOLLAR_ENDONLY;
      return {};
    case 'G':
      options |= PCRE2_UNGREEDY;
      return {};
    case 'R':
      expression.is_relative = true;
      return {};
    default:
      return fmt::format("pcre: the flag '{}' is not supported", flag);
  }
}

}  // namespace

std::string parse_expression(std::string_view text, Expression& expression) {
  if (text.starts_with('!')) {
    expression.is_negated = true;
    text = text.substr(1);
  }
  if (text.size() < 4 || text.front() != '"' || text.back() != '"' || text[1] != '/')
    return "pcre: expected \"/.../\"";
  text = text.substr(2, text.size() - 3);
  const auto slash = text.rfind('/');
  if (slash == std::string_view::npos || slash == 0) return "pcre: expected \"/.../\"";
  const std::string_view pattern = text.substr(0, slash);
  std::uint32_t options = 0;
  for (const char flag : text.substr(slash + 1))
    if (auto reason = take_flag(flag, options, expression); !reason.empty()) return reason;
  if (pattern.find("(?P<") != std::string_view::npos ||
      pattern.find("(?<flow") != std::string_view::npos)
    return "pcre: named groups, which Suricata takes for variables, are not supported";
  int problem = 0;
  PCRE2_SIZE where = 0;
  const void* bytes = pattern.data();
  pcre2_code* code = pcre2_compile(static_cast<PCRE2_SPTR>(bytes), pattern.size(), options,
                                   &problem, &where, nullptr);
  if (code == nullptr) {
    std::array<char, 160> message{};
    void* room = message.data();
    pcre2_get_error_message(problem, static_cast<PCRE2_UCHAR*>(room), message.size());
    return fmt::format("pcre: {} at {}", message.data(), where);
  }
  expression.code.reset(code);
  // Without it a search would take memory of its own.
  if (pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) != 0) return "pcre: too complex to be compiled";
  return {};
}

void Expression::Free::operator()(pcre2_code* compiled) const {
  pcre2_code_free(compiled);
}

void ExpressionSearch::Free::operator()(pcre2_match_data* room) const {
  pcre2_match_data_free(room);
}

void ExpressionSearch::Free::operator()(pcre2_match_context* context) const {
  pcre2_match_context_free(context);
}

ExpressionSearch::ExpressionSearch()
    : room_(pcre2_match_data_create(1, nullptr)), context_(pcre2_match_context_create(nullptr)) {
  if (room_ == nullptr || context_ == nullptr) throw std::bad_alloc();
  pcre2_set_match_limit(context_.get(), kMatchLimit);
  pcre2_set_depth_limit(context_.get(), kDepthLimit);
}

ExpressionSearch::Outcome ExpressionSearch::search(const Expression& expression,
                                                   std::span<const std::uint8_t> subject,
                                                   std::size_t start, Found& found) {
  const int pairs = pcre2_match(expression.code.get(), subject.data(), subject.size(), start, 0,
                                room_.get(), context_.get());
  if (pairs == PCRE2_ERROR_NOMATCH) return Outcome::absent;
  if (pairs < 0) return Outcome::gave_up;
  const PCRE2_SIZE* offsets = pcre2_get_ovector_pointer(room_.get());
  found = {offsets[0], offsets[1]};
  return Outcome::found;
}

}  // namespace osect::signature
