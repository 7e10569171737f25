// Regular expressions as Suricata's pcre keyword has them, by the same library, PCRE2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sensor/signature/rule.h"

struct pcre2_real_match_data_8;
struct pcre2_real_match_context_8;

namespace osect::signature {

// `text` is the keyword's value, such as "/a.c/Ri" with its quotes. Gives why it cannot be
// honoured, or "".
[[nodiscard]] std::string parse_expression(std::string_view text, Expression& expression);

struct Found {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// Searches with room taken once; limits of work as Suricata's, beyond which nothing is found.
class ExpressionSearch {
 public:
  ExpressionSearch();

  enum class Outcome : std::uint8_t { found, absent, gave_up };
  Outcome search(const Expression& expression, std::span<const std::uint8_t> subject,
                 std::size_t start, Found& found);

 private:
  struct Free {
    void operator()(pcre2_real_match_data_8* room) const;
    void operator()(pcre2_real_match_context_8* context) const;
  };
  std::unique_ptr<pcre2_real_match_data_8, Free> room_;
  std::unique_ptr<pcre2_real_match_context_8, Free> context_;
};

}  // namespace osect::signature
